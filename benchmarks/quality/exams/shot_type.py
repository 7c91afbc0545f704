"""What kind of shot a picture is: `shot_type` on held photographs labelled by eye, and on drawn ones."""

from __future__ import annotations

from functools import partial

from exam import Exam, Kind, Sense, Wanted
from shot_items import BRIDGE, DRAWN, PHOTOS, type_items, versions

EXAM = Exam(
    title="Kinds of shots: `shot_type`",
    kind=Kind.LEVEL,
    items=type_items,
    data=(*PHOTOS, DRAWN),
    bound=None,
    set_on="two thirds of the groups of the same shops, and drawn pictures of another generator; the bound is a half",
    baselines={BRIDGE: Sense.AT_LEAST},
    wanted=(Wanted("macro_f1", 0.8), Wanted("macro_f1", 0.8, of="photographs")),
    models=partial(versions, "shot_head"),
    about="`(synthetic)` kinds are drawn: no shop here has real ones, and their figures say little of real ones. "
    "`(elsewhere)` is of sources that no head has seen anything of. One person labelled, by eye, from small pictures.",
)
