"""The check `low_contrast`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LowContrastParams:
    """What a policy can set of `low_contrast`."""

    min_contrast: float = 0.06
    """Lowest accepted standard deviation of luma, 0 to 1. By judgement: no data is on record that set it."""


class LowContrast(Check[LowContrastParams]):
    """The picture is flat and washed out.

    Why it matters: without contrast the product does not stand out from its background.
    How to fix: light the product from the side, and set black and white points before export.
    """

    params = LowContrastParams
    needs = ("contrast",)
    examples = (
        Example({"contrast": 0.2}, PASS, "clear tones"),
        Example({"contrast": 0.02}, FAIL, "grey in grey"),
    )

    def fails(self, column: Columns, params: LowContrastParams) -> pl.Expr:
        return column.contrast < params.min_contrast

    def expected(self, params: LowContrastParams) -> str:
        return phrase("contrast of at least {min_contrast}", min_contrast=words(params.min_contrast))

    def measured(self, row: Mapping[str, object], params: LowContrastParams) -> str:
        return phrase("contrast {contrast}", contrast=words(row.get("contrast")))
