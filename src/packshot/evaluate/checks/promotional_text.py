"""The check `promotional_text`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PromotionalTextParams:
    """What a policy can set of `promotional_text`."""

    max_promotional_confidence: float = 0.65
    """Highest accepted confidence that a promotional word was laid over the picture; above it the check fails. The same
    bound as `text_over_picture` has, set on the same pictures."""
    unsure_from_confidence: float = 0.5
    """From this confidence on the check is unsure. The same as `text_over_picture` has."""


class PromotionalText(Check[PromotionalTextParams]):
    """The picture advertises: a sale, a discount, free shipping.

    Why it matters: channels refuse promotional text, and it is wrong as soon as the promotion ends.
    How to fix: use the picture without the text; promotions belong into the offer, not into its picture.
    """

    params = PromotionalTextParams
    needs = ("promotional_words", "promotional_confidence")
    box = "overlay_text_boxes"
    roles = (Role.MAIN,)
    examples = (
        Example({"promotional_words": ["free shipping"], "promotional_confidence": 0.99}, FAIL, "a banner"),
        Example({"promotional_words": [], "promotional_confidence": 0.0}, PASS, "no such word"),
        Example({"promotional_words": ["new"], "promotional_confidence": 0.1}, PASS, "printed on the pack"),
        Example({"promotional_words": ["gratis"], "promotional_confidence": 0.55}, UNSURE, "on a flat sticker"),
    )

    def fails(self, column: Columns, params: PromotionalTextParams) -> pl.Expr:
        return column.promotional_confidence > params.max_promotional_confidence

    def unsure(self, column: Columns, params: PromotionalTextParams) -> pl.Expr:
        confidence = column.promotional_confidence
        return (confidence >= params.unsure_from_confidence) & (confidence <= params.max_promotional_confidence)

    def expected(self, params: PromotionalTextParams) -> str:
        return phrase("no promotional words laid over the picture")

    def measured(self, row: Mapping[str, object], params: PromotionalTextParams) -> str:
        sure = words(row.get("promotional_confidence"))
        return phrase(
            "{promotional_words}, laid over with a confidence of {sure}",
            promotional_words=words(row.get("promotional_words")),
            sure=sure,
        )
