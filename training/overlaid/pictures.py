"""The pictures to learn from: what is laid over what, how often, and what happens to them then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from overlaid.bases import smaller
from overlaid.collages import collage, several_goods, shelf
from overlaid.emblems import KINDS, emblem
from overlaid.letters import text_block
from overlaid.patch import PALETTE, chance, colour, lay, turned
from overlaid.prints import printed
from overlaid.watermarks import watermark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overlaid.bases import Bases

    Pixels = NDArray[np.uint8]

LONGEST = 820
SURE_OPACITY = 0.18
"""Watermarks fainter than this teach where they are, and not that they are there: nobody sees them on much."""
KIND_SHARES = {"plain": 0.34, "overlay": 0.3, "watermark": 0.2, "both": 0.04, "collage": 0.12}


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A picture to learn from. Of what is None, nothing can be said."""

    rgb: Pixels
    overlay_mask: Pixels
    """(h, w), 255 where text or graphics were laid over."""
    watermark_mask: Pixels
    overlay: bool | None
    watermark: bool | None
    collage: bool | None
    kind: str
    """What it is: `overlay badge`, `plain print carton`, ..."""
    opacity: float = 0.0
    """Of the watermark."""


def made(rng: np.random.Generator, bases: Bases, kind: str = "") -> Made:
    """A picture of one of KIND_SHARES, all drawn from the generator."""
    kind = kind or str(rng.choice(list(KIND_SHARES), p=list(KIND_SHARES.values())))
    if kind == "collage":
        rgb, which = collage(rng, bases)
        which = f"collage {which}"
    else:
        rgb, which = _base(rng, bases, plain=kind == "plain")
    rgb = _worn(rng, np.ascontiguousarray(smaller(rgb, LONGEST)), after=False)
    blank = np.zeros(rgb.shape[:2], np.uint8)
    one = Made(rgb, blank, blank.copy(), overlay=False, watermark=False, collage=kind == "collage", kind=which)
    if which == "collage inset":
        one = replace(one, overlay=None)
    if kind in {"overlay", "both"} or (kind == "collage" and chance(rng, 0.25)):
        one = _overlaid(rng, bases, one)
    if kind in {"watermark", "both"} or (kind == "collage" and chance(rng, 0.1)):
        one = _marked(rng, bases, one)
    return finished(rng, one)


def pair(rng: np.random.Generator, bases: Bases, opacity: float) -> tuple[Made, Made]:
    """The same picture with a watermark of this opacity and without, finished alike."""
    rgb, which = _base(rng, bases, plain=chance(rng, 0.6))
    rgb = _worn(rng, np.ascontiguousarray(smaller(rgb, LONGEST)), after=False)
    blank = np.zeros(rgb.shape[:2], np.uint8)
    bare = Made(rgb, blank, blank.copy(), overlay=False, watermark=False, collage=False, kind=which)
    marked = _marked(rng, bases, replace(bare, rgb=rgb.copy(), watermark_mask=blank.copy()), opacity)
    seed = int(rng.integers(2**31))
    return tuple(finished(np.random.default_rng(seed), one) for one in (marked, bare))  # type: ignore[return-value]


def _base(rng: np.random.Generator, bases: Bases, *, plain: bool) -> tuple[Pixels, str]:
    """A picture with nothing laid over it; where it stays so, more often one that looks otherwise."""
    shares = (0.42, 0.1, 0.36, 0.06, 0.06) if plain else (0.68, 0.14, 0.14, 0.02, 0.02)
    which = str(rng.choice(["photo", "drawn", "print", "set", "shelf"], p=shares))
    if which == "photo":
        rgb, _ = bases.photo(rng)
    elif which == "drawn":
        rgb = bases.scene(rng)
    elif which == "print":
        rgb, kind = printed(rng, bases.part, bases)
        which = f"print {kind}"
    else:
        rgb = several_goods(rng, bases) if which == "set" else shelf(rng, bases)
    if plain and chance(rng, 0.07):
        rgb, which = _bordered(rng, rgb), f"{which} bordered"
    return rgb, which


def _bordered(rng: np.random.Generator, rgb: Pixels) -> Pixels:
    wide = [int(min(rgb.shape[:2]) * float(rng.uniform(0.01, 0.12)))] * 4
    if chance(rng, 0.4):
        wide[0] = wide[1] = 0
    ink = colour(rng) if chance(rng, 0.6) else PALETTE[int(rng.integers(4))]
    return np.asarray(cv2.copyMakeBorder(rgb, *wide, cv2.BORDER_CONSTANT, value=ink), np.uint8)


def _overlaid(rng: np.random.Generator, bases: Bases, one: Made) -> Made:
    """One to four texts and emblems, or a frame that bears them."""
    rgb, mask = one.rgb, one.overlay_mask
    names = []
    if chance(rng, 0.08):
        rgb, mask = _framed(rng, rgb)
        names.append("frame")
    high, wide = rgb.shape[:2]
    short = min(high, wide)
    count = int(rng.choice([1, 2, 3, 5], p=[0.5, 0.28, 0.14, 0.08]))
    for _ in range(count):
        ground_at = rng.uniform(0.05, 0.95, 2) * (wide, high)
        x, y = int(ground_at[0]), int(ground_at[1])
        around = rgb[max(0, y - 20) : y + 20, max(0, x - 20) : x + 20]
        middle = np.median(around.reshape(-1, 3), axis=0)
        ground = (int(middle[0]), int(middle[1]), int(middle[2]))
        if chance(rng, 0.5):
            line = int(short * float(np.exp(rng.uniform(np.log(0.022), np.log(0.16)))))
            patch = text_block(rng, bases.part, line, int(wide * 0.92), ground)
            if chance(rng, 0.14):
                patch = turned(patch, float(rng.choice([90, -90, 15, -15, rng.uniform(-60, 60)])))
            names.append("text")
        else:
            kind = str(rng.choice(list(KINDS)))
            side = int(short * float(np.exp(rng.uniform(np.log(0.06), np.log(0.42)))))
            patch = emblem(rng, bases.part, side, kind)
            names.append(kind)
        at = _place(rng, patch.size, (wide, high))
        lay(rgb, mask, patch, at, 1.0 if chance(rng, 0.85) else float(rng.uniform(0.75, 1)))
    maybe = None if "logo" in names else one.watermark  # a logo in full ink is a mark of the owner as well
    return replace(
        one,
        rgb=rgb,
        overlay_mask=mask,
        watermark_mask=_like(one.watermark_mask, rgb),
        overlay=True,
        watermark=maybe,
        kind=f"{one.kind} + {' '.join(dict.fromkeys(names))}",
    )


def _like(mask: Pixels, rgb: Pixels) -> Pixels:
    return mask if mask.shape == rgb.shape[:2] else np.zeros(rgb.shape[:2], np.uint8)


def _place(rng: np.random.Generator, size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int]:
    """A corner, an edge, or anywhere; now and then a little over the edge."""
    free = frame[0] - size[0], frame[1] - size[1]
    if chance(rng, 0.45):
        edge = int(min(frame) * float(rng.uniform(0, 0.05)))
        x = edge if chance(rng, 0.45) else free[0] - edge if chance(rng, 0.7) else free[0] // 2
        y = edge if chance(rng, 0.5) else free[1] - edge
        return x, y
    return int(free[0] * rng.random()), int(free[1] * rng.random())


def _framed(rng: np.random.Generator, rgb: Pixels) -> tuple[Pixels, Pixels]:
    """A coloured frame or band around the picture: what is written comes on top of it."""
    sides = [int(min(rgb.shape[:2]) * float(rng.uniform(0.02, 0.15))) for _ in range(4)]
    if chance(rng, 0.5):
        sides = [0, max(sides) * 2, 0, 0]
    ink = colour(rng)
    framed = np.asarray(cv2.copyMakeBorder(rgb, *sides, cv2.BORDER_CONSTANT, value=ink), np.uint8)
    mask = np.full(framed.shape[:2], 255, np.uint8)
    mask[sides[0] : mask.shape[0] - sides[1], sides[2] : mask.shape[1] - sides[3]] = 0
    return framed, mask


def _marked(rng: np.random.Generator, bases: Bases, one: Made, opacity: float = 0) -> Made:
    before = one.rgb.astype(np.int16)
    told = watermark(rng, bases.part, one.rgb, one.watermark_mask, opacity)
    change = np.abs(one.rgb.astype(np.int16) - before).max(axis=2)
    seen = float(np.percentile(change[one.watermark_mask > 0], 90)) if one.watermark_mask.any() else 0.0
    sure = seen >= 14 and told.opacity >= SURE_OPACITY  # noqa: PLR2004 - levels: white on white leaves nothing to find
    if seen < 4:  # noqa: PLR2004 - levels
        return replace(one, watermark=None, watermark_mask=np.zeros_like(one.watermark_mask), opacity=told.opacity)
    return replace(
        one,
        watermark=True if sure else None,
        overlay=None if one.overlay is False else one.overlay,
        kind=f"{one.kind} + mark {told.place}",
        opacity=told.opacity,
    )


def finished(rng: np.random.Generator, one: Made) -> Made:
    """As it is published: made smaller or larger, compressed; the masks with it."""
    rgb, masks = one.rgb, [one.overlay_mask, one.watermark_mask]
    if chance(rng, 0.5):
        times = float(rng.uniform(0.55, 1))
        size = max(16, int(rgb.shape[1] * times)), max(16, int(rgb.shape[0] * times))
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        masks = [np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST), np.uint8) for mask in masks]
    rgb = _worn(rng, rgb, after=True)
    return replace(one, rgb=rgb, overlay_mask=masks[0], watermark_mask=masks[1])


def _worn(rng: np.random.Generator, rgb: Pixels, *, after: bool) -> Pixels:
    """What cameras, shops and channels do to pictures; `after` what was laid over them, always compressed."""
    if chance(rng, 0.12):
        rgb = cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.4, 1.1 if after else 3)))
    if chance(rng, 0.1):
        noise = rng.standard_normal(rgb.shape, np.float32) * np.float32(rng.uniform(1, 5 if after else 12))
        rgb = np.clip(rgb + noise, 0, 255).astype(np.uint8)
    if chance(rng, 0.08):
        soft = cv2.GaussianBlur(rgb, (0, 0), 1.2).astype(np.float32)
        rgb = np.clip(rgb + float(rng.uniform(0.3, 1.2)) * (rgb - soft), 0, 255).astype(np.uint8)
    if not after and chance(rng, 0.12):
        small = cv2.resize(rgb, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
        rgb = cv2.resize(small, rgb.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    if after or chance(rng, 0.5):
        quality = int(rng.integers(50, 98))
        data = cv2.imencode(".jpg", np.ascontiguousarray(rgb)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        rgb = cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1]
    return np.ascontiguousarray(rgb, np.uint8)
