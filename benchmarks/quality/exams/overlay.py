"""Graphics and text laid over pictures against print on products: the column `overlay_probability`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Bound, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_overlay_set import PACKS, PROBABILITY, seen
from shipped import bound_of, decided

from packshot.evaluate import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Every picture, by what was laid over it, or what it shows."""
    for one in seen(asked):
        yield Item(
            id=one.id,
            slice=one.kind,
            score=one.probability,
            truth=bool(one.boxes),
            said=decided(PROBABILITY, one.probability),
            baselines={"OCR outside the mask": one.read},
            group=one.group,
            picture=one.data,
            overlay=one.overlay,
            cpu_ms=one.cpu_ms,
        )


EXAM = Exam(
    title="Graphics and text laid over the picture",
    kind=Kind.DECISION,
    items=items,
    data=(*DATA, Data("pieces laid over them; drawn products with print (second generator)", "own", synthetic=True)),
    bound=bound_of(PROBABILITY),
    set_on=HELD_OUT,
    baselines={"OCR outside the mask": Bound.of(text_lines, "LEAST_CONFIDENCE", Sense.AT_LEAST)},
    wanted=(Wanted("ap", 0.95), Wanted("false_positives", 0.03, of=PACKS, most=True)),
    is_probability=True,
    about="What is laid over, and the print on covers, cartons, jars, mugs, bags and shirts, is made by a "
    "generator that no model was trained with; the packs are photographs. Frames and ribbons count as laid "
    "over.",
)
