"""The same picture with and without a watermark: which of them `watermark_probability` puts higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_watermarks import OPACITIES, above, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED_FROM = 0.25


def items(asked: Asked) -> Iterator[Item]:
    """Each pair: 1 where the marked picture stands above the other."""
    for one in pairs(asked):
        yield Item(
            id=f"{one.base.name}, {one.mark} {one.place} at {one.opacity:g}",
            slice=f"opacity {one.opacity:g}",
            score=above(one.with_mark, one.without),
            baselines={"tiling": above(one.tiling[1], one.tiling[0])},
            group=one.base.group,
            picture=one.data[1],
            note=f"without {_told(one.without)}, with {_told(one.with_mark)}",
            cpu_ms=one.cpu_ms,
            also=(one.place, one.mark, one.ground),
        )


def _told(value: float | None) -> str:
    return "no answer" if value is None else f"{value:.3f}"


EXAM = Exam(
    title="Watermarks: the marked picture stands above the same without a mark",
    kind=Kind.LEVEL,
    items=items,
    data=(*DATA, Data("marks laid over them (second generator)", "own", synthetic=True)),
    bound=None,
    set_on=HELD_OUT,
    baselines={"tiling": Sense.AT_LEAST},
    wanted=tuple(Wanted("mean", 0.95, of=f"opacity {one:g}") for one in OPACITIES if one >= ASKED_FROM),
    about="The mean is the share of pairs that are ordered right; equal values are wrong. `tiling` is the highest "
    "peak of the autocorrelation of what is fine in the picture.",
)
