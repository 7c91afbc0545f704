"""Clothes that nobody wears: the check `model_missing` fails."""

from __future__ import annotations

from functools import partial

from exam import Bound, Exam, Kind, Sense, Wanted
from people import CLOTHES_DATA, SPLIT, garment_items, versions

from packshot.evaluate import faces
from packshot.evaluate.checks.model_missing import ModelMissingParams

EXAM = Exam(
    title="Clothes without a model: what `model_missing` fails",
    kind=Kind.DECISION,
    items=garment_items,
    data=CLOTHES_DATA,
    bound=Bound.of(ModelMissingParams(), "max_probability", Sense.BELOW),
    set_on=SPLIT,
    baselines={"face only": Bound.of(faces, "MIN_CONFIDENCE", Sense.BELOW)},
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    models=partial(versions, "efficientnet-lite0", "centerface"),
    about="Looked for is what nobody wears: nearly all of it is of clothing_dataset, nearly all that is worn of "
    "magento2, two kinds of photographs. Mannequins are not among them.",
)
