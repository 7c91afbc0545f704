"""Which side of the product a picture shows: `view` on held photographs labelled by eye."""

from __future__ import annotations

from functools import partial

from exam import Exam, Kind, Sense, Wanted
from shot_items import BRIDGE, PHOTOS, versions, view_items

EXAM = Exam(
    title="Views: `view`",
    kind=Kind.LEVEL,
    items=view_items,
    data=PHOTOS,
    bound=None,
    set_on="two thirds of the groups of the same shops; the bound is a half",
    baselines={BRIDGE: Sense.AT_LEAST},
    wanted=(Wanted("macro_f1", 0.7, of="photographs"),),
    models=partial(versions, "shot_head", "view_head"),
    about="Few backs, sides and tops: 13, 8 and 13 photographs; the backs are one studio's men's tops and three caps. "
    "Pictures to whose view no name fits (a fruit, a scene) take no part. One person labelled, by eye.",
)
