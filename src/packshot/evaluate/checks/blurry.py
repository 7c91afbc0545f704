"""The check `blurry`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BlurryParams:
    """What a policy can set of `blurry`."""

    min_sharpness: float = 0.35
    """Lowest accepted sharpness of the product, 0 (smeared) to 1 (crisp). Set on drawn pictures, with the untouched
    photographs of the exam `blurry` in view."""


class Blurry(Check[BlurryParams]):
    """The product is out of focus.

    Why it matters: shoppers zoom before they buy, and soft pictures come back as returns.
    How to fix: shoot again with the focus on the product, a tripod or a shorter exposure; sharpening cannot
    bring back what the lens lost.
    """

    params = BlurryParams
    needs = ("sharpness",)
    on_fail = Verdict.REVIEW
    box = "product_box"
    examples = (
        Example({"sharpness": 0.8}, PASS, "a crisp label"),
        Example({"sharpness": 0.1}, FAIL, "motion blur"),
        Example({"sharpness": None}, UNSURE, "nothing to focus on"),
    )

    def fails(self, column: Columns, params: BlurryParams) -> pl.Expr:
        return column.sharpness < params.min_sharpness

    def expected(self, params: BlurryParams) -> str:
        return phrase("sharpness of at least {min_sharpness}", min_sharpness=words(params.min_sharpness))

    def measured(self, row: Mapping[str, object], params: BlurryParams) -> str:
        return phrase("sharpness {sharpness}", sharpness=words(row.get("sharpness")))
