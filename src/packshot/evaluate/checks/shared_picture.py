"""The check `shared_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharedPictureParams:
    """What a policy can set of `shared_picture`."""

    max_other_products: int = 0
    """Most other products that may show it; variants of one group count as one product. By meaning."""
    variants_may_share: bool = True
    """Whether variants of one group may show the same picture, as sizes do of one colour. For policies to set."""


class SharedPicture(Check[SharedPictureParams]):
    """Other products show the same picture.

    Why it matters: one of the listings very likely shows the wrong product.
    How to fix: find the product that the picture belongs to; give the others their own, or join them as
    variants of one group.
    """

    params = SharedPictureParams
    needs = ("other_products", "other_variants")
    on_fail = Verdict.SHOW
    examples = (
        Example({"other_products": 0, "other_variants": 0}, PASS, "only here"),
        Example({"other_products": 0, "other_variants": 4}, PASS, "on four other sizes of the same shirt"),
        Example({"other_products": 3, "other_variants": 0}, FAIL, "on three other products"),
    )

    def fails(self, column: Columns, params: SharedPictureParams) -> pl.Expr:
        of_others = column.other_products > params.max_other_products
        return of_others if params.variants_may_share else of_others | (column.other_variants > 0)

    def expected(self, params: SharedPictureParams) -> str:
        few = params.max_other_products
        of_others = (
            phrase("a picture of this product alone")
            if few == 0
            else phrase("at most {few} other products with this picture", few=few)
        )
        return (
            of_others
            if params.variants_may_share
            else phrase("{of_others}, and none of its variants", of_others=of_others)
        )

    def measured(self, row: Mapping[str, object], params: SharedPictureParams) -> str:
        shown = phrase("{other_products} other products show it", other_products=words(row.get("other_products")))
        if params.variants_may_share:
            return shown
        return phrase(
            "{shown}, and {other_variants} other variants of this one",
            shown=shown,
            other_variants=words(row.get("other_variants")),
        )
