"""Words of promotions laid over pictures: the check `promotional_text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Bound, Exam, Item, Kind, Sense, Wanted
from exams.overlay_text import DATA, models
from overlay_pictures import seen

from packshot.evaluate.checks.promotional_text import PromotionalTextParams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked

READABLE = frozenset({"English", "Spanish", "Polish", "Swedish", "Chinese"})


def items(asked: Asked) -> Iterator[Item]:
    """Promotions against all other text and none; prices are left out, some being both."""
    for one in seen(asked):
        if one.kind == "price":
            continue
        confidence, words = one.columns["promotional_confidence"], one.columns["promotional_words"]
        promotion = one.kind == "promotion"
        script = "unread letters" if one.laid and one.laid.language not in READABLE else "promotion"
        yield Item(
            id=one.id,
            slice=script if promotion else one.kind,
            score=confidence if isinstance(confidence, float) else None,
            truth=promotion,
            baselines={"any promotional word": 1.0 if words else 0.0},
            group=one.group,
            picture=one.data,
            overlay=one.overlay,
            note=f"{one.laid.language if one.laid else ''} {one.columns['text_words']} {words}"[:160],
        )


EXAM = Exam(
    title="Promotions laid over the picture: the check `promotional_text`",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=Bound.of(PromotionalTextParams(), "max_promotional_confidence", Sense.ABOVE),
    set_on="the split `tune`, as for `text_over_picture`; who wrote the table of words had read the words laid here",
    baselines={"any promotional word": Sense.AT_LEAST},
    wanted=(Wanted("precision", 0.9),),
    models=models,
    about="A promotion is found where its text is found, read, in the table, and taken for laid over.",
)
