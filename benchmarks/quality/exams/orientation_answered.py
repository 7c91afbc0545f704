"""Which way up: how many of the photographs turned by quarters get an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Exam, Kind, Wanted
from second_base import HELD_OUT
from second_turned import ALL_TURNED, BASELINES, turned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked, Item


def items(asked: Asked) -> Iterator[Item]:
    """Each picture: 1 where a turn is named, right or wrong."""
    for one in turned(asked):
        shop = one.base.shop
        also = (f"{shop}, {one.base.role}",) if shop == "grocery_store" else ()
        yield one.item(one.name, shop, right=one.said is not None, also=also)


EXAM = Exam(
    title="Which way up: the share of pictures that get an answer",
    kind=Kind.LEVEL,
    items=items,
    data=ALL_TURNED,
    bound=None,
    set_on=HELD_OUT,
    baselines=BASELINES,
    wanted=(Wanted("mean", 0.8),),
    about="Fruit seen from above and lids have no way up: to say nothing of them is right, and is counted against "
    "it here.",
)
