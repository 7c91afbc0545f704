"""Products that are hard to tell from their background: white on white, black on black, glass, thin, several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.drawing import Framing, compose, draw_product, flat, framed, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

SIZE = (800, 800)
WHITE, BLACK = (250, 250, 250), (26, 26, 28)
SEED = 7000
PALE = ("mug", "vase", "teapot", "t_shirt", "candle", "plant_pot")
"""Drawn in white and in black, each on a ground of its own colour."""
THIN = ("sunglasses", "spoon", "headphones")
GLASS_GROUNDS = ((255, 255, 255), (236, 236, 236), (190, 205, 220))
TOGETHER = (
    ("vase", "candle"),
    ("book", "teapot"),
    ("loudspeaker", "headphones", "plant_pot"),
    ("t_shirt", "sunglasses"),
)
"""What is sold together, side by side."""


@dataclass(frozen=True, slots=True, eq=False)
class HardProduct:
    """One hard case, with its exact mask."""

    name: str
    slice: str
    rgb: Pixels
    alpha: Pixels


def hard_products() -> list[HardProduct]:
    """All of them; kinds that no bound was tuned on, but for the wine glass, which has no other exam."""
    return [*_of_the_grounds_colour(), *_glasses(), *_thin(), *_several()]


def _of_the_grounds_colour() -> Iterator[HardProduct]:
    for number, kind in enumerate(PALE):
        for words, colour, ground in (
            ("white on white", WHITE, flat(SIZE, (255, 255, 255))),
            ("black on black", BLACK, sweep(SIZE, (22, 22, 24), (6, 6, 8))),
        ):
            yield _laid(f"{kind}, {words}", words, draw_product(kind, SEED + number, 560, colour=colour), ground)


def _glasses() -> Iterator[HardProduct]:
    for number, ground in enumerate(GLASS_GROUNDS):
        for view in ("front", "angle"):
            glass = draw_product("wine_glass", SEED + number, 560, view=view)
            case = _laid(f"wine glass {number} {view}", "glass", glass, flat(SIZE, ground))
            yield HardProduct(case.name, case.slice, case.rgb, np.where(case.alpha > 0, 255, 0).astype(np.uint8))


def _thin() -> Iterator[HardProduct]:
    for number, kind in enumerate(THIN):
        for words, ground in (
            ("white", flat(SIZE, (255, 255, 255))),
            ("gradient", sweep(SIZE, (240, 238, 235), (175, 170, 165))),
        ):
            yield _laid(f"{kind} on {words}", "thin", draw_product(kind, SEED + number, 560, view="angle"), ground)


def _several() -> Iterator[HardProduct]:
    for number, kinds in enumerate(TOGETHER):
        rgb, alpha = sweep(SIZE, (238, 234, 228), (186, 180, 172)), np.zeros(SIZE[::-1], np.uint8)
        width = 0.8 / len(kinds)
        for place, kind in enumerate(kinds):
            framing = Framing(SIZE, width, centre=(0.1 + width * (place + 0.5), 0.55))
            front, cover = framed(*draw_product(kind, SEED + number, 500), framing)
            share = cover[..., None] / np.float32(255)
            rgb = np.rint(front * share + rgb * (1 - share)).astype(np.uint8)
            alpha = np.maximum(alpha, cover)
        yield HardProduct(" and ".join(kinds), "several", rgb, alpha)


def _laid(name: str, slice_: str, product: tuple[Pixels, Pixels], ground: Pixels) -> HardProduct:
    framing = Framing(SIZE, 0.7, shadow=True)
    return HardProduct(name, slice_, compose(*product, ground, framing), framed(*product, framing)[1])
