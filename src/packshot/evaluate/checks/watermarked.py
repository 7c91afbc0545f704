"""The check `watermarked`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WatermarkedParams:
    """What a policy can set of `watermarked`."""

    min_probability: float = 0.8
    """From this probability on the picture is marked. Of pictures made for validation (`training/laid_over.md`), 35 of
    94 with a mark that can be seen reach it, and 3 of 256 without."""
    unsure_from: float = 0.75
    """From this probability on a person has to look. It was 0.6, which 50 of the same pictures with a mark reach and 8
    without: of ten doubts on a catalogue of 823 photographs, none with a mark, seven lay between the two."""


class Watermarked(Check[WatermarkedParams]):
    """A watermark lies over the picture.

    Why it matters: channels refuse marked pictures in every role, and a mark says that the picture may belong to
    somebody else.
    How to fix: ask whoever took the picture for the one without the mark.
    """

    params = WatermarkedParams
    needs = ("watermark_probability", "watermark_boxes")
    on_fail = Verdict.REVIEW
    box = "watermark_boxes"
    examples = (
        Example(
            {"watermark_probability": 0.93, "watermark_boxes": [0.1, 0.4, 0.8, 0.2]}, FAIL, "a name across the middle"
        ),
        Example({"watermark_probability": 0.02, "watermark_boxes": ()}, PASS, "a plain packshot"),
        Example(
            {"watermark_probability": 0.77, "watermark_boxes": [0.7, 0.9, 0.3, 0.1]}, UNSURE, "a faint word in a corner"
        ),
    )

    def fails(self, column: Columns, params: WatermarkedParams) -> pl.Expr:
        return column.watermark_probability >= params.min_probability

    def unsure(self, column: Columns, params: WatermarkedParams) -> pl.Expr:
        likely = column.watermark_probability
        return (likely >= params.unsure_from) & (likely < params.min_probability)

    def expected(self, params: WatermarkedParams) -> str:
        return phrase("no watermark: a probability below {unsure_from}", unsure_from=words(params.unsure_from))

    def measured(self, row: Mapping[str, object], params: WatermarkedParams) -> str:
        return phrase(
            "a watermark with a probability of {watermark_probability}",
            watermark_probability=words(row.get("watermark_probability")),
        )
