"""The check `product_too_small`."""

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
class ProductTooSmallParams:
    """What a policy can set of `product_too_small`."""

    min_product_fill_share: float = 0.6
    """Smallest accepted fill: the larger of the product's width and height as shares of the picture's. By judgement;
    the drawn sample catalogue alone scores it."""
    min_product_area_share: float = 0.0
    """Smallest accepted share of the picture's area that the product covers."""
    min_confidence: float = 0.5
    """Below this confidence in where the product is, the check is unsure. A half, by meaning: what masks of that
    confidence are worth is in `training/matte_confidence.md`."""


class ProductTooSmall(Check[ProductTooSmallParams]):
    """The product is too small in the frame.

    Why it matters: in search results pictures are thumbnails: a small product cannot be told from its
    neighbours.
    How to fix: crop closer, so that the product nearly touches the nearer pair of edges, and keep a small
    margin.
    """

    params = ProductTooSmallParams
    needs = ("product_fill_share", "product_area_share", "product_confidence")
    roles = (Role.MAIN,)
    box = "product_box"
    examples = (
        Example(
            {"product_fill_share": 0.9, "product_area_share": 0.5, "product_confidence": 0.9}, PASS, "fills the frame"
        ),
        Example(
            {"product_fill_share": 0.3, "product_area_share": 0.05, "product_confidence": 0.9}, FAIL, "lost in white"
        ),
        Example(
            {"product_fill_share": 0.3, "product_area_share": 0.05, "product_confidence": 0.1},
            UNSURE,
            "a scene: the product cannot be told",
        ),
        Example(
            {"product_fill_share": None, "product_area_share": None, "product_confidence": 0.0},
            UNSURE,
            "no product found",
        ),
    )

    def fails(self, column: Columns, params: ProductTooSmallParams) -> pl.Expr:
        return (column.product_fill_share < params.min_product_fill_share) | (
            column.product_area_share < params.min_product_area_share
        )

    def unsure(self, column: Columns, params: ProductTooSmallParams) -> pl.Expr:
        return column.product_confidence < params.min_confidence

    def expected(self, params: ProductTooSmallParams) -> str:
        text = phrase(
            "a product over at least {min_product_fill_share} of the width or height",
            min_product_fill_share=percent(params.min_product_fill_share),
        )
        if params.min_product_area_share:
            text += phrase(
                " and {min_product_area_share} of the area",
                min_product_area_share=percent(params.min_product_area_share),
            )
        return text

    def measured(self, row: Mapping[str, object], params: ProductTooSmallParams) -> str:
        text = phrase(
            "{product_fill_share} of the width or height", product_fill_share=percent(row.get("product_fill_share"))
        )
        if params.min_product_area_share:
            text += phrase(
                ", {product_area_share} of the area", product_area_share=percent(row.get("product_area_share"))
            )
        return phrase(
            "{text} (confidence {product_confidence})",
            text=text,
            product_confidence=words(row.get("product_confidence")),
        )
