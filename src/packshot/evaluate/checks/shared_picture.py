"""The check `shared_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharedPictureParams:
    """What a policy can set of `shared_picture`."""

    max_other_products: int = 0
    """Most other products that may show it; variants of one group count as one product. By meaning."""


class SharedPicture(Check[SharedPictureParams]):
    """Other products show the same picture.

    Why it matters: one of the listings very likely shows the wrong product.
    How to fix: find the product that the picture belongs to; give the others their own, or join them as
    variants of one group.
    """

    params = SharedPictureParams
    needs = ("other_products",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"other_products": 0}, PASS, "only here"),
        Example({"other_products": 3}, FAIL, "on three other products"),
    )

    def fails(self, column: Columns, params: SharedPictureParams) -> pl.Expr:
        return column.other_products > params.max_other_products

    def expected(self, params: SharedPictureParams) -> str:
        few = params.max_other_products
        return "a picture of this product alone" if few == 0 else f"at most {few} other products with this picture"

    def measured(self, row: Mapping[str, object], params: SharedPictureParams) -> str:
        return f"{words(row.get('other_products'))} other products show it"
