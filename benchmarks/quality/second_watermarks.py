"""The same picture with and without a see-through mark: tiled, in a corner, in the middle; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
import second_pieces as pieces
from PIL import Image, ImageChops, ImageFilter
from second_base import balanced, encoded, held, image, on_white
from second_fonts import SHOPS
from shipped import measured, need, number

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from second_base import Base

PROBABILITY = "watermark_probability"
OPACITIES = (0.1, 0.15, 0.25, 0.4, 0.6)
PLACES, MARKS = ("tiled", "corner", "centre"), ("text", "logo")
SEED = 707
LEAST_SEEN = 12
"""Levels by which the ink must differ from the ground on average: white on white is no watermark."""
SIDE_PX, NEAR_PX = 512, 20
"""Of the baseline: longest side of what is looked at, and the shift from which on a repeat counts."""


def marked(base: Image.Image, seed: int, opacity: float, place: str, mark: str) -> Image.Image:
    """The picture with a mark of PLACES and MARKS laid over it, so that much of its ink and the rest of the picture."""
    rng = np.random.default_rng([seed, SEED, PLACES.index(place), MARKS.index(mark)])
    sheet = Image.new("L", base.size)
    share = {"tiled": (0.16, 0.34), "corner": (0.2, 0.36), "centre": (0.5, 0.85)}[place]
    stamp = _stamp(rng, max(40, round(base.width * float(rng.uniform(*share)))), mark)
    stamp.thumbnail((round(base.width * 0.95), round(base.height * 0.8)))
    if place == "tiled":
        turned = stamp.rotate(float(rng.choice((0, 20, 30, -30, 45))), Image.Resampling.BICUBIC, expand=True)
        step = (round(turned.width * rng.uniform(1.05, 1.7)), round(turned.height * rng.uniform(1.1, 2.2)))
        for row, y in enumerate(range(-turned.height // 2, base.height, step[1])):
            shift = step[0] // 2 if row % 2 else 0
            for x in range(-turned.width // 2 - shift, base.width, step[0]):
                sheet.paste(turned, (x, y), turned)
    else:
        if place == "centre" and rng.random() < 0.5:  # noqa: PLR2004 - one in two is aslant
            stamp = stamp.rotate(float(rng.choice((25, -25, 40))), Image.Resampling.BICUBIC, expand=True)
            stamp.thumbnail(base.size)
        room = (base.width - stamp.width, base.height - stamp.height)
        at = (room[0] // 2, room[1] // 2)
        if place == "corner":
            at = tuple(int(one * float(rng.choice((0.03, 0.97)))) for one in room)
        sheet.paste(stamp, at, stamp)
    cover = sheet.point(lambda level: level * opacity)
    return Image.composite(Image.new("RGB", base.size, _ink(rng, base, sheet)), base.convert("RGB"), cover)


def _stamp(rng: np.random.Generator, width: int, mark: str) -> Image.Image:
    """Coverage of a name, full or as outlines, or of a logo."""
    if mark == "logo":
        return pieces.logo(rng, width).getchannel("A")
    words = str(rng.choice(SHOPS)) if rng.random() < 0.6 else f"© {rng.choice(SHOPS)}"  # noqa: PLR2004 - mostly
    cover = pieces.named(rng, words, width, (0, 0, 0)).getchannel("A")
    if rng.random() < 0.25:  # noqa: PLR2004 - some are outlines
        return ImageChops.subtract(cover.filter(ImageFilter.MaxFilter(3)), cover.filter(ImageFilter.MinFilter(3)))
    return cover


def _ink(rng: np.random.Generator, base: Image.Image, sheet: Image.Image) -> tuple[int, int, int]:
    """White, black or a grey, and seldom a colour: one that can be told from what lies under it."""
    under = np.asarray(base.convert("L"), np.float32)[np.asarray(sheet) > 0]
    inks = ((255, 255, 255), (0, 0, 0), (128, 128, 128), (200, 30, 40), (30, 80, 190))
    for place in rng.permutation(len(inks)):
        ink = inks[int(place)]
        luma = 0.299 * ink[0] + 0.587 * ink[1] + 0.114 * ink[2]
        if under.size and float(np.abs(under - luma).mean()) >= 5 * LEAST_SEEN:
            return ink
    return (0, 0, 0)


def tiling(data: bytes) -> float:
    """The baseline: the highest repeat of what is fine in the picture under a shift, 0 to 1."""
    grey = Image.fromarray(decode(data).rgb).convert("L")
    grey.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    fine = np.asarray(grey, np.float32) - np.asarray(grey.filter(ImageFilter.GaussianBlur(4)), np.float32)
    fine = np.clip(fine, -12, 12)
    high, wide = fine.shape
    power = np.abs(np.fft.rfft2(fine, (2 * high, 2 * wide))) ** 2
    repeats = np.fft.irfft2(power)[: high // 2, : wide // 2]
    repeats[:NEAR_PX, :NEAR_PX] = 0
    whole = float((fine**2).sum())
    return float(repeats.max() / whole) if whole > 0 and repeats.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One picture without and with a mark."""

    base: Base
    opacity: float
    place: str
    mark: str
    without: float | None
    with_mark: float | None
    tiling: tuple[float, float]
    data: tuple[Callable[[], bytes], Callable[[], bytes]]
    cpu_ms: float

    @property
    def ground(self) -> str:
        """Whether it is a packshot."""
        return "on white" if on_white(self.base) else "natural"


@lru_cache(maxsize=2)
def pairs(asked: Asked) -> tuple[Pair, ...]:
    """Held photographs, each with one mark at every opacity. Raises NoData."""
    bases = balanced(held(asked), asked.some(36, 300))
    need(PROBABILITY)
    return tuple(one for number, base in enumerate(bases) for one in _pairs(base, number))


def _pairs(base: Base, number_of: int) -> Iterator[Pair]:
    turn = number_of // 2  # packshots and natural pictures take turns
    place, mark = PLACES[turn % len(PLACES)], MARKS[turn // len(PLACES) % len(MARKS)]
    plain = image(base.path)
    clean = partial(_file, base, number_of, 0.0, place, mark)
    without, _ = measured(clean(), PROBABILITY)
    flat = tiling(clean())
    for opacity in OPACITIES:
        data = encoded(marked(plain, number_of, opacity, place, mark), number_of)
        found, cpu_ms = measured(data, PROBABILITY)
        yield Pair(
            base,
            opacity,
            place,
            mark,
            number(without[PROBABILITY]),
            number(found[PROBABILITY]),
            (flat, tiling(data)),
            (clean, partial(_file, base, number_of, opacity, place, mark)),
            cpu_ms,
        )


def _file(base: Base, number_of: int, opacity: float, place: str, mark: str) -> bytes:
    plain = image(base.path)
    return encoded(marked(plain, number_of, opacity, place, mark) if opacity else plain, number_of)


def above(one: float | None, other: float | None) -> float:
    """1 where the first stands above the second, 0 where it does not, or has no answer."""
    return float(one is not None and (other is None or one > other))
