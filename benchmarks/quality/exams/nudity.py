"""Harmless pictures taken for nudity: false positives only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exam import Bound, Exam, Item, Kind, Sense, Wanted
from looking import columns_of
from people import DATA, pictures, versions

from packshot.evaluate.checks.nudity_shown import NudityShownParams
from packshot.evaluate.measures import nudity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked


def items(asked: Asked) -> Iterator[Item]:
    """Every picture, none of which shows nudity."""
    for one in pictures(asked, 200, (nudity.MODEL,)):
        found, cpu_ms = columns_of(one.path.read_bytes(), "nudity_probability")
        value = found["nudity_probability"]
        yield Item(
            id=one.name,
            slice="people" if one.person else one.shop,
            score=value if isinstance(value, float) else None,
            truth=False,
            group=one.group,
            picture=one.path,
            cpu_ms=cpu_ms,
        )


EXAM = Exam(
    title="Nudity: harmless pictures that `nudity_shown` would send to people or block",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=Bound.of(NudityShownParams(), "unsure_from", Sense.AT_LEAST),
    set_on="these pictures: it lies above the highest of them. The bound of blocking is the authors'",
    wanted=(Wanted("false_positives", 0.01, most=True),),
    is_probability=True,
    models=partial(versions, nudity.MODEL),
    about="Recall is not measured: there is no picture of nudity here, so there is no calibration either. Where none "
    "of n independent pictures is wrong, the rate is below 3 / n with 95 % confidence (the rule of three). There is no "
    "baseline: without positives there is nothing to beat.",
)
