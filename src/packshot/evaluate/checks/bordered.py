"""The check `bordered`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BorderedParams:
    """What a policy can set of `bordered`."""

    max_border_px: int = 1
    """Widest accepted border, in pixels. By judgement; the drawn sample catalogue alone scores it."""


class Bordered(Check[BorderedParams]):
    """A frame is drawn around the picture.

    Why it matters: borders are refused by most channels and break the look of the page.
    How to fix: crop the frame away.
    """

    params = BorderedParams
    needs = ("border_px",)
    examples = (
        Example({"border_px": 0}, PASS, "no frame"),
        Example({"border_px": 12}, FAIL, "a black frame"),
    )

    def fails(self, column: Columns, params: BorderedParams) -> pl.Expr:
        return column.border_px > params.max_border_px

    def expected(self, params: BorderedParams) -> str:
        return (
            phrase("no border")
            if params.max_border_px <= 1
            else phrase("a border of at most {max_border_px} px", max_border_px=params.max_border_px)
        )

    def measured(self, row: Mapping[str, object], params: BorderedParams) -> str:
        return phrase("a border of {border_px} px", border_px=words(row.get("border_px")))
