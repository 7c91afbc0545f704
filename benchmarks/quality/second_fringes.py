"""Cut-outs with exact alpha on new grounds, clean and with a rim of their old ground; second generator."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from second_base import encoded, grain, held, image
from shipped import measured, need, number

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from numpy.typing import NDArray

    Colour = tuple[int, int, int]

SHARE = "halo_share"
SIDE, FINE = 720, 4
SEED = 1111
OLD: dict[str, Colour] = {"white": (255, 255, 255), "dark": (18, 18, 20), "coloured": (70, 150, 210)}
"""Kind of rim → the ground that the product was cut from."""
NEW: tuple[Colour, ...] = (
    (255, 255, 255),
    (236, 232, 226),
    (178, 186, 190),
    (60, 70, 84),
    (206, 120, 96),
    (112, 150, 108),
)
WIDTHS = (1, 2, 3, 4)
LEAST_APART = 60
"""Levels of the old ground from the new one and from the product: less is no rim that anybody sees."""
SHAPES = ("bottle", "ball", "chair", "leaf", "ring", "vase", "kettle")


@dataclass(frozen=True, slots=True, eq=False)
class Rimmed:
    """One picture."""

    id: str
    kind: str
    width: int
    """Of the rim, in pixels; 0 without."""
    group: str
    ground: str
    """`plain` or `a scene`."""
    share: float | None
    edge: float
    """The baseline."""
    data: Callable[[], bytes]
    cpu_ms: float


@lru_cache(maxsize=2)
def rimmed(asked: Asked) -> tuple[Rimmed, ...]:
    """Renders with their own alpha and drawn shapes: clean, eaten away, and with every rim. Raises NoData."""
    renders = [str(one.path) for one in held(asked, "solidus")][:: asked.some(2, 1)]
    need(SHARE)
    names = [*renders, *SHAPES[: asked.some(6, len(SHAPES))]]
    return tuple(one for place, name in enumerate(names) for one in _versions(asked, name, place))


def _versions(asked: Asked, name: str, place: int) -> Iterator[Rimmed]:
    grounds = [NEW[(place + step) % len(NEW)] for step in range(asked.some(2, len(NEW)))]
    for turn, ground in enumerate(grounds):
        wanted: list[tuple[str, int]] = [("clean", 0), ("eaten away", 1 + place % 2)]
        scene = asked if turn == len(grounds) - 1 and place % 2 else None
        for number_of, (kind, old) in enumerate(OLD.items()):
            if _apart(old, _middle(name)) and (scene is not None or _apart(old, ground)):
                widths = (
                    WIDTHS if asked.full else (WIDTHS[(place + number_of + turn) % 4], WIDTHS[(place + turn + 2) % 4])
                )
                wanted += [(f"{kind} rim", width) for width in sorted(set(widths))]
        for kind, width in wanted:
            make = partial(made, name, ground, kind, width, scene)
            data = make()
            found, cpu_ms = measured(data, SHARE)
            rim = width if kind.endswith("rim") else 0
            stem = name.rsplit("/", 1)[-1]
            told = f"{stem} on {'a scene' if scene else ground}, {kind} {width}"
            where = "a scene" if scene else "plain"
            yield Rimmed(told, kind, rim, stem, where, number(found[SHARE]), edge_step(data), make, cpu_ms)


def made(name: str, ground: Colour, kind: str, width: int, scene: Asked | None = None) -> bytes:
    """A cut-out on a ground, or before a held photograph: `clean`, `eaten away` or with a rim of a kind of OLD."""
    rng = np.random.default_rng([SEED, *name.rsplit("/", 1)[-1].encode()])
    front, alpha = _framed(name)
    onto = Image.new("RGB", (SIDE, SIDE), ground)
    if scene is not None:
        those = [one for one in held(scene, "clothing_dataset") if one.role == "natural"]
        behind = image(those[int(rng.integers(len(those)))].path).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        onto = behind.filter(ImageFilter.GaussianBlur(12))
    cover = alpha
    if kind == "eaten away":
        cover = alpha.filter(ImageFilter.MinFilter(2 * width + 1)).filter(ImageFilter.GaussianBlur(0.6))
    elif kind.endswith("rim"):
        old = Image.new("RGB", front.size, OLD[kind.removesuffix(" rim")])
        front = Image.composite(front, old, alpha)
        cover = alpha.filter(ImageFilter.MaxFilter(2 * width + 1)).filter(ImageFilter.GaussianBlur(0.6))
    picture = Image.composite(front, onto, cover)
    return encoded(picture, int(rng.integers(3)))


@cache
def _framed(name: str) -> tuple[Image.Image, Image.Image]:
    """Colour and alpha of a render or a shape in the middle of the frame."""
    if name in SHAPES:
        return _drawn(name)
    with Image.open(name) as opened:
        whole = opened.convert("RGBA")
    whole = whole.crop(whole.getchannel("A").point(lambda level: 255 if level > 8 else 0).getbbox())  # noqa: PLR2004
    whole.thumbnail((round(SIDE * 0.8), round(SIDE * 0.8)), Image.Resampling.LANCZOS)
    sheet = Image.new("RGBA", (SIDE, SIDE), (*_mean(whole.convert("RGB"), whole.getchannel("A")), 0))
    sheet.paste(whole, ((SIDE - whole.width) // 2, (SIDE - whole.height) // 2))
    return sheet.convert("RGB"), sheet.getchannel("A")


def _apart(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) >= LEAST_APART


@cache
def _middle(name: str) -> Colour:
    """The product's colour, on average."""
    front, alpha = _framed(name)
    return _mean(front, alpha)


def _mean(front: Image.Image, alpha: Image.Image) -> Colour:
    found = np.asarray(front, np.float32)[np.asarray(alpha) > 200].mean(axis=0)  # noqa: PLR2004 - well inside
    return int(found[0]), int(found[1]), int(found[2])


def _drawn(name: str) -> tuple[Image.Image, Image.Image]:
    """A shaded shape, drawn large and made small: its alpha is exact."""
    side = SIDE * FINE
    alpha = Image.new("L", (side, side))
    pen = ImageDraw.Draw(alpha)

    def box(*shares: float) -> tuple[float, ...]:
        return tuple(one * side for one in shares)

    if name == "bottle":
        pen.rounded_rectangle(box(0.36, 0.35, 0.64, 0.9), side // 14, fill=255)
        pen.polygon([box(0.36, 0.42), box(0.46, 0.25), box(0.54, 0.25), box(0.64, 0.42)], fill=255)
        pen.rectangle(box(0.46, 0.1, 0.54, 0.3), fill=255)
    elif name == "ball":
        pen.ellipse(box(0.15, 0.15, 0.85, 0.85), fill=255)
    elif name == "chair":
        for x in (0.25, 0.7):
            pen.rectangle(box(x, 0.5, x + 0.035, 0.92), fill=255)
        pen.rectangle(box(0.22, 0.5, 0.76, 0.56), fill=255)
        pen.rounded_rectangle(box(0.25, 0.08, 0.32, 0.55), side // 60, fill=255)
    elif name == "leaf":
        turns = [2 * math.pi * step / 160 for step in range(160)]
        reach = [(0.22 + 0.12 * math.cos(6 * turn)) for turn in turns]
        pen.polygon(
            [box(0.5 + r * math.cos(t), 0.5 + r * math.sin(t)) for r, t in zip(reach, turns, strict=True)], fill=255
        )
    elif name == "ring":
        pen.ellipse(box(0.15, 0.15, 0.85, 0.85), fill=255)
        pen.ellipse(box(0.3, 0.3, 0.7, 0.7), fill=0)
    elif name == "vase":
        line = [(0.5 + 0.2 * math.sin(3 + 5 * y) * (0.55 + y / 2), y) for y in np.linspace(0.12, 0.9, 60)]
        pen.polygon(
            [box(0.42 + abs(x - 0.5), y) for x, y in line] + [box(0.42 - abs(x - 0.5), y) for x, y in line[::-1]],
            fill=255,
        )
    else:
        pen.ellipse(box(0.2, 0.35, 0.75, 0.85), fill=255)
        pen.polygon([box(0.7, 0.55), box(0.92, 0.36), box(0.94, 0.42), box(0.74, 0.7)], fill=255)
        pen.arc(box(0.3, 0.12, 0.66, 0.6), 180, 360, fill=255, width=side // 30)
    small = alpha.resize((SIDE, SIDE), Image.Resampling.BOX)
    colours = ((150, 46, 40), (52, 98, 130), (120, 88, 52), (64, 110, 58), (196, 160, 60), (98, 72, 120), (40, 44, 48))
    own = colours[SHAPES.index(name)]
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    light = 1.25 - 0.7 * np.hypot(rows - 0.3, columns - 0.35)
    values = np.clip(np.asarray(own) * light[..., None], 0, 255).astype(np.uint8)
    return ImageChops.add(
        Image.fromarray(values),
        Image.merge("RGB", [grain((SIDE, SIDE), 8, np.random.default_rng([SEED, *name.encode()]))] * 3),
        1,
        -128,
    ), small


def edge_step(data: bytes) -> float:
    """The baseline: how much the product's outermost pixels differ from those 6 px further inside, 0 to 1."""
    picture = Image.fromarray(decode(data).rgb)
    values = np.asarray(picture, np.int16)
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    apart = np.abs(values - np.median(border, axis=0)).max(axis=2)
    inside = _shrunk(np.where(apart > 24, 255, 0).astype(np.uint8), 1)  # noqa: PLR2004 - clearly not the ground
    rim = (inside > 0) & (_shrunk(inside, 1) == 0)
    inner = _shrunk(inside, 4)
    ring = (inner > 0) & (_shrunk(inner, 3) == 0)
    if not rim.any() or not ring.any():
        return 0.0
    return float(np.abs(values[rim].mean(axis=0) - values[ring].mean(axis=0)).mean() / 255)


def _shrunk(mask: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """A mask less a pixel on every side, so many times."""
    for _ in range(times):
        inner = np.minimum(mask[1:-1, 1:-1], np.minimum(mask[:-2, 1:-1], mask[2:, 1:-1]))
        inner = np.minimum(inner, np.minimum(mask[1:-1, :-2], mask[1:-1, 2:]))
        mask = np.pad(inner, 1)
    return mask
