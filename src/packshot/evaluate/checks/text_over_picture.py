"""The check `text_over_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TextOverPictureParams:
    """What a policy can set of `text_over_picture`."""

    max_overlay_text_confidence: float = 0.65
    """Highest accepted confidence that text was laid over the picture; above it the check fails. Set on pictures of the
    tuning split (`training/overlay_text.md`)."""
    unsure_from_confidence: float = 0.5
    """From this confidence on the check is unsure. Set on the same pictures."""
    plain_share_from: float = 0.0
    """Only text of whose area at least this share lies on plain background is meant: there it can be painted out. For
    policies to set."""
    plain_share_below: float = 1.01
    """Only text of whose area less than this share lies on plain background is meant. For policies to set."""


class TextOverPicture(Check[TextOverPictureParams]):
    """Text is laid over the picture.

    Why it matters: channels refuse main pictures with added text, and what it says is neither searched nor translated.
    How to fix: use the picture without the text; say it in the title, the bullet points or a secondary picture.
    """

    params = TextOverPictureParams
    needs = ("overlay_text_confidence", "overlay_text_words", "overlay_text_share", "overlay_plain_share")
    box = "overlay_text_boxes"
    roles = (Role.MAIN,)
    examples = (
        Example(
            {
                "overlay_text_confidence": 0.99,
                "overlay_text_words": ["FREE SHIPPING"],
                "overlay_text_share": 0.04,
                "overlay_plain_share": 1.0,
            },
            FAIL,
            "a banner",
        ),
        Example(
            {
                "overlay_text_confidence": 0.05,
                "overlay_text_words": [],
                "overlay_text_share": 0.0,
                "overlay_plain_share": None,
            },
            PASS,
            "a label on a jar",
        ),
        Example(
            {
                "overlay_text_confidence": 0.55,
                "overlay_text_words": ["Oats"],
                "overlay_text_share": 0.02,
                "overlay_plain_share": 0.0,
            },
            UNSURE,
            "a flat carton from the front",
        ),
    )

    def fails(self, column: Columns, params: TextOverPictureParams) -> pl.Expr:
        return column.overlay_text_confidence > params.max_overlay_text_confidence

    def applies(self, column: Columns, params: TextOverPictureParams) -> pl.Expr:
        share = column.overlay_plain_share.fill_null(0.0)
        return (share >= params.plain_share_from) & (share < params.plain_share_below)

    def unsure(self, column: Columns, params: TextOverPictureParams) -> pl.Expr:
        confidence = column.overlay_text_confidence
        return (confidence >= params.unsure_from_confidence) & (confidence <= params.max_overlay_text_confidence)

    def expected(self, params: TextOverPictureParams) -> str:
        where = phrase(" on its plain background") if params.plain_share_from > 0 else ""
        return phrase("no text laid over the picture{where}", where=where)

    def measured(self, row: Mapping[str, object], params: TextOverPictureParams) -> str:
        said = words(row.get("overlay_text_words"))
        sure = phrase(
            "text laid over with a confidence of {overlay_text_confidence}",
            overlay_text_confidence=words(row.get("overlay_text_confidence")),
        )
        return phrase(
            "{sure}: {said} ({overlay_text_share} of the picture)",
            sure=sure,
            said=said,
            overlay_text_share=percent(row.get("overlay_text_share")),
        )
