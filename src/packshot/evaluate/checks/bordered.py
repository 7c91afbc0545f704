"""The check `bordered`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, words

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
        return "no border" if params.max_border_px <= 1 else f"a border of at most {params.max_border_px} px"

    def measured(self, row: Mapping[str, object], params: BorderedParams) -> str:
        return f"a border of {words(row.get('border_px'))} px"
