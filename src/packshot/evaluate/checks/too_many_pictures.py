"""The check `too_many_pictures`."""

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
class TooManyPicturesParams:
    """What a policy can set of `too_many_pictures`."""

    max_pictures: int = 20
    """Most readable pictures, the main one included. By judgement: no data is on record that set it."""


class TooManyPictures(Check[TooManyPicturesParams]):
    """The listing has more pictures than the channel shows.

    Why it matters: what comes last is never seen, or the whole upload is refused.
    How to fix: keep the pictures that say something new; drop repeats and near repeats first.
    """

    params = TooManyPicturesParams
    needs = ("gallery_pictures",)
    scope = Scope.LISTING
    on_fail = Verdict.SHOW
    examples = (
        Example({"gallery_pictures": 8}, PASS, "within the limit"),
        Example({"gallery_pictures": 31}, FAIL, "too many"),
    )

    def fails(self, column: Columns, params: TooManyPicturesParams) -> pl.Expr:
        return column.gallery_pictures > params.max_pictures

    def expected(self, params: TooManyPicturesParams) -> str:
        return counted(params.max_pictures, "at most one picture", "at most {n} pictures")

    def measured(self, row: Mapping[str, object], params: TooManyPicturesParams) -> str:
        count = row.get("gallery_pictures")
        return counted(count, "1 picture", "{n} pictures") if isinstance(count, int) else words(count)
