"""Several pictures in one against single pictures of many things: the column `collage_probability`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT, encoded
from second_collages import sheets, straight_seam
from shipped import bound_of, decided, measured, need, number

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMN = "collage_probability"


def items(asked: Asked) -> Iterator[Item]:
    """Each collage, and each single picture."""
    for place, one in enumerate(sheets(asked)):
        need(COLUMN)
        data = encoded(one.picture, place)
        found, cpu_ms = measured(data, COLUMN)
        score = number(found[COLUMN])
        yield Item(
            id=one.id,
            slice=one.kind,
            score=score,
            truth=one.is_collage,
            said=decided(COLUMN, score),
            baselines={"straight seam": straight_seam(data)},
            group=one.group,
            picture=partial(encoded, one.picture, place),
            cpu_ms=cpu_ms,
        )


EXAM = Exam(
    title="Several pictures in one",
    kind=Kind.DECISION,
    items=items,
    data=(*DATA, Data("collages, insets and look-alikes of them (second generator)", "own", synthetic=True)),
    bound=bound_of(COLUMN),
    set_on=HELD_OUT,
    baselines={"straight seam": Sense.AT_LEAST},
    wanted=(Wanted("ap", 0.95), Wanted("false_positives", 0.03, most=True)),
    is_probability=True,
    about="Shelves and piles are photographs; products side by side, striped grounds and windows are composed, and "
    "are single pictures.",
)
