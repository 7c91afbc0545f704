"""Which way up: the turn that is named, where one is named, of photographs turned by quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_turned import turned

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each picture whose turn is named: 1 where it is right."""
    for one in turned(asked):
        if one.said is not None:
            yield Item(
                id=one.name,
                slice=f"{one.degrees} degrees to go",
                score=float(one.said == one.degrees),
                baselines={"always upright": float(one.degrees == 0)},
                group=one.base.group,
                picture=one.data,
                note=one.note,
                cpu_ms=one.cpu_ms,
                also=(one.base.shop,),
            )


EXAM = Exam(
    title="Which way up: right where it is sure enough to say",
    kind=Kind.LEVEL,
    items=items,
    data=(*DATA, Data("the same, turned by quarters", "as the originals", synthetic=True)),
    bound=None,
    set_on=HELD_OUT,
    baselines={"always upright": Sense.AT_LEAST},
    wanted=(Wanted("mean", 0.95),),
    about="The mean is the share of answers that are right; how many pictures get one says `orientation_answered`. "
    "All four turns are as frequent, which they are in no shop.",
)
