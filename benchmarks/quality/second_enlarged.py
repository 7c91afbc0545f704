"""Large held photographs at their own size, and made smaller and large again in four ways; second generator."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from second_base import held, on_white, spread

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from second_base import Base

LEAST_PX = 700
"""Longer side of what may serve as a large picture."""
NATIVE_SHARE = 0.62
"""Pictures are first made so much smaller: what a soft lens or an earlier enlarging left is gone then."""
TIMES = (1.5, 2.0, 3.0, 4.0)
FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
QUALITIES = (95, 85)


def large(asked: Asked, quick: int = 12) -> list[Base]:
    """Held photographs that are large enough. Raises NoData."""
    found = []
    for one in held(asked):
        with Image.open(one.path) as opened:
            if max(opened.size) >= LEAST_PX:
                found.append(one)
    return spread(found, asked.some(quick, 300))


def versions(base: Base, number: int, *, full: bool) -> Iterator[tuple[str, float, Callable[[], bytes]]]:
    """Name of the way, how many times it was enlarged (1: not), and the file.

    When not `full`, each factor comes with one or two filters and qualities in turn.
    """
    for step, quality in enumerate(QUALITIES):
        yield "native", 1.0, _Made(base, "native", 1.0, quality)
        if full or step == number % 2:
            yield "as it is", 1.0, _Made(base, "as it is", 1.0, quality)
    for place, times in enumerate(TIMES):
        for turn, name in enumerate(FILTERS):
            for step, quality in enumerate(QUALITIES):
                if full or (turn + place + number) % 4 + step * 4 in {0, 5}:
                    yield name, times, _Made(base, name, times, quality)


class _Made:
    """One file, made when it is asked for."""

    def __init__(self, base: Base, way: str, times: float, quality: int) -> None:
        self.base, self.way, self.times, self.quality = base, way, times, quality

    def __call__(self) -> bytes:
        picture = Image.fromarray(decode(self.base.path.read_bytes()).rgb)
        if self.way != "as it is":
            native = [round(side * NATIVE_SHARE) for side in picture.size]
            picture = picture.resize(native, Image.Resampling.LANCZOS)
        if self.times > 1:
            small = [max(8, round(side / self.times)) for side in picture.size]
            shrunk = picture.resize(small, Image.Resampling.LANCZOS)
            picture = shrunk.resize(picture.size, FILTERS[self.way])
        file = BytesIO()
        picture.save(file, "JPEG", quality=self.quality)
        return file.getvalue()


def ground(base: Base) -> str:
    """Whether it is a packshot."""
    return "on white" if on_white(base) else "natural"
