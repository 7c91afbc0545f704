"""Whether `technical_quality` puts pictures in the order in which people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Exam, Item, Kind, Sense, Wanted
from people_scores import AVT, SET_ON, scored
from second_degradations import laplacian

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each picture with what people said of it."""
    for one in scored(asked):
        yield Item(
            id=f"{one.maker}/{one.path.stem}",
            slice=one.maker,
            score=one.quality,
            worth=one.people,
            baselines={"classical score": one.classical, "variance of the Laplacian": laplacian(one.path.read_bytes())},
            picture=one.path,
            note=f"people {one.people:.2f}",
            cpu_ms=one.cpu_ms,
        )


EXAM = Exam(
    title="Quality as people see it: rank correlation with their scores",
    kind=Kind.RANK,
    items=items,
    data=(AVT,),
    bound=None,
    set_on=SET_ON,
    baselines={"classical score": Sense.AT_LEAST, "variance of the Laplacian": Sense.AT_LEAST},
    wanted=(Wanted("spearman", 0.5),),
    about="Of the whole set of 146, of which these are 49, the authors report NIQE 0.37, BRISQUE 0.38, MUSIQ 0.28 "
    "and MANIQA 0.49. Scenes made by generators, not product photographs. The lower bound of the interval "
    "should be 0.25 or more.",
)
