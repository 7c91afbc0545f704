"""Draws the planned pictures and writes them as files would come from a shop."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from packshot.testing.drawing import (
    Framing,
    compose,
    damage,
    draw_product,
    encode,
    flat,
    framed,
    product_box,
    room,
    sweep,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from planning import Shot

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "tiff": "tif", "gif": "gif", "avif": "avif"}
OFF_WHITES = ((236, 230, 218), (229, 231, 235), (240, 233, 220), (222, 224, 226))
FRAMES = ((196, 30, 40), (24, 24, 26), (30, 80, 170), (200, 150, 40), (34, 120, 60))
SLOGANS = ("SALE −30 %", "FREE SHIPPING", "BEST SELLER", "NEW!", "www.shop.example", "Only 9.99 €", "50 % OFF")
PLACES = ("top", "bottom", "corner")
QUALITY = {"jpeg": 89, "webp": 85, "avif": 72}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file of the catalogue, and where its product lies."""

    data: bytes | None
    """None for a file that is missing."""
    box: tuple[float, float, float, float] | None
    """x, y, w, h as shares of the displayed picture."""
    cut_edges: tuple[str, ...]
    size: tuple[int, int] | None
    """Width and height as displayed, in pixels."""


def name_of(shot: Shot) -> str:
    """The file's name, which tells nothing of what is wrong with it."""
    extension = "jpg" if set(shot.faults) & {"wrong_extension", "not_an_image"} else EXTENSIONS[shot.format]
    return f"p{shot.listing:03d}_{shot.number}.{extension}"


def draw(shot: Shot) -> Drawn:
    """Draw, spoil and write one picture that is not a copy."""
    rng = np.random.default_rng([shot.seed, 9])
    cv2.setNumThreads(1)  # the processes beside it use the other cores
    fault = shot.faults[0] if shot.faults else ""
    if fault in {"missing", "empty", "not_an_image"}:
        page = f"<!DOCTYPE html>\n<title>404 Not Found</title><h1>Not Found</h1><p>No. {shot.seed}</p>\n"
        data = {"missing": None, "empty": b"", "not_an_image": page.encode()}[fault]
        return Drawn(data, None, (), None)
    if shot.view == "none":
        size = (800, 800)
        blank = (255, 255, 255) if rng.integers(2) else (218, 218, 220)
        rgb = damage.placeholder(size) if fault == "placeholder" else flat(size, blank)
        return Drawn(encode(rgb, "jpeg", 88), None, (), size)
    product = shot.product
    if fault == "other_colour":
        others = [name for name in ("red", "blue", "green", "yellow") if name != product.colour]
        product = replace(product, colour=str(rng.choice(others)))
    longest = round(max(shot.size) * shot.fill)
    view = "front" if shot.view == "lifestyle" else shot.view
    rgb, alpha = draw_product(product.kind, product.seed, longest, colour=product.colour, view=view, turn=shot.turn)
    framing = _framing(shot, fault, rgb.shape, rng)
    _, cover = framed(rgb, alpha, framing)
    picture = _spoilt(compose(rgb, alpha, _background(shot, fault, framing.size, rng), framing, shot.seed), fault, rng)
    keeps_alpha = shot.format == "png" and not fault
    if keeps_alpha:
        picture = framed(rgb, alpha, framing)[0]
    quality = int(rng.integers(4, 9)) if fault == "compressed" else QUALITY.get(shot.format, 90)
    if shot.view == "lifestyle" or fault == "cluttered":
        quality -= 7
    data = encode(picture, shot.format, quality, cover if keeps_alpha else None, orientation=shot.orientation)
    if fault == "truncated":
        data = data[: len(data) * int(rng.integers(25, 60)) // 100]
    return Drawn(data, product_box(cover), _cut_edges(cover), (picture.shape[1], picture.shape[0]))


def _framing(shot: Shot, fault: str, shape: tuple[int, ...], rng: np.random.Generator) -> Framing:
    size, fill, centre = shot.size, shot.fill, (0.5, 0.5)
    if shot.view == "detail":
        return Framing(size, max(size) / min(size), grain_sigma=0.7)
    if fault == "few_pixels":
        longest = int(rng.integers(220, 360))
        size = (round(size[0] * longest / max(size)), round(size[1] * longest / max(size)))
    zoom = fill / max(shape[1] / size[0], shape[0] / size[1])
    wide, high = shape[1] * zoom / size[0], shape[0] * zoom / size[1]
    if fault == "too_small":
        fill = float(rng.uniform(0.3, 0.5))
        centre = (float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.42, 0.58)))
    elif fault == "cut_off":
        beyond, side = float(rng.uniform(0.14, 0.24)), bool(rng.integers(2))
        along = max(high, wide)
        middle = along * (0.5 - beyond) if side else 1 - along * (0.5 - beyond)
        centre = (middle, 0.5) if wide > high else (0.5, middle)
    elif shot.view == "lifestyle" or fault == "cluttered":
        fill = float(rng.uniform(0.52, 0.68))
        centre = (float(rng.uniform(0.44, 0.56)), float(rng.uniform(0.88, 0.93)) - high * fill / shot.fill / 2)
        return Framing(size, fill, centre, shadow=True, grain_sigma=1.2)
    elif fault == "bordered":
        fill = 0.87
    return Framing(size, fill, centre, shadow=shot.shadow and not fault, grain_sigma=0.7)


def _background(shot: Shot, fault: str, size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    if shot.view == "lifestyle":
        return room(size, shot.seed, blur=0.012)
    if fault == "cluttered":
        return room(size, shot.seed, blur=0.003)
    if fault == "off_white":
        light = OFF_WHITES[int(rng.integers(len(OFF_WHITES)))]
        if rng.random() < 0.4:  # noqa: PLR2004 - two in five are lit unevenly
            return sweep(size, (250, 248, 244), (186, 184, 182))
        return flat(size, light)
    return flat(size, (255, 255, 255))


def _spoilt(picture: NDArray[np.uint8], fault: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture with the fault that lies in its pixels; unchanged where the fault lies elsewhere."""
    share = float(rng.random())
    frame = FRAMES[int(rng.integers(len(FRAMES)))]
    spoilers = {
        "soft": lambda: damage.out_of_focus(picture, 0.005 + 0.004 * share),
        "dark": lambda: damage.underexposed(picture, 2.4 + share),
        "overexposed": lambda: damage.overexposed(picture, 2.2 + 0.6 * share),
        "enlarged": lambda: damage.enlarged(picture, 3.5 + 1.5 * share),
        "bordered": lambda: damage.bordered(picture, frame, 0.018 + 0.017 * share),
        "grayscale": lambda: damage.grayscale(picture),
        "lettered": lambda: damage.lettered(picture, SLOGANS[int(99 * share) % 7], frame, PLACES[int(999 * share) % 3]),
    }
    return spoilers.get(fault, lambda: picture)()


def _cut_edges(cover: NDArray[np.uint8]) -> tuple[str, ...]:
    edges = {"top": cover[0], "right": cover[:, -1], "bottom": cover[-1], "left": cover[:, 0]}
    return tuple(name for name, line in edges.items() if (line >= 64).any())  # noqa: PLR2004 - a quarter of 255


def copy(source: Drawn, how: str, times: float = 0.75) -> Drawn:
    """The same bytes (`exact`), or a smaller JPEG of the same picture (`same`)."""
    if how == "exact" or source.data is None or source.size is None:
        return source
    with Image.open(io.BytesIO(source.data)) as image:
        shown = image.convert("RGBA")
        paper = Image.new("RGBA", shown.size, (255, 255, 255, 255))
        rgb = damage.resized(np.asarray(Image.alpha_composite(paper, shown).convert("RGB")), times)
    return Drawn(encode(rgb, "jpeg", 78), source.box, source.cut_edges, (rgb.shape[1], rgb.shape[0]))
