"""The check `known_bad`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class KnownBad(Check[NoParams]):
    """The picture is in a bank of pictures that are known to be bad.

    Takes part in every policy, also in one that does not name it: a policy may only say whether the picture is
    blocked or reviewed.

    Why it matters: somebody has decided before that customers must not see it.
    How to fix: use another picture; if the bank is wrong, take the entry out with `packshot bank remove`.
    """

    params = NoParams
    needs = ("bank_hit", "bank_note")
    on_fail = Verdict.BLOCK
    examples = (
        Example({"bank_hit": None, "bank_note": None}, PASS, "in no bank"),
        Example({"bank_hit": "withdrawn", "bank_note": "recall of May"}, FAIL, "of a product that was withdrawn"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.bank_hit.is_not_null()

    def expected(self, params: NoParams) -> str:
        return phrase("a picture that is in no bank")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        if not row.get("bank_hit"):
            return phrase("in no bank")
        told = phrase("in the bank {bank_hit}", bank_hit=row["bank_hit"])
        return f"{told}: {row['bank_note']}" if row.get("bank_note") else told
