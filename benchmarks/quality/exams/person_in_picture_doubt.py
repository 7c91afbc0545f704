"""Somebody may be in the picture: the check `person_in_picture` fails or is unsure."""

from __future__ import annotations

from functools import partial

from exam import Bound, Exam, Kind, Sense
from people import DATA, SPLIT, person_items, versions

from packshot.evaluate import faces
from packshot.evaluate.checks.person_in_picture import PersonInPictureParams

EXAM = Exam(
    title="Persons: what `person_in_picture` fails or is unsure of",
    kind=Kind.DECISION,
    items=partial(person_items, unseen_shop=True),
    data=DATA,
    bound=Bound.of(PersonInPictureParams(), "unsure_from", Sense.AT_LEAST),
    set_on=SPLIT,
    baselines={"face only": Bound.of(faces, "MIN_CONFIDENCE", Sense.AT_LEAST)},
    models=partial(versions, "efficientnet-lite0", "centerface"),
    about="Held as where nothing that people wear is spared (`spare_worn`): whether a thing is worn comes from its "
    "listing, and is not marked here.",
)
