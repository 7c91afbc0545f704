"""Pictures that were enlarged, and others that only look soft: the ground truth of `upscaled_probability`."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from PIL import Image

from base_pictures import base_pictures
from degradations import spoil
from packshot.evaluate.measures.effective_resolution import EffectiveResolution
from packshot.evaluate.resampling_traits import resampling_traits
from quality_pictures import as_picture, drawn_views, pixels_of, saved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from base_pictures import Base

    Pixels = NDArray[np.uint8]

LARGEST, SMALLEST = 900, 160
LEAST, MOST = 1.3, 4.0
"""Factors by which pictures are enlarged."""
CV = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}
PIL = {
    "bicubic": Image.Resampling.BICUBIC,
    "hamming": Image.Resampling.HAMMING,
    "lanczos 3": Image.Resampling.LANCZOS,
}
SOFT = ("gaussian blur", "defocus blur", "motion blur", "smeared", "sensor noise")
GRAINY = ("sensor noise", "coloured noise", "over-sharpened", "banded")
NEGATIVES = ("as it is", "smaller", "soft", "sharpened", "raw", "enlarged and made smaller")


class Row(NamedTuple):
    """What is known of one picture."""

    traits: NDArray[np.float64]
    share: float | None
    """The classical `effective_resolution_share`, for comparison."""
    way: str
    factor: float
    """1 where it was not enlarged."""
    shop: str


def enlarged(rgb: Pixels, factor: float, kernel: str) -> Pixels:
    """The picture (h, w, 3), made larger by a kernel of CV or PIL."""
    size = (round(rgb.shape[1] * factor), round(rgb.shape[0] * factor))
    if kernel in CV:
        return np.asarray(cv2.resize(rgb, size, interpolation=CV[kernel]), np.uint8)
    return np.asarray(Image.fromarray(rgb).resize(size, PIL[kernel]), np.uint8)


def from_raw(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """As a camera makes it: one colour for each pixel, the others guessed from neighbours, then sharpened a little."""
    mosaic = np.empty(rgb.shape[:2], np.uint8)
    mosaic[0::2, 0::2], mosaic[1::2, 1::2] = rgb[0::2, 0::2, 2], rgb[1::2, 1::2, 0]
    mosaic[0::2, 1::2], mosaic[1::2, 0::2] = rgb[0::2, 1::2, 1], rgb[1::2, 0::2, 1]
    code = cv2.COLOR_BayerRG2RGB if rng.random() < 0.5 else cv2.COLOR_BayerRG2RGB_EA  # noqa: PLR2004 - half
    made = np.asarray(cv2.demosaicing(mosaic, code), np.uint8)
    return spoil(made, "over-sharpened", float(rng.uniform(0, 0.35)), int(rng.integers(1 << 30)))


def soft_rows_of(base: Base, count: int) -> Iterator[Row]:
    """`count` pictures made of one photograph that are soft and grainy, in turn not enlarged and enlarged."""
    rng = np.random.default_rng(zlib.crc32(f"soft {base.name}".encode()))
    rgb = pixels_of(base)
    for number in range(count):
        factor = float(rng.uniform(LEAST, MOST)) if number % 2 else 1.0
        made = _cut(_native(rgb, rng), int(LARGEST / factor), rng)
        made = _spoilt(made, SOFT[:4], 0.9 if factor == 1 else 0.4, rng)
        early = rng.random() < 0.5  # noqa: PLR2004 - half are grainy before they are enlarged
        if early:
            made = _spoilt(made, GRAINY, 0.5, rng)
        if factor > 1:
            made = enlarged(made, factor, str(rng.choice([*CV, *PIL])))
        if not early and rng.random() < 0.7:  # noqa: PLR2004 - some are not grainy at all
            made = _spoilt(made, GRAINY, 0.35, rng)
        way = "soft or grainy" if factor == 1 else "soft or grainy, enlarged"
        yield from _row(base, saved(made, int(rng.choice([0, *range(70, 99)]))), way, factor)


def _spoilt(rgb: Pixels, ways: tuple[str, ...], most: float, rng: np.random.Generator) -> Pixels:
    return spoil(rgb, str(rng.choice(ways)), float(rng.uniform(0, most)), int(rng.integers(1 << 30)))


def rows_of(base: Base, count: int) -> Iterator[Row]:
    """`count` enlarged pictures made of one photograph, and as many that were not enlarged."""
    rng = np.random.default_rng(zlib.crc32(f"resampled {base.name}".encode()))
    rgb = pixels_of(base)
    for number in range(2 * count):
        native = _native(rgb, rng)
        if number % 2:
            factor, kernel = float(rng.uniform(LEAST, MOST)), str(rng.choice([*CV, *PIL]))
            source = _cut(native, int(LARGEST / factor), rng)
            made, way = enlarged(source, factor, kernel), kernel
            if rng.random() < 0.25:  # noqa: PLR2004 - a quarter
                made = spoil(made, "over-sharpened", float(rng.uniform(0, 0.6)), int(rng.integers(1 << 30)))
        else:
            factor, way = 1.0, str(rng.choice(NEGATIVES))
            made = _other(_cut(native, LARGEST, rng), way, rng)
        yield from _row(base, saved(made, int(rng.choice([0, *range(80, 99)]))), way, factor)


def _row(base: Base, rgb: Pixels, way: str, factor: float) -> Iterator[Row]:
    """What is read from one picture; nothing where it has no texture."""
    picture = as_picture(rgb)
    traits = picture.once(resampling_traits)
    if traits is not None:
        share = EffectiveResolution().measure(picture)["effective_resolution_share"]
        yield Row(traits, share if isinstance(share, float) else None, way, factor, base.shop)


def _native(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """The photograph, or, of a half, the same made smaller: what was soft is crisp then."""
    if rng.random() < 0.5:  # noqa: PLR2004 - half
        return rgb
    least = SMALLEST / min(rgb.shape[:2])
    scale = float(rng.uniform(min(0.9, max(0.3, least)), 0.95))
    size = (max(48, round(rgb.shape[1] * scale)), max(48, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _cut(rgb: Pixels, most: int, rng: np.random.Generator) -> Pixels:
    height, width = rgb.shape[:2]
    h, w = min(most, height), min(most, width)
    top, left = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    return np.ascontiguousarray(rgb[top : top + h, left : left + w])


def _other(rgb: Pixels, way: str, rng: np.random.Generator) -> Pixels:
    """A picture that was not enlarged and may look as if it were."""
    seed = int(rng.integers(1 << 30))
    if way == "soft":
        return spoil(rgb, str(rng.choice(SOFT)), float(rng.uniform(0, 0.55)), seed)
    if way == "sharpened":
        return spoil(rgb, "over-sharpened", float(rng.uniform(0, 0.7)), seed)
    if way == "raw":
        return from_raw(rgb, rng)
    if way == "smaller":
        half = (max(64, rgb.shape[1] // 2), max(64, rgb.shape[0] // 2))
        return np.asarray(cv2.resize(rgb, half, interpolation=int(rng.choice(list(CV.values())[1:]))), np.uint8)
    if way == "enlarged and made smaller":
        large = enlarged(rgb, float(rng.uniform(1.2, 1.6)), "cubic")
        half = (max(64, large.shape[1] // 2), max(64, large.shape[0] // 2))
        return np.asarray(cv2.resize(large, half, interpolation=cv2.INTER_AREA), np.uint8)
    return rgb


def photographs(data: Path, *, held: bool) -> list[Base]:
    """What is learnt from, or what is for scoring only."""
    found = [one for one in base_pictures(data) if one.held == held]
    return sorted(found, key=lambda one: zlib.crc32(one.name.encode()))


def drawings(*, held: bool) -> list[Base]:
    """Drawn products on white, which have no noise and no lens."""
    return [view.base for view in drawn_views(held=held)]
