"""The check `main_missing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, Scope, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class MainMissing(Check[NoParams]):
    """The listing comes without a main picture that can be read.

    Why it matters: without one the listing has no face in search results, and channels hide it.
    How to fix: give one readable picture the role main.
    """

    params = NoParams
    needs = ("gallery_mains",)
    scope = Scope.LISTING
    on_fail = Verdict.REVIEW
    examples = (
        Example({"gallery_mains": 1}, PASS, "there is one"),
        Example({"gallery_mains": 0}, FAIL, "there is none, or it cannot be read"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.gallery_mains < 1

    def expected(self, params: NoParams) -> str:
        return phrase("one readable main picture")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return phrase("{gallery_mains} main pictures", gallery_mains=words(row.get("gallery_mains")))
