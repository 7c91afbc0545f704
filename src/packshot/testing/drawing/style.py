"""What distinguishes one product of a kind from the next: proportions by chance, colours as asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.testing.drawing.materials import Material, mixed

if TYPE_CHECKING:
    from numpy.random import Generator

    from packshot.testing.drawing.materials import Colour

PALETTE: dict[str, Colour] = {
    "red": (186, 38, 42),
    "orange": (226, 112, 32),
    "yellow": (236, 190, 54),
    "green": (52, 124, 70),
    "olive": (112, 116, 62),
    "teal": (20, 128, 132),
    "blue": (40, 84, 168),
    "navy": (30, 42, 86),
    "purple": (104, 62, 134),
    "pink": (224, 132, 156),
    "brown": (116, 74, 48),
    "sand": (206, 180, 142),
    "grey": (116, 124, 142),
    "black": (34, 36, 48),
    "white": (240, 233, 219),
}
"""The colours products come in, by name."""

METAL: Colour = (176, 174, 172)
WOOD: Colour = (190, 140, 90)
RUBBER: Colour = (44, 42, 44)


@dataclass(frozen=True, slots=True)
class Style:
    """One product's own look. The same `rng` seed with another colour is the same shape in another colour."""

    rng: Generator
    colour: Colour
    accent: Colour

    def between(self, low: float, high: float) -> float:
        """A proportion of this product."""
        return float(self.rng.uniform(low, high))

    def one_of(self, count: int) -> int:
        """Which of `count` designs this product has."""
        return int(self.rng.integers(count))

    def paint(self, gloss: float = 0.5, tile: str = "speckle", relief: float = 0.05, repeat: float = 5.0) -> Material:
        """The product's main colour on some surface."""
        return Material(self.colour, gloss, tile, (repeat, repeat), relief)

    def darker(self, share: float = 0.35) -> Colour:
        """The main colour with some black."""
        return mixed(self.colour, (12, 10, 12), share)

    def lighter(self, share: float = 0.4) -> Colour:
        """The main colour with some white."""
        return mixed(self.colour, (244, 240, 234), share)
