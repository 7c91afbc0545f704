"""The check `halo`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HaloParams:
    """What a policy can set of `halo`."""

    max_halo_share: float = 0.5
    """Largest accepted share of the outline with a fringe. Set on the pictures of `training/halo.md` that it learns
    from, the shops' own packshots among them."""
    unsure_from_share: float = 0.35
    """From this share on the check is unsure. Set on the same pictures."""


class Halo(Check[HaloParams]):
    """The product is badly cut out: a fringe runs along its outline.

    Why it matters: a rim of the old background makes the product look pasted in and the shop careless.
    How to fix: cut out again, a pixel further in, and remove the old background's colour from the edge.
    """

    params = HaloParams
    needs = ("halo_share",)
    on_fail = Verdict.REVIEW
    box = "product_box"
    examples = (
        Example({"halo_share": 0.05}, PASS, "a clean edge"),
        Example({"halo_share": 0.9}, FAIL, "a grey rim all around"),
        Example({"halo_share": 0.4}, UNSURE, "a dark seam, or a rim along half of it"),
        Example({"halo_share": None}, PASS, "no plain background, and so no cut-out"),
    )

    def fails(self, column: Columns, params: HaloParams) -> pl.Expr:
        return column.halo_share > params.max_halo_share

    def applies(self, column: Columns, params: HaloParams) -> pl.Expr:
        return column.halo_share.is_not_null()

    def unsure(self, column: Columns, params: HaloParams) -> pl.Expr:
        return (column.halo_share >= params.unsure_from_share) & (column.halo_share <= params.max_halo_share)

    def expected(self, params: HaloParams) -> str:
        return phrase(
            "a fringe along at most {max_halo_share} of the outline", max_halo_share=percent(params.max_halo_share)
        )

    def measured(self, row: Mapping[str, object], params: HaloParams) -> str:
        return phrase("a fringe along {halo_share} of the outline", halo_share=percent(row.get("halo_share")))
