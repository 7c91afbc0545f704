"""The check `too_many_pixels`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, size, words
from packshot.texts.language import number, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TooManyPixelsParams:
    """What a policy can set of `too_many_pixels`."""

    max_longest_px: int = 10_000
    """Most pixels on the longer side. Amazon's figure."""
    max_megapixels: float = 100.0
    """Most pixels in all, in millions. By judgement: no data is on record that set it."""


class TooManyPixels(Check[TooManyPixelsParams]):
    """The picture has more pixels than the channel takes.

    Why it matters: files beyond the limit are refused, and below it they only load slowly.
    How to fix: export the picture again with the longer side within the limit; nothing that shoppers see is
    lost.
    """

    params = TooManyPixelsParams
    needs = ("width_px", "height_px")
    examples = (
        Example({"width_px": 2000, "height_px": 2000}, PASS, "an ordinary size"),
        Example({"width_px": 12000, "height_px": 900}, FAIL, "one side is too long"),
        Example({"width_px": 9900, "height_px": 11000}, FAIL, "109 megapixels"),
    )

    def fails(self, column: Columns, params: TooManyPixelsParams) -> pl.Expr:
        long = (column.width_px > params.max_longest_px) | (column.height_px > params.max_longest_px)
        return long | (column.width_px * column.height_px > params.max_megapixels * 1_000_000)

    def expected(self, params: TooManyPixelsParams) -> str:
        whole = phrase("{max_megapixels} megapixels", max_megapixels=number(params.max_megapixels))
        if params.max_longest_px >= params.max_megapixels * 1_000_000:
            return phrase("at most {whole}", whole=whole)  # no side can be longer than that
        return phrase(
            "at most {max_longest_px} px on the longer side and {whole}",
            max_longest_px=words(params.max_longest_px),
            whole=whole,
        )

    def measured(self, row: Mapping[str, object], params: TooManyPixelsParams) -> str:
        return size(row)
