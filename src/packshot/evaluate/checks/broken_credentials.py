"""The check `broken_credentials`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class BrokenCredentials(Check[NoParams]):
    """The content credentials (C2PA) of the file do not hold.

    Why it matters: the picture or what is said of it was changed after somebody signed it, mostly by a tool that does
    not know of content credentials; viewers that show them will warn of the picture.
    How to fix: export the picture again with a tool that signs anew, or take the broken credentials out of the file.
    """

    params = NoParams
    needs = ("c2pa_present", "c2pa_state", "c2pa_faults")
    examples = (
        Example({"c2pa_present": False, "c2pa_state": None, "c2pa_faults": None}, PASS, "no content credentials"),
        Example({"c2pa_present": True, "c2pa_state": "valid", "c2pa_faults": None}, PASS, "signed and unchanged"),
        Example(
            {"c2pa_present": True, "c2pa_state": "invalid", "c2pa_faults": ["assertion.dataHash.mismatch"]},
            FAIL,
            "the pixels were changed after signing",
        ),
    )

    def applies(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.c2pa_present

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.c2pa_state == "invalid"

    def expected(self, params: NoParams) -> str:
        return phrase("no content credentials, or ones that hold")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        if row.get("c2pa_present") is False:
            return phrase("no content credentials")
        faults = f" ({words(row.get('c2pa_faults'))})" if row.get("c2pa_faults") else ""
        return phrase(
            "content credentials: {c2pa_state}{faults}", c2pa_state=words(row.get("c2pa_state")), faults=faults
        )
