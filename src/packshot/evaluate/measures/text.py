"""The text in a picture, and which of it was laid over."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from packshot.core.measurement import Kind, Output
from packshot.evaluate.contacts import contacts
from packshot.evaluate.measure import Measure
from packshot.evaluate.overlay_text import HEAD
from packshot.evaluate.promotional_words import prices, promotional_words
from packshot.evaluate.text_boxes import DETECTOR, MOST_DRAWN_OUT, STEP
from packshot.evaluate.text_lines import area_share, text_lines
from packshot.evaluate.text_reading import RECOGNISER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from packshot.core.measurement import Value
    from packshot.evaluate.text_lines import Line
    from packshot.media.picture import Picture

OVERLAY_FROM = 0.35
"""Lines at least this likely laid over are listed as such; how sure it is, is a column of its own. By judgement, below
what checks doubt from: no data is on record that set it."""


class Text(Measure):
    """Text in the picture: what it says, where it is, and how likely some of it was laid over the picture.

    Method: PP-OCR tiny finds lines (M. Liao and others, Differentiable Binarization, 2020) on the picture at as many
    pixels as a square of 540 has (a small one enlarged up to twice) and reads them (CTC); a line counts as read from a
    confidence of 0.8 and three letters on. A small network tells lines that were laid over from those printed on the
    product by how flat, crisp and level they are, how their strokes stand out of the ground beside them, how they lie
    to product, background and frame, and how their ground looks (`training/overlay_text.md`).

    Blind spots: letters lower than about 1.8 % of a square picture's side; Cyrillic, Greek, Korean, Arabic and other
    scripts that the reader does not know are found and not read; handwriting and strongly bent lines. A flat label,
    book or screen seen straight from the front looks like text that was laid over, and a stamp laid in perspective like
    print. Watermarks of low contrast are missed.
    """

    version = 3
    models: ClassVar = (DETECTOR, RECOGNISER)
    own: ClassVar = (HEAD,)
    screened: ClassVar = True
    outputs = (
        Output("text_words", Kind.TEXTS, "Lines that were read, from top to bottom; at most 40."),
        Output("text_boxes", Kind.BOXES, "x, y, w, h of each of them as shares of the picture, one after the other."),
        Output("text_share", Kind.FLOAT, "Share of the picture that they cover, 0 to 1."),
        Output("text_confidence", Kind.FLOAT, "Highest confidence of a line that was read; 0 when none was."),
        Output("overlay_text_words", Kind.TEXTS, "Lines likely laid over the picture; one that was not read is `?`."),
        Output("overlay_text_boxes", Kind.BOXES, "x, y, w, h of each of them as shares of the picture."),
        Output("overlay_text_share", Kind.FLOAT, "Share of the picture that they cover, 0 to 1."),
        Output("overlay_text_confidence", Kind.FLOAT, "How sure it is that text was laid over, 0 to 1; 0: no text."),
        Output(
            "overlay_plain_share", Kind.FLOAT, "Share of their area that lies on plain background; null: no such line."
        ),
        Output("promotional_words", Kind.TEXTS, "Words of promotions that were read, of eleven languages."),
        Output("promotional_confidence", Kind.FLOAT, "How sure it is that one of them was laid over, 0 to 1."),
        Output("price_texts", Kind.TEXTS, "Prices and discounts that were read."),
        Output("contact_texts", Kind.TEXTS, "Web and e-mail addresses and phone numbers that were read."),
        Output("contact_confidence", Kind.FLOAT, "How sure it is that one of them was laid over, 0 to 1."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Null for pictures too small or too narrow to hold a line."""
        if _holds_no_line(picture):
            return {output.name: None for output in self.outputs}
        lines = picture.once(text_lines)
        read = [line for line in lines if line.is_read]
        over = [line for line in lines if line.overlay >= OVERLAY_FROM]
        words, promoted = _found(read, promotional_words)
        listed, contacted = _found(read, contacts)
        return {
            "text_words": tuple(line.text for line in read),
            "text_boxes": _boxes(read),
            "text_share": area_share(read),
            "text_confidence": max((line.confidence for line in read), default=0.0),
            "overlay_text_words": tuple(line.text if line.is_read else "?" for line in over),
            "overlay_text_boxes": _boxes(over),
            "overlay_text_share": area_share(over),
            "overlay_text_confidence": max((line.overlay for line in lines), default=0.0),
            "overlay_plain_share": _plain_share(over),
            "promotional_words": words,
            "promotional_confidence": promoted,
            "price_texts": _found(read, prices)[0],
            "contact_texts": listed,
            "contact_confidence": contacted,
        }


def _holds_no_line(picture: Picture) -> bool:
    short, long = sorted((picture.width, picture.height))
    return long > MOST_DRAWN_OUT * short or long < STEP


def _found(lines: Iterable[Line], look: Callable[[str], list[str]]) -> tuple[tuple[str, ...], float]:
    """What is found in the lines, each once, and the highest likelihood that a line with it was laid over."""
    told = [(line, look(line.text)) for line in lines]
    words = tuple(dict.fromkeys(word for _, found in told for word in found))
    return words, max((line.overlay for line, found in told if found), default=0.0)


def _boxes(lines: Iterable[Line]) -> tuple[float, ...]:
    return tuple(number for line in lines for number in line.box)


def _plain_share(lines: list[Line]) -> float | None:
    whole = area_share(lines)
    return min(1.0, area_share([line for line in lines if line.on_plain]) / whole) if whole else None
