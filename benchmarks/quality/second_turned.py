"""Held photographs as they are and turned by quarters, stored without loss; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from second_base import held, image, spread
from shipped import HALF, bound_of, measured, need, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam import Asked
    from second_base import Base

    from packshot.core.measurement import Value

DEGREES, CONFIDENCE = "orientation_degrees", "orientation_confidence"
CLOCKWISE = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Degrees by which the picture was turned clockwise, which is what the column says; Pillow turns the other way."""


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """One picture at one turn."""

    base: Base
    degrees: int
    said: int | None
    """None where nothing is said, or not surely enough."""
    confidence: float | None
    data: Callable[[], bytes]
    cpu_ms: float

    @property
    def name(self) -> str:
        """The picture and its turn."""
        return f"{self.base.name}, turned by {self.degrees}"

    @property
    def note(self) -> str:
        """What was said of it."""
        said = "abstains" if self.said is None else f"said {self.said}"
        return said if self.confidence is None else f"{said}, confidence {self.confidence:.2f}"


@lru_cache(maxsize=2)
def turned(asked: Asked) -> tuple[Turned, ...]:
    """Every held photograph at all four turns. Raises NoData."""
    bases = spread(held(asked), asked.some(80, 1000))
    need(DEGREES, CONFIDENCE)
    return tuple(_seen(base, degrees) for base in bases for degrees in CLOCKWISE)


def _seen(base: Base, degrees: int) -> Turned:
    data = partial(_file, base, degrees)
    found, cpu_ms = measured(data(), DEGREES, CONFIDENCE)
    sure = number(found[CONFIDENCE])
    return Turned(base, degrees, _said(found[DEGREES], sure), sure, data, cpu_ms)


def _said(value: Value, sure: float | None) -> int | None:
    bound = bound_of(CONFIDENCE)
    degrees = number(value)
    if degrees is None or sure is None or sure < (bound.value if bound else HALF):
        return None
    return round(degrees) % 360


def _file(base: Base, degrees: int) -> bytes:
    way = CLOCKWISE[degrees]
    picture = image(base.path)
    file = BytesIO()
    (picture.transpose(way) if way is not None else picture).save(file, "PNG", compress_level=1)
    return file.getvalue()
