"""The check `too_few_pictures`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, Scope, words
from packshot.texts.language import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TooFewPicturesParams:
    """What a policy can set of `too_few_pictures`."""

    min_pictures: int = 4
    """Fewest readable pictures, the main one included. Walmart recommends as many; no data set it."""


class TooFewPictures(Check[TooFewPicturesParams]):
    """The listing shows too few pictures.

    Why it matters: shoppers want to see every side, the size and the product in use before they buy.
    How to fix: add views from other sides, a detail, the product in use, and what is in the box.
    """

    params = TooFewPicturesParams
    needs = ("gallery_pictures",)
    scope = Scope.LISTING
    on_fail = Verdict.SHOW
    examples = (
        Example({"gallery_pictures": 5}, PASS, "enough"),
        Example({"gallery_pictures": 1}, FAIL, "the main picture alone"),
    )

    def fails(self, column: Columns, params: TooFewPicturesParams) -> pl.Expr:
        return column.gallery_pictures < params.min_pictures

    def expected(self, params: TooFewPicturesParams) -> str:
        return counted(params.min_pictures, "at least one picture", "at least {n} pictures")

    def measured(self, row: Mapping[str, object], params: TooFewPicturesParams) -> str:
        count = row.get("gallery_pictures")
        return counted(count, "1 picture", "{n} pictures") if isinstance(count, int) else words(count)
