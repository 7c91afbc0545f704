"""Cut-outs with exact or sure alpha that the mask is trained on: rendered, drawn, photographed, made up.

Nothing that an exam scores: no shape of the split `score` of `benchmarks/quality/compose.py`, no held photograph.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from base_pictures import Base, base_pictures
from packshot.evaluate.product_matte import By, product_matte
from packshot.media.decode import decode
from packshot.testing.drawing import draw_product

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "quality"))

from compose import DRAWN, RENDERS, in_split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

LONGEST = 420
"""Pixels of the longer side that a cut-out keeps."""
SURE = 0.8
"""Confidence from which a mask before a plain ground is taken for the truth."""
NATURAL = ("clothing_dataset", "grocery_store")
"""Shops whose phone photographs are grounds in the exam, by halves."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A product on nothing."""

    group: str
    rgb: Pixels
    alpha: Pixels
    foot: bool = False
    """Whether its lower edge is where the photograph ends: it has to lie on the frame again."""


def seen_photos(data: Path) -> list[Base]:
    """The photographs that training may see: not held, and no ground of an exam."""
    return [
        one
        for one in base_pictures(data)
        if not one.held
        and (one.role != "natural" or in_split(one.path.name, "tune"))
        and (one.shop != "solidus" or _shape(one) in RENDERS["tune"])
    ]


def pieces(data: Path, seeds: int) -> Iterator[Piece]:
    """Every cut-out; each drawn kind in so many looks, and ten times as many made-up shapes."""
    photos = seen_photos(data)
    for one in photos:
        if one.role != "natural":
            yield from _photographed(one)
    for kind in DRAWN["tune"]:
        for number in range(seeds):
            view = ("front", "angle", "back")[number % 3]
            rgb, alpha = draw_product(kind, seed=500_000 + number, size_px=LONGEST, view=view)
            yield Piece(f"drawn:{kind}", rgb, alpha)
    textures = [one for one in photos if one.role == "natural"]
    for number in range(10 * seeds):
        rng = np.random.default_rng([number, 31])
        yield _made_up(textures[int(rng.integers(len(textures)))].path, rng)


def _shape(one: Base) -> str:
    stem = one.path.stem.removeprefix("solidus_")
    names = sorted((name for names in RENDERS.values() for name in names), key=len, reverse=True)
    return next((name for name in names if stem == name or stem.startswith(f"{name}_")), stem)


def _photographed(one: Base) -> Iterator[Piece]:
    """Cut along its own alpha, or along the classical mask where that is sure."""
    picture = decode(one.path.read_bytes())
    matte = picture.once(product_matte) if picture.alpha is None else None
    if picture.alpha is not None:
        with Image.open(one.path) as opened:
            rgba = np.asarray(opened.convert("RGBA"))
        rgb, alpha = rgba[..., :3], rgba[..., 3]
    elif matte is not None and matte.by is By.PLAIN and matte.confidence >= SURE:
        alpha = matte.mask
        rgb = np.asarray(cv2.resize(picture.rgb, alpha.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        rgb = _without_fringe(rgb, alpha)
    else:
        return
    foot = bool((alpha[-2:] >= 128).mean() > 0.05)  # noqa: PLR2004 - half of 255; more than a corner
    yield Piece(one.group, *_small(rgb, alpha), foot)


def _without_fringe(rgb: Pixels, alpha: Pixels) -> Pixels:
    """Colours of the edge, where the ground shines through, taken from inside."""
    sure = (alpha >= 250).astype(np.float32)  # noqa: PLR2004 - all but opaque
    weight = cv2.blur(sure, (7, 7))[..., None]
    inside = cv2.blur(rgb.astype(np.float32) * sure[..., None], (7, 7)) / np.maximum(weight, 1e-3)
    edge = (sure == 0)[..., None] & (weight > 1e-3)  # noqa: PLR2004 - something is near
    return np.where(edge, inside, rgb).astype(np.uint8)


def _small(rgb: Pixels, alpha: Pixels) -> tuple[Pixels, Pixels]:
    rows, columns = np.flatnonzero((alpha >= 8).any(axis=1)), np.flatnonzero((alpha >= 8).any(axis=0))  # noqa: PLR2004 - visible
    inside = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    rgb, alpha = np.ascontiguousarray(rgb[inside]), np.ascontiguousarray(alpha[inside])
    factor = min(1.0, LONGEST / max(alpha.shape))
    size = (max(1, round(alpha.shape[1] * factor)), max(1, round(alpha.shape[0] * factor)))
    shrunk = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (rgb, alpha))
    first, second = shrunk
    return np.asarray(first, np.uint8), np.asarray(second, np.uint8)


def _made_up(texture: Path, rng: np.random.Generator) -> Piece:
    """A shape that is nothing: a wavy disc, a rounded box or a polygon, some with holes and with parts of two looks."""
    side = LONGEST
    alpha = np.zeros((side, side), np.uint8)
    outline = _outline(rng, side)
    cv2.fillPoly(alpha, [outline], 255, cv2.LINE_AA)
    if rng.random() < 0.35:  # noqa: PLR2004 - about a third have a handle or a hole
        middle = outline.mean(axis=0)
        away = middle + (outline[int(rng.integers(len(outline)))] - middle) * rng.uniform(0.2, 0.9)
        radius = int(side * rng.uniform(0.05, 0.16))
        cv2.circle(alpha, tuple(int(one) for one in away), radius, 0, -1, cv2.LINE_AA)
        if rng.random() < 0.5:  # noqa: PLR2004 - one in two
            cv2.circle(alpha, tuple(int(one) for one in away), radius + 12, 255, 12, cv2.LINE_AA)
    rgb = decode(texture.read_bytes()).rgb
    look = _crop(rgb, rng, side)
    base = rng.integers(0, 256, 3)
    plain = rng.random()
    look = np.clip(look * (1 - plain) + base * plain, 0, 255)
    across = np.linspace(-1, 1, side)[None, :, None] * rng.uniform(-0.35, 0.35)
    down = np.linspace(-1, 1, side)[:, None, None] * rng.uniform(-0.35, 0.35)
    look = np.clip(look * (1 + across + down), 0, 255)
    if rng.random() < 0.5:  # noqa: PLR2004 - one in two wears a label of another colour
        x, y = rng.integers(side // 5, side // 2, 2)
        w, h = rng.integers(side // 8, side // 3, 2)
        look[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    return Piece("made up", *_small(look.astype(np.uint8), alpha))


def _outline(rng: np.random.Generator, side: int) -> NDArray[np.int32]:
    turns = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    kind = rng.random()
    if kind < 0.4:  # noqa: PLR2004 - wavy discs
        reach = 1 + sum(rng.normal(0, 0.35 / n) * np.cos(n * turns + rng.uniform(0, 6.3)) for n in range(1, 7))
    elif kind < 0.75:  # noqa: PLR2004 - boxes, more or less rounded
        power = rng.uniform(2, 14)
        reach = (np.abs(np.cos(turns)) ** power + np.abs(np.sin(turns)) ** power) ** (-1 / power)
    else:
        reach = np.repeat(rng.uniform(0.35, 1, 16), 10)
    reach = np.maximum(np.asarray(reach), 0.15)
    points = np.stack([np.cos(turns), np.sin(turns)], axis=1) * reach[:, None]
    points *= (rng.uniform(0.25, 1), 1.0)
    angle = rng.normal(0, 0.35)
    turned = points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = turned / np.abs(turned).max() * (side / 2 - 4) + side / 2
    return np.round(turned).astype(np.int32)


def _crop(rgb: Pixels, rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    size = int(min(rgb.shape[:2]) * rng.uniform(0.1, 0.6))
    y, x = (int(rng.integers(0, long - size + 1)) for long in rgb.shape[:2])
    crop = cv2.resize(rgb[y : y + size, x : x + size], (side, side), interpolation=cv2.INTER_LINEAR)
    return np.asarray(crop, np.float32)
