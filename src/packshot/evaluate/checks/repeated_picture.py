"""The check `repeated_picture`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class RepeatedPicture(Check[NoParams]):
    """The picture repeats an earlier one of the same gallery.

    Why it matters: a slot that could show something new shows nothing new.
    How to fix: remove it, or put another view in its place.
    """

    params = NoParams
    needs = ("repeats_earlier", "repeats_uri")
    examples = (
        Example({"repeats_earlier": False, "repeats_uri": None}, PASS, "seen for the first time"),
        Example({"repeats_earlier": True, "repeats_uri": "mug-front.jpg"}, FAIL, "the main picture again, smaller"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.repeats_earlier

    def expected(self, params: NoParams) -> str:
        return phrase("a picture that the gallery does not show yet")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return (
            phrase("the same as {repeats_uri}", repeats_uri=row["repeats_uri"])
            if row.get("repeats_uri")
            else phrase("not shown before")
        )
