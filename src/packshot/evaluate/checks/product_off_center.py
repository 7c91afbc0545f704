"""The check `product_off_center`."""

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
class ProductOffCenterParams:
    """What a policy can set of `product_off_center`."""

    min_product_centering: float = 0.8
    """Lowest accepted centring, 0 (in a corner) to 1 (in the middle). By judgement: no data is on record that set
    it."""
    min_confidence: float = 0.5
    """Below this confidence in where the product is, the check is unsure. A half, by meaning: what masks of that
    confidence are worth is in `training/matte_confidence.md`."""


class ProductOffCenter(Check[ProductOffCenterParams]):
    """The product stands off the centre.

    Why it matters: a row of results looks untidy, and square crops cut off what stands at the side.
    How to fix: crop or pad the picture so that the margins left and right, and above and below, are alike.
    """

    params = ProductOffCenterParams
    needs = ("product_centering", "product_confidence")
    roles = (Role.MAIN,)
    box = "product_box"
    examples = (
        Example({"product_centering": 0.97, "product_confidence": 0.9}, PASS, "in the middle"),
        Example({"product_centering": 0.4, "product_confidence": 0.9}, FAIL, "pushed to the left"),
        Example({"product_centering": 0.4, "product_confidence": 0.2}, UNSURE, "a scene: the product cannot be told"),
    )

    def fails(self, column: Columns, params: ProductOffCenterParams) -> pl.Expr:
        return column.product_centering < params.min_product_centering

    def unsure(self, column: Columns, params: ProductOffCenterParams) -> pl.Expr:
        return column.product_confidence < params.min_confidence

    def expected(self, params: ProductOffCenterParams) -> str:
        return phrase(
            "centring of at least {min_product_centering}", min_product_centering=words(params.min_product_centering)
        )

    def measured(self, row: Mapping[str, object], params: ProductOffCenterParams) -> str:
        return phrase(
            "centring {product_centering} (confidence {product_confidence})",
            product_centering=words(row.get("product_centering")),
            product_confidence=words(row.get("product_confidence")),
        )
