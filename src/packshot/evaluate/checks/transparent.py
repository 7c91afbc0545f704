"""The check `transparent`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class Transparent(Check[NoParams]):
    """The file has a transparency channel.

    Why it matters: what lies behind it decides how it looks: white products vanish, and some channels show
    black.
    How to fix: flatten the picture on white and export it as JPEG, or as PNG without alpha.
    """

    params = NoParams
    needs = ("has_alpha",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"has_alpha": False}, PASS, "opaque"),
        Example({"has_alpha": True}, FAIL, "a cut-out PNG"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.has_alpha

    def expected(self, params: NoParams) -> str:
        return phrase("an opaque picture")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return phrase("alpha channel: {has_alpha}", has_alpha=words(row.get("has_alpha")))
