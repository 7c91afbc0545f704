"""The check `several_mains`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, Scope, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class SeveralMains(Check[NoParams]):
    """The listing has more than one main picture.

    Why it matters: which of them shoppers see is left to chance.
    How to fix: keep one main picture and give the others the role secondary.
    """

    params = NoParams
    needs = ("gallery_mains",)
    scope = Scope.LISTING
    examples = (
        Example({"gallery_mains": 1}, PASS, "one"),
        Example({"gallery_mains": 0}, PASS, "none is another fault"),
        Example({"gallery_mains": 3}, FAIL, "three"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.gallery_mains > 1

    def expected(self, params: NoParams) -> str:
        return phrase("one main picture")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return phrase("{gallery_mains} main pictures", gallery_mains=words(row.get("gallery_mains")))
