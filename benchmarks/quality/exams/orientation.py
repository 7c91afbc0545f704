"""Which way up: the turn that is named, where one is named, of photographs turned by quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Exam, Kind, Wanted
from second_base import HELD_OUT
from second_turned import ALL_TURNED, BASELINES, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked, Item


def items(asked: Asked) -> Iterator[Item]:
    """Each picture whose turn is named: 1 where it is right."""
    for one in turned(asked):
        if one.said is not None:
            part, right, upright = f"{one.degrees} degrees to go", one.said == one.degrees, one.degrees == 0
            yield one.item(one.name, part, right=right, upright=upright, also=(one.base.shop,))


EXAM = Exam(
    title="Which way up: right where it is sure enough to say",
    kind=Kind.LEVEL,
    items=items,
    data=ALL_TURNED,
    bound=None,
    set_on=HELD_OUT,
    baselines=BASELINES,
    wanted=(Wanted("mean", 0.95),),
    about="The mean is the share of answers that are right; how many pictures get one says `orientation_answered`. "
    "All four turns are as frequent, which they are in no shop.",
)
