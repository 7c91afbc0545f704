"""The check `blank_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, WARN, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BlankPictureParams:
    """What a policy can set of `blank_picture`."""

    min_information: float = 0.1
    """Lowest accepted information, 0 (one colour) to 1 (a rich picture). Set with drawn pictures and photographs of
    shops in view; the drawn sample catalogue alone scores it."""
    doubtful_information: float = 0.25
    """Below this it is worth a word: a placeholder with some texture, or a flat drawing. Set with drawn pictures and
    photographs of shops in view; nothing scores it."""


class BlankPicture(Check[BlankPictureParams]):
    """The picture is blank or a placeholder.

    Why it matters: an empty frame or a `no image` card sells nothing, and channels take the listing down.
    How to fix: upload a photograph of the product.
    """

    params = BlankPictureParams
    needs = ("information",)
    on_fail = Verdict.BLOCK
    examples = (
        Example({"information": 0.6}, PASS, "a photograph"),
        Example({"information": 0.18}, WARN, "a logo on a card"),
        Example({"information": 0.0}, FAIL, "plain white"),
    )

    def fails(self, column: Columns, params: BlankPictureParams) -> pl.Expr:
        return column.information < params.min_information

    def warns(self, column: Columns, params: BlankPictureParams) -> pl.Expr:
        return column.information < params.doubtful_information

    def expected(self, params: BlankPictureParams) -> str:
        return phrase("information of at least {min_information}", min_information=words(params.min_information))

    def measured(self, row: Mapping[str, object], params: BlankPictureParams) -> str:
        return phrase("information {information}", information=words(row.get("information")))
