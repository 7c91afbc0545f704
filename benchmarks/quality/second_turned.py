"""Held photographs as they are and turned by quarters, stored without loss; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING

from exam import Data, Item, Sense
from PIL import Image
from second_base import DATA, held, image, spread
from shipped import measured, need, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam import Asked
    from second_base import Base

DEGREES, CONFIDENCE = "orientation_degrees", "orientation_confidence"
UPRIGHT = "always upright"
BASELINES = {UPRIGHT: Sense.AT_LEAST}
ALL_TURNED = (*DATA, Data("the same, turned by quarters", "as the originals", synthetic=True))
BACK = {
    0: None,
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}
"""What the column should say, by how many degrees clockwise the picture must be turned to stand upright → how it was
turned away from that: Pillow turns the other way round."""


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """One picture at one turn."""

    base: Base
    degrees: int
    """Clockwise, to stand upright."""
    said: int | None
    """None where nothing is said."""
    confidence: float | None
    data: Callable[[], bytes]
    cpu_ms: float

    @property
    def name(self) -> str:
        """The picture and its turn."""
        return f"{self.base.name}, to be turned by {self.degrees}"

    @property
    def note(self) -> str:
        """What was said of it."""
        said = "abstains" if self.said is None else f"said {self.said}"
        return said if self.confidence is None else f"{said}, confidence {self.confidence:.2f}"

    def item(self, name: str, part: str, *, right: bool, upright: bool = True, also: tuple[str, ...] = ()) -> Item:
        """As an exam takes it: 1 where it is `right`, and where "always upright" would be."""
        return Item(
            id=name,
            slice=part,
            score=float(right),
            baselines={UPRIGHT: float(upright)},
            group=self.base.group,
            picture=self.data,
            note=self.note,
            cpu_ms=self.cpu_ms,
            also=also,
        )


@lru_cache(maxsize=2)
def turned(asked: Asked) -> tuple[Turned, ...]:
    """Every held photograph at all four turns. Raises NoData."""
    bases = spread(held(asked), asked.some(80, 1000))
    need(DEGREES, CONFIDENCE)
    return tuple(_seen(base, degrees) for base in bases for degrees in BACK)


def _seen(base: Base, degrees: int) -> Turned:
    data = partial(_file, base, degrees)
    found, cpu_ms = measured(data(), DEGREES, CONFIDENCE)
    said, sure = number(found[DEGREES]), number(found[CONFIDENCE])
    return Turned(base, degrees, None if said is None else round(said) % 360, sure, data, cpu_ms)


def _file(base: Base, degrees: int) -> bytes:
    way = BACK[degrees]
    picture = image(base.path)
    file = BytesIO()
    (picture.transpose(way) if way is not None else picture).save(file, "PNG", compress_level=1)
    return file.getvalue()
