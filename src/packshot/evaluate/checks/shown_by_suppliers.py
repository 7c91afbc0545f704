"""The check `shown_by_suppliers`."""

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
class ShownBySuppliersParams:
    """What a policy can set of `shown_by_suppliers`."""

    max_other_suppliers: int = 0
    """Most other suppliers that may show the picture. By meaning; where all resell one brand, more may."""


class ShownBySuppliers(Check[ShownBySuppliersParams]):
    """Other suppliers show the same picture.

    The same file, re-encoded or resized; edited copies count where they were searched for (see `copied_picture`).
    Where the feed names no supplier, nothing is said.

    Why it matters: two suppliers with one picture sell the same goods, or one has taken the other's picture.
    How to fix: ask both for the right to it, or join their offers in one listing.
    """

    params = ShownBySuppliersParams
    needs = ("other_suppliers",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"other_suppliers": None}, PASS, "no supplier is named"),
        Example({"other_suppliers": 0}, PASS, "of this supplier alone"),
        Example({"other_suppliers": 2}, FAIL, "two others show it as well"),
    )

    def fails(self, column: Columns, params: ShownBySuppliersParams) -> pl.Expr:
        return (column.other_suppliers > params.max_other_suppliers).fill_null(value=False)

    def expected(self, params: ShownBySuppliersParams) -> str:
        few = params.max_other_suppliers
        if few == 0:
            return phrase("a picture of this supplier alone")
        return phrase("at most {few} other suppliers with this picture", few=few)

    def measured(self, row: Mapping[str, object], params: ShownBySuppliersParams) -> str:
        return phrase("{other_suppliers} other suppliers show it", other_suppliers=words(row.get("other_suppliers")))
