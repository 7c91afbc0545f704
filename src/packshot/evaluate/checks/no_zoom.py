"""The check `no_zoom`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, WARN, Check, Example, size, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NoZoomParams:
    """What a policy can set of `no_zoom`."""

    min_longest_px: int = 1000
    """Longer side from which the zoom works. Amazon's figure."""
    recommended_longest_px: int = 1600
    """Longer side from which it is good; between the two there is a warning. Amazon's figure."""


class NoZoom(Check[NoZoomParams]):
    """The picture is too small for the channel's zoom.

    Why it matters: shoppers zoom before they buy; below the limit the zoom is switched off.
    How to fix: export the picture again from the original with the longer side at the recommended size or
    above.
    """

    params = NoZoomParams
    needs = ("width_px", "height_px")
    on_fail = Verdict.SHOW
    examples = (
        Example({"width_px": 1600, "height_px": 900}, PASS, "the recommended size"),
        Example({"width_px": 900, "height_px": 1200}, WARN, "zooms, but not well"),
        Example({"width_px": 999, "height_px": 999}, FAIL, "just below the zoom"),
    )

    def fails(self, column: Columns, params: NoZoomParams) -> pl.Expr:
        return (column.width_px < params.min_longest_px) & (column.height_px < params.min_longest_px)

    def warns(self, column: Columns, params: NoZoomParams) -> pl.Expr:
        least = params.recommended_longest_px
        return (column.width_px < least) & (column.height_px < least)

    def expected(self, params: NoZoomParams) -> str:
        least, good = words(params.min_longest_px), words(params.recommended_longest_px)
        return phrase("at least {least} px on the longer side, better {good}", least=least, good=good)

    def measured(self, row: Mapping[str, object], params: NoZoomParams) -> str:
        return size(row)
