"""The check `colourless`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class Colourless(Check[NoParams]):
    """The picture is black and white.

    Why it matters: shoppers cannot tell the product's colour.
    How to fix: use the colour original; where the product itself is grey, nothing needs to be done.
    """

    params = NoParams
    needs = ("is_grayscale",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"is_grayscale": False}, PASS, "in colour"),
        Example({"is_grayscale": True}, FAIL, "every pixel is grey"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.is_grayscale

    def expected(self, params: NoParams) -> str:
        return phrase("a picture in colour")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return phrase("only greys") if row.get("is_grayscale") else phrase("in colour")
