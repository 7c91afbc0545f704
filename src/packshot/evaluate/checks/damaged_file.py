"""The check `damaged_file`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class DamagedFile(Check[NoParams]):
    """The file is damaged.

    Why it matters: parts of the picture are missing or grey; other programs may not open it at all.
    How to fix: upload the file again from the original; the copy was cut short or altered on its way.
    """

    params = NoParams
    needs = ("decode_intact",)
    on_fail = Verdict.REVIEW
    examples = (
        Example({"decode_intact": True}, PASS, "decodes without repair"),
        Example({"decode_intact": False}, FAIL, "the last third is missing"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return ~column.decode_intact

    def expected(self, params: NoParams) -> str:
        return phrase("a file that decodes without repair")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        return phrase("decodes without repair: {decode_intact}", decode_intact=words(row.get("decode_intact")))
