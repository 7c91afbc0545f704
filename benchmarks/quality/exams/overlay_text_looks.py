"""Text laid over pictures, by how it looks: size, angle, opacity, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Exam, Kind, Wanted
from exams.overlay_text import BASELINES, BOUND, DATA, SET_ON, item, models
from overlay_pictures import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked, Item
    from lettering import Lettered

SMALL, LARGE = 0.036, 0.08
"""Height of a line as a share of the shorter side."""
SERIFS, HANDS = frozenset({"Source Serif Pro"}), frozenset({"Amatic SC", "Fredoka One"})


def look(laid: Lettered) -> str:
    """The first of these that is out of the ordinary: see-through, tilted, upright, the letters, the size."""
    if laid.kind == "watermark":
        return "see-through"
    if laid.angle:
        return "upright" if abs(laid.angle) == 90 else "tilted"  # noqa: PLR2004 - a quarter turn
    if laid.language in {"Chinese", "Ukrainian"}:
        return laid.language
    if laid.family in SERIFS | HANDS:
        return "serif letters" if laid.family in SERIFS else "display letters"
    if laid.height_share <= SMALL:
        return "small letters"
    return "large letters" if laid.height_share >= LARGE else "plain letters"


def items(asked: Asked) -> Iterator[Item]:
    """Every picture."""
    yield from (item(one, look(one.laid) if one.laid else "without") for one in seen(asked))


EXAM = Exam(
    title="Text laid over the picture, by its look",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=BOUND,
    set_on=SET_ON,
    baselines=BASELINES,
    wanted=(Wanted("recall", 0.9),),
    models=models,
    about="The same pictures as in the exam of `text_over_picture`; each counts for the first look that it has.",
)
