"""The check `too_few_pixels`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, size, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TooFewPixelsParams:
    """What a policy can set of `too_few_pixels`."""

    min_longest_px: int = 500
    """Fewest pixels on the longer side. Amazon's figure, and eBay's."""
    min_shortest_px: int = 1
    """Fewest pixels on the shorter side."""


class TooFewPixels(Check[TooFewPixelsParams]):
    """The picture has too few pixels.

    Why it matters: channels refuse small files, and shoppers cannot see what they would buy.
    How to fix: export the picture again from the original in a larger size; enlarging this file adds
    pixels, not detail.
    """

    params = TooFewPixelsParams
    needs = ("width_px", "height_px")
    on_fail = Verdict.REVIEW
    examples = (
        Example({"width_px": 1200, "height_px": 800}, PASS, "large enough"),
        Example({"width_px": 400, "height_px": 499}, FAIL, "no side reaches 500"),
    )

    def fails(self, column: Columns, params: TooFewPixelsParams) -> pl.Expr:
        longest_short = (column.width_px < params.min_longest_px) & (column.height_px < params.min_longest_px)
        shortest_short = (column.width_px < params.min_shortest_px) | (column.height_px < params.min_shortest_px)
        return longest_short | shortest_short

    def expected(self, params: TooFewPixelsParams) -> str:
        text = phrase("at least {min_longest_px} px on the longer side", min_longest_px=words(params.min_longest_px))
        if params.min_shortest_px > 1:
            text += phrase(" and {min_shortest_px} px on the shorter", min_shortest_px=words(params.min_shortest_px))
        return text

    def measured(self, row: Mapping[str, object], params: TooFewPixelsParams) -> str:
        return size(row)
