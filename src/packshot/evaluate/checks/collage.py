"""The check `collage`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CollageParams:
    """What a policy can set of `collage`."""

    min_probability: float = 0.5
    """From this probability on it is a collage. Of pictures made for validation (`training/collage_head.md`), 58 of 111
    collages reach it and none of 390 others."""
    unsure_from: float = 0.3
    """From this probability on a person has to look. 67 of the same collages reach it, and 9 of the others."""


class Collage(Check[CollageParams]):
    """The picture is put together of several pictures.

    Why it matters: in a main picture channels want one view of the product; tiles are too small to see on a phone.
    How to fix: give each view a picture of its own, and lead with the best one.
    """

    params = CollageParams
    needs = ("collage_probability",)
    on_fail = Verdict.REVIEW
    roles = (Role.MAIN,)
    examples = (
        Example({"collage_probability": 0.98}, FAIL, "four tiles"),
        Example({"collage_probability": 0.04}, PASS, "one bottle"),
        Example({"collage_probability": 0.4}, UNSURE, "a window with bars"),
    )

    def fails(self, column: Columns, params: CollageParams) -> pl.Expr:
        return column.collage_probability >= params.min_probability

    def unsure(self, column: Columns, params: CollageParams) -> pl.Expr:
        likely = column.collage_probability
        return (likely >= params.unsure_from) & (likely < params.min_probability)

    def expected(self, params: CollageParams) -> str:
        return phrase("one picture: a probability below {unsure_from}", unsure_from=words(params.unsure_from))

    def measured(self, row: Mapping[str, object], params: CollageParams) -> str:
        return phrase(
            "a collage with a probability of {collage_probability}",
            collage_probability=words(row.get("collage_probability")),
        )
