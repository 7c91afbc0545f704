"""The pictures that the exams of overlays share: with something laid over, with print on the product, as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from exam import NoData, Overlay
from second_base import encoded, held, image, is_pack, spread
from second_overlays import KINDS, laid
from second_printed import KINDS as PRINTED
from second_printed import printed
from shipped import measured, need, number

from packshot.evaluate.product_matte import product_matte
from packshot.evaluate.text_lines import text_lines
from packshot.media.decode import decode
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from exam import Asked, Box
    from second_base import Base

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

PROBABILITY, BOXES = "overlay_probability", "overlay_boxes"
READERS = ("ppocr-det-tiny", "ppocr-rec-tiny", "u2netp")
"""Models of the baseline."""
PACKS, PHOTOGRAPHS = "printed packs", "photographs"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One picture, and what was said of it."""

    id: str
    kind: str
    group: str
    boxes: tuple[Box, ...]
    """What was laid over it; none for the others."""
    data: Callable[[], bytes]
    probability: float | None
    found: tuple[Box, ...]
    read: float
    """The baseline: the highest confidence of a line that was read outside the product."""
    cpu_ms: float

    def overlay(self) -> Overlay:
        """What was laid over, and what was found."""
        return Overlay(truth_boxes=self.boxes, found_boxes=self.found)


@lru_cache(maxsize=2)
def seen(asked: Asked) -> tuple[Seen, ...]:
    """Every picture, measured once. Raises NoData."""
    held(asked)
    need(PROBABILITY, BOXES)
    if missing := lacking(READERS):
        raise NoData(f"the models {', '.join(missing)} of the baseline are not here")
    return tuple(_seen(one, asked) for one in pictures(asked))


@dataclass(frozen=True, slots=True)
class Made:
    """One picture and its truth."""

    id: str
    kind: str
    group: str
    make: Callable[[], bytes]
    boxes: Callable[[], tuple[Box, ...]] = tuple


def pictures(asked: Asked) -> Iterator[Made]:
    """Half of the held photographs with something laid over, half as they are, and products with print."""
    bases = spread(held(asked), asked.some(120, 1000))
    for place, base in enumerate(bases):
        if place % 2 == 0:
            kind = KINDS[place // 2 % len(KINDS)]
            make, boxes = partial(_with, base, place, kind), partial(_boxes, base, place, kind)
            yield Made(f"{base.name}, {kind}", kind, base.group, make, boxes)
        elif not is_pack(base):
            yield Made(base.name, PHOTOGRAPHS, base.group, base.path.read_bytes)
    packs = [one for one in held(asked, "grocery_store") if is_pack(one)]
    packs.sort(key=lambda one: (one.role != "iconic", one.name))
    for base in packs[: asked.some(30, 1000)]:
        yield Made(base.name, PACKS, base.group, base.path.read_bytes)
    for kind in PRINTED:
        for seed in range(asked.some(6, 40)):
            yield Made(f"{kind} {seed}", f"printed {kind}s", f"{kind} {seed}", partial(_print, asked, seed, kind))


def _seen(made: Made, asked: Asked) -> Seen:
    del asked
    data = made.make()
    found, cpu_ms = measured(data, PROBABILITY, BOXES)
    return Seen(
        made.id,
        made.kind,
        made.group,
        made.boxes(),
        made.make,
        number(found[PROBABILITY]),
        as_boxes(found[BOXES]),
        read_outside(decode(data)),
        cpu_ms,
    )


def as_boxes(value: Value) -> tuple[Box, ...]:
    """Four shares each, one after the other."""
    flat = [float(one) for one in value] if isinstance(value, tuple) else []
    return tuple((flat[k], flat[k + 1], flat[k + 2], flat[k + 3]) for k in range(0, len(flat) - 3, 4))


def read_outside(picture: Picture) -> float:
    """The highest confidence of a line of text of which most lies outside the product; 0 without one."""
    matte = picture.once(product_matte)
    surest = 0.0
    for line in picture.once(text_lines):
        if line.is_read and (matte is None or _share(matte.mask, line.box) < 0.5):  # noqa: PLR2004 - most
            surest = max(surest, line.confidence)
    return surest


def _share(mask: np.ndarray, box: Box) -> float:
    high, wide = mask.shape[:2]
    x, y, w, h = box
    part = mask[int(y * high) : max(int(y * high) + 1, round((y + h) * high))]
    part = part[:, int(x * wide) : max(int(x * wide) + 1, round((x + w) * wide))]
    return float((part >= 128).mean()) if part.size else 0.0  # noqa: PLR2004 - half of 255


@cache
def _laid(base: Base, place: int, kind: str) -> tuple[bytes, tuple[Box, ...]]:
    made = laid(image(base.path), place, kind)
    return encoded(made.picture, place // 2), made.boxes


def _with(base: Base, place: int, kind: str) -> bytes:
    return _laid(base, place, kind)[0]


def _boxes(base: Base, place: int, kind: str) -> tuple[Box, ...]:
    return _laid(base, place, kind)[1]


def _print(asked: Asked, seed: int, kind: str) -> bytes:
    return encoded(printed(asked, seed, kind).picture, seed)
