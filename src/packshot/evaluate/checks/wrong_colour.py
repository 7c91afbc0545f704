"""The check `wrong_colour`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import figures, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WrongColourParams:
    """What a policy can set of `wrong_colour`."""

    min_colour_agreement: float = 0.1
    """Lowest accepted agreement of the product's colours with the stated one, 0 to 1. Set on the colour variants of
    magento2. These are the pictures of its exam, too."""
    min_confidence: float = 0.5
    """Below this confidence that the colours are the product's, the check is unsure. A half, by meaning: no data is on
    record that set it."""


class WrongColour(Check[WrongColourParams]):
    """The product has another colour than its listing says.

    Why it matters: the wrong colour is among the first reasons for returns, and variants are easily swapped.
    How to fix: look whether the picture belongs to another variant; mend the colour of the listing if that is wrong.
    """

    params = WrongColourParams
    needs = ("colour_agreement", "product_colours_confidence")
    on_fail = Verdict.REVIEW
    examples = (
        Example({"colour_agreement": 1.0, "product_colours_confidence": 0.9}, PASS, "a red mug called red"),
        Example({"colour_agreement": 0.0, "product_colours_confidence": 0.9}, FAIL, "a blue mug called red"),
        Example({"colour_agreement": 0.0, "product_colours_confidence": 0.1}, UNSURE, "a scene without red"),
        Example({"colour_agreement": None, "product_colours_confidence": 0.9}, PASS, "no colour is stated"),
    )

    def fails(self, column: Columns, params: WrongColourParams) -> pl.Expr:
        return column.colour_agreement < params.min_colour_agreement

    def applies(self, column: Columns, params: WrongColourParams) -> pl.Expr | None:
        return column.colour_agreement.is_not_null()

    def unsure(self, column: Columns, params: WrongColourParams) -> pl.Expr | None:
        doubtful = column.product_colours_confidence < params.min_confidence
        return doubtful & (column.colour_agreement < params.min_colour_agreement)

    def expected(self, params: WrongColourParams) -> str:
        return phrase(
            "an agreement with the stated colour of at least {min_colour_agreement}",
            min_colour_agreement=figures(f"{params.min_colour_agreement:.2f}"),
        )

    def measured(self, row: Mapping[str, object], params: WrongColourParams) -> str:
        return words(row.get("colour_agreement"))
