"""Which way up: upright photographs that would wrongly be turned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Exam, Kind, Wanted
from second_base import DATA, HELD_OUT
from second_turned import BASELINES, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked, Item


def items(asked: Asked) -> Iterator[Item]:
    """Each photograph as it is: 1 where it is left alone."""
    for one in turned(asked):
        if one.degrees == 0:
            yield one.item(one.base.name, one.base.shop, right=one.said in {0, None})


EXAM = Exam(
    title="Which way up: upright pictures that are left alone",
    kind=Kind.LEVEL,
    items=items,
    data=DATA,
    bound=None,
    set_on=HELD_OUT,
    baselines=BASELINES,
    wanted=(Wanted("mean", 0.995),),
    about="1 less the mean is the share of upright pictures that would be turned. That shops' pictures are upright is "
    "taken for granted: some phone photographs of clothes lie on their side.",
)
