"""The check `enlarged`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EnlargedParams:
    """What a policy can set of `enlarged`."""

    min_effective_resolution_share: float = 0.6
    """Lowest accepted share of the picture's resolution that carries detail; 1 is all of it. By judgement; the drawn
    sample catalogue alone scores it."""


class Enlarged(Check[EnlargedParams]):
    """The picture was enlarged from a smaller one.

    Why it matters: the size promises detail that is not there: zoomed in, the product is a blur.
    How to fix: find the original and export it at its own size; do not enlarge.
    """

    params = EnlargedParams
    needs = ("effective_resolution_share",)
    on_fail = Verdict.REVIEW
    examples = (
        Example({"effective_resolution_share": 0.95}, PASS, "detail down to the pixel"),
        Example({"effective_resolution_share": 0.3}, FAIL, "a thumbnail made three times larger"),
        Example({"effective_resolution_share": None}, UNSURE, "no detail to judge by"),
    )

    def fails(self, column: Columns, params: EnlargedParams) -> pl.Expr:
        return column.effective_resolution_share < params.min_effective_resolution_share

    def expected(self, params: EnlargedParams) -> str:
        return f"detail at {percent(params.min_effective_resolution_share)} of the resolution or more"

    def measured(self, row: Mapping[str, object], params: EnlargedParams) -> str:
        return f"detail at {percent(row.get('effective_resolution_share'))} of the resolution"
