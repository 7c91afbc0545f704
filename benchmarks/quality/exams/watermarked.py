"""Whether a picture bears a watermark: the column `watermark_probability` at the bound that ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_watermarks import PROBABILITY, pairs
from shipped import bound_of, decided

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each marked picture, and each photograph without a mark once."""
    seen: set[str] = set()
    for one in pairs(asked):
        if one.base.name not in seen:
            seen.add(one.base.name)
            yield Item(
                id=one.base.name,
                slice="unmarked",
                score=one.without,
                truth=False,
                said=decided(PROBABILITY, one.without),
                baselines={"tiling": one.tiling[0]},
                group=one.base.group,
                picture=one.data[0],
                also=(f"unmarked, {one.ground}",),
            )
        yield Item(
            id=f"{one.base.name}, {one.mark} {one.place} at {one.opacity:g}",
            slice=f"opacity {one.opacity:g}",
            score=one.with_mark,
            said=decided(PROBABILITY, one.with_mark),
            baselines={"tiling": one.tiling[1]},
            group=one.base.group,
            picture=one.data[1],
            also=(one.place, one.mark),
            cpu_ms=one.cpu_ms,
        )


EXAM = Exam(
    title="Whether a picture bears a watermark",
    kind=Kind.DECISION,
    items=items,
    data=(*DATA, Data("marks laid over them (second generator)", "own", synthetic=True)),
    bound=bound_of(PROBABILITY),
    set_on=HELD_OUT,
    baselines={"tiling": Sense.AT_LEAST},
    wanted=(Wanted("false_positives", 0.03, of="unmarked", most=True),),
    is_probability=True,
    about="The same pictures as in the exam `watermark`.",
)
