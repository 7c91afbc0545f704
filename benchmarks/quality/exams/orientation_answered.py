"""Which way up: how many of the photographs turned by quarters get an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_turned import turned

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each picture: 1 where a turn is named, right or wrong."""
    for one in turned(asked):
        yield Item(
            id=one.name,
            slice=one.base.shop,
            score=float(one.said is not None),
            baselines={"always upright": 1.0},
            group=one.base.group,
            picture=one.data,
            note=one.note,
            cpu_ms=one.cpu_ms,
            also=(f"{one.base.shop}, {one.base.role}",) if one.base.shop == "grocery_store" else (),
        )


EXAM = Exam(
    title="Which way up: the share of pictures that get an answer",
    kind=Kind.LEVEL,
    items=items,
    data=(*DATA, Data("the same, turned by quarters", "as the originals", synthetic=True)),
    bound=None,
    set_on=HELD_OUT,
    baselines={"always upright": Sense.AT_LEAST},
    wanted=(Wanted("mean", 0.8),),
    about="Fruit seen from above and lids have no way up: to say nothing of them is right, and is counted against "
    "it here.",
)
