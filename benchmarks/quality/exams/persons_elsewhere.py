"""Whether a person shows: `person_probability` where the head saw no picture of the shop."""

from __future__ import annotations

from functools import partial

from exam import Bound, Exam, Kind, Sense, Wanted
from people import DATA, person_items, versions

from packshot.evaluate import faces
from packshot.evaluate.measures import persons

EXAM = Exam(
    title="Persons: `person_probability`, in shops that were not seen",
    kind=Kind.DECISION,
    items=partial(person_items, unseen_shop=True),
    data=DATA,
    bound=Bound.of(persons, "MIN_PROBABILITY", Sense.AT_LEAST),
    set_on="a half, by meaning; magento2 and sylius each by a head that saw nothing of the shop, the others by group",
    baselines={"face only": Bound.of(faces, "MIN_CONFIDENCE", Sense.AT_LEAST)},
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    is_probability=True,
    models=partial(versions, "efficientnet-lite0", "centerface"),
    about="The calibration of three numbers was set on these very scores; the shipped head saw both shops.",
)
