"""Text laid over pictures against text printed on products: the check `text_over_picture`, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Bound, Data, Exam, Item, Kind, Sense, Wanted
from overlay_pictures import Seen, seen
from shop_pictures import CLOTHING, GROCERY, MAGENTO2, SOLIDUS, SYLIUS, TAILWIND

from packshot.evaluate import text_lines
from packshot.evaluate.checks.text_over_picture import TextOverPictureParams
from packshot.evaluate.measures.text import Text
from packshot.models.sources import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def item(one: Seen, part: str) -> Item:
    """What is marked of one picture."""
    confidence, read = one.columns["overlay_text_confidence"], one.columns["text_confidence"]
    laid = one.laid
    look = f"{laid.language}, {laid.family}, {laid.height_share:.3f} high, {laid.angle:g}°" if laid else ""
    return Item(
        id=one.id,
        slice=part,
        score=confidence if isinstance(confidence, float) else None,
        truth=laid is not None and bool(laid.boxes),
        baselines={"OCR confidence": read if isinstance(read, float) else None},
        group=one.group,
        picture=one.data,
        overlay=one.overlay,
        note=f"{look} {one.columns['text_words']}"[:160],
        cpu_ms=one.cpu_ms,
    )


def items(asked: Asked) -> Iterator[Item]:
    """Every picture, by the kind of text that was laid over it, or of the picture."""
    yield from (item(one, one.kind) for one in seen(asked))


def models() -> dict[str, str]:
    """What took part."""
    return {name: version_of(name) for name in Text.models}


DATA = (
    *(MAGENTO2, TAILWIND, GROCERY, CLOTHING, SYLIUS, SOLIDUS),
    Data("text laid over them; books, bottles and shirts with text printed on them", "own", synthetic=True),
)
BOUND = Bound.of(TextOverPictureParams(), "max_overlay_text_confidence", Sense.ABOVE)
BASELINES = {"OCR confidence": Bound.of(text_lines, "LEAST_CONFIDENCE", Sense.AT_LEAST)}
SET_ON = "the split `tune`: other fonts, words, languages, sizes, angles, inks and base pictures, by listing"

EXAM = Exam(
    title="Text laid over the picture: the check `text_over_picture`",
    kind=Kind.DECISION,
    items=items,
    data=DATA,
    bound=BOUND,
    set_on=SET_ON,
    baselines=BASELINES,
    wanted=(
        Wanted("recall", 0.9),
        Wanted("precision", 0.9),
        Wanted("false_positives", 0.05, of="printed packs", most=True),
        Wanted("false_positives", 0.05, of="printed books", most=True),
        Wanted("false_positives", 0.05, of="printed shirts", most=True),
    ),
    models=models,
    about="The laid-over text and the print on books, bottles and shirts are made; the packs are photographs.",
)
