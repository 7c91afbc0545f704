"""The check `wrong_product`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import figures, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WrongProductParams:
    """What a policy can set of `wrong_product`."""

    min_title_agreement: float = 0.05
    """Lowest accepted agreement of picture and title, 0 to 1. Set on own and swapped titles of tailwindtraders,
    grocery_store and magento2, by maps that had not seen the catalogue: 0.4 % of the own ones lie below."""
    doubtful_title_agreement: float = 0.1
    """Below it, the check is unsure; so lie 2 % of the own titles there. Set on the same titles."""


class WrongProduct(Check[WrongProductParams]):
    """The picture shows something else than the title and the category say.

    Blind spots: it tells kinds of things apart, and hardly things of one kind. Of pictures under a title of the same
    category it fails 1 %, of those under a title of another catalogue 60 %, on goods that it had not seen. The
    agreement itself ranks the former with an AUC of 0.77 (0.69 to 0.85): 0.92 where nearly all titles name another
    colour, 0.78 for packs (0.52 when their words are not read), 0.55 for loose fruit and vegetables, 0.63 for things
    of the home.

    Why it matters: a shopper who sees another thing than the title promises leaves, or sends it back.
    How to fix: find the listing that the picture belongs to, or mend the title.
    """

    params = WrongProductParams
    needs = ("title_agreement", "category_top")
    on_fail = Verdict.REVIEW
    examples = (
        Example({"title_agreement": 0.9, "category_top": "coffee mug"}, PASS, "a mug titled mug"),
        Example({"title_agreement": 0.07, "category_top": "vase"}, UNSURE, "a mug that looks like a vase"),
        Example({"title_agreement": 0.005, "category_top": "running shoe"}, FAIL, "a shoe titled mug"),
        Example({"title_agreement": None, "category_top": "running shoe"}, PASS, "a listing without words"),
    )

    def fails(self, column: Columns, params: WrongProductParams) -> pl.Expr:
        return column.title_agreement < params.min_title_agreement

    def applies(self, column: Columns, params: WrongProductParams) -> pl.Expr | None:
        return column.title_agreement.is_not_null()

    def unsure(self, column: Columns, params: WrongProductParams) -> pl.Expr | None:
        low, high = params.min_title_agreement, params.doubtful_title_agreement
        return (column.title_agreement >= low) & (column.title_agreement < high)

    def expected(self, params: WrongProductParams) -> str:
        return phrase(
            "an agreement with the title of at least {doubtful_title_agreement}",
            doubtful_title_agreement=figures(f"{params.doubtful_title_agreement:.2f}"),
        )

    def measured(self, row: Mapping[str, object], params: WrongProductParams) -> str:
        seen = row.get("category_top")
        looks = phrase("; it looks like: {seen}", seen=seen) if seen else ""
        return words(row.get("title_agreement")) + looks
