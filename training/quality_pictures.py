"""The spoiled pictures that the score of technical quality is learnt from, and what is read from each."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from base_pictures import Base, base_pictures
from degradations import KINDS, spoil
from packshot.evaluate.quality_traits import quality_traits
from packshot.media.decode import decode
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.testing.drawing.products import KINDS as DRAWN
from packshot.testing.drawing.products import draw_product
from packshot.testing.drawing.scenes import on_white
from seen_quality import seen_quality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MOST = {"clothing_dataset": 120, "grocery_store": 130}
"""Photographs of a shop that are taken at most; of the others all."""
TWICE = ("magento2", "tailwindtraders", "solidus", "sylius")
"""Shops whose photographs are taken twice, in two views."""
SERIES, STEPS = 5, 4
"""Ways of spoiling for each view, and strengths for each way."""
SHRUNK, MIXED = "shrunk", "mixed"
HARD = ("double jpeg", "webp", "over-sharpened", "banded", "over-exposed", "smeared")
"""Ways whose order was learnt least well from views that are spoiled in any way."""
LARGEST = 1400


@dataclass(frozen=True, slots=True)
class View:
    """One way of showing a photograph: whole, whole and smaller, or a part at its own size."""

    base: Base
    seed: int


class Row(NamedTuple):
    """What is known of one spoiled picture."""

    traits: NDArray[np.float64]
    kind: str
    strength: float
    quality: float
    series: int
    """Rows of one series of a view are ordered by strength; 0 is the picture before it is spoiled."""


def views(data: Path, *, held: bool) -> list[View]:
    """The views that are learnt from, or those that are for scoring only, in an order that mixes the shops."""
    taken: dict[str, int] = {}
    found = []
    photographs = [one for one in base_pictures(data) if one.held == held]
    for base in sorted(photographs, key=lambda one: zlib.crc32(one.name.encode())):
        shop = "packs" if base.role == "iconic" else base.shop
        taken[shop] = taken.get(shop, 0) + 1
        if taken[shop] <= MOST.get(shop, len(photographs)):
            found += [View(base, seed) for seed in range(2 if base.shop in TWICE or shop == "packs" else 1)]
    return sorted(found, key=lambda one: zlib.crc32(f"{one.base.name} {one.seed}".encode()))


def drawn_views(*, held: bool) -> list[View]:
    """Drawn products on white, of half of the kinds; the other half is for scoring only."""
    found = []
    for number, kind in enumerate(sorted(DRAWN)):
        if (number % 2 == 0) == held:
            names = [f"drawn {kind} {seed}" for seed in range(3)]
            bases = [Base(Path(), name, "drawn", "", f"drawn:{kind}") for name in names]
            found += [View(base, seed) for seed, base in enumerate(bases)]
    return found


def pixels_of(base: Base) -> Pixels:
    """The photograph's pixels, or the drawing's, (h, w, 3)."""
    if base.shop != "drawn":
        return decode(base.path.read_bytes()).rgb
    kind, _, seed = base.name.removeprefix("drawn ").rpartition(" ")
    number = int(seed)
    size = (420, 640, 900)[number]
    rgb, alpha = draw_product(kind, 20 + number, size, view=("front", "angle", "back")[number])
    return on_white(rgb, alpha, 0.85, (size, size), shadow=number == 1)


def shown(view: View, rng: np.random.Generator) -> Pixels:
    """The view's pixels, (h, w, 3)."""
    rgb = pixels_of(view.base)
    if view.base.shop == "drawn":
        return rgb
    height, width = rgb.shape[:2]
    way = rng.random()
    if max(height, width) > 500 and way < 0.35:  # noqa: PLR2004 - about a third of the large ones are cut
        h, w = (min(side, int(rng.integers(320, 720))) for side in (height, width))
        top, left = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
        return np.ascontiguousarray(rgb[top : top + h, left : left + w])
    longest = LARGEST if way > 0.75 else float(rng.uniform(260, max(261, min(1000, max(height, width)))))  # noqa: PLR2004
    scale = min(1.0, longest / max(height, width))
    size = (max(32, round(width * scale)), max(32, round(height * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else rgb


def saved(rgb: Pixels, quality: int) -> Pixels:
    """As a shop would keep it: JPEG of that quality; as it is for 0."""
    if not quality:
        return rgb
    _, file = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1])


def as_picture(rgb: Pixels) -> Picture:
    """Pixels as measures read them."""
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb, None)


def rows_of(view: View, *, hard: bool = False) -> Iterator[Row]:
    """The view as it is, and spoiled in some ways (or in those of HARD) at some strengths; nothing without traits."""
    rng = np.random.default_rng(zlib.crc32(f"{view.base.name} {view.seed}".encode()))
    reference = shown(view, rng)
    quality = int(rng.choice([0, 0, 98, 95, 92, 88]))
    for rgb, kind, strength, series in _spoiled(reference, rng, hard=hard):
        kept = saved(rgb, quality)
        traits = as_picture(kept).once(quality_traits)
        if traits is not None:
            better = seen_quality(reference, kept) if kind else 1.0
            yield Row(traits, kind, strength, better, series)
        elif not kind:
            return


def _spoiled(reference: Pixels, rng: np.random.Generator, *, hard: bool) -> Iterator[tuple[Pixels, str, float, int]]:
    """The reference, then pictures made of it; how, how strongly, and in which series."""
    yield reference, "", 0.0, 0
    kinds = list(HARD) if hard else rng.choice(list(KINDS), SERIES, replace=False).tolist()
    for series, kind in enumerate(kinds, 1):
        seed = int(rng.integers(1 << 30))
        for step in range(STEPS):
            strength = (step + float(rng.random())) / STEPS
            yield spoil(reference, kind, strength, seed), kind, strength, series
    if hard:
        return
    for series in (SERIES + 1, SERIES + 2):
        one, other = rng.choice(list(KINDS), 2, replace=False).tolist()
        first, second = rng.uniform(0, 0.7, 2).tolist()
        twice = spoil(spoil(reference, one, first, series), other, second, series)
        yield twice, MIXED, max(first, second), series
    factor = float(rng.uniform(1.4, 4))
    size = (max(32, round(reference.shape[1] / factor)), max(32, round(reference.shape[0] / factor)))
    small = cv2.resize(reference, size, interpolation=cv2.INTER_AREA)
    yield np.asarray(small, np.uint8), SHRUNK, factor, SERIES + 3
