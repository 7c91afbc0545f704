"""Whether the interval of `technical_quality` holds what people say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Exam, Item, Kind, Sense
from people_scores import AVT, SET_ON, scored

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE = 0.5
"""Half of it on each side of the middle: the baseline's interval."""


def items(asked: Asked) -> Iterator[Item]:
    """Each picture: 1 where the interval holds its mean score."""
    for one in scored(asked):
        known = one.low is not None and one.high is not None
        yield Item(
            id=f"{one.maker}/{one.path.stem}",
            slice=one.maker,
            score=float(one.low <= one.people <= one.high) if one.low is not None and one.high is not None else None,
            baselines={"0.25 to 0.75": float(abs(one.people - 0.5) <= WIDE / 2)},
            picture=one.path,
            note=f"people {one.people:.2f}, from {one.low:.2f} to {one.high:.2f}"
            if known
            else f"people {one.people:.2f}",
        )


EXAM = Exam(
    title="Quality as people see it: the interval holds their mean score",
    kind=Kind.LEVEL,
    items=items,
    data=(AVT,),
    bound=None,
    set_on=SET_ON,
    baselines={"0.25 to 0.75": Sense.AT_LEAST},
    about="The scores from 1 to 5 are taken as 0 to 1. What share the interval should hold, its column says.",
)
