"""The check `wrong_aspect`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import number, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WrongAspectParams:
    """What a policy can set of `wrong_aspect`."""

    min_aspect_ratio: float = 0.4
    """Smallest accepted width divided by height. By judgement: no data is on record that set it."""
    max_aspect_ratio: float = 2.5
    """Largest accepted width divided by height. By judgement: no data is on record that set it."""


class WrongAspect(Check[WrongAspectParams]):
    """The picture has an unfit shape.

    Why it matters: very wide or tall pictures shrink to a strip in lists, and channels crop them where it
    hurts.
    How to fix: crop the picture, or pad it with its background, to the wanted ratio.
    """

    params = WrongAspectParams
    needs = ("aspect_ratio",)
    on_fail = Verdict.SHOW
    examples = (
        Example({"aspect_ratio": 1.0}, PASS, "square"),
        Example({"aspect_ratio": 4.0}, FAIL, "a banner"),
        Example({"aspect_ratio": 0.2}, FAIL, "a tall strip"),
    )

    def fails(self, column: Columns, params: WrongAspectParams) -> pl.Expr:
        return (column.aspect_ratio < params.min_aspect_ratio) | (column.aspect_ratio > params.max_aspect_ratio)

    def expected(self, params: WrongAspectParams) -> str:
        return phrase(
            "width ÷ height from {min_aspect_ratio} to {max_aspect_ratio}",
            min_aspect_ratio=number(params.min_aspect_ratio),
            max_aspect_ratio=number(params.max_aspect_ratio),
        )

    def measured(self, row: Mapping[str, object], params: WrongAspectParams) -> str:
        return phrase("width ÷ height {aspect_ratio}", aspect_ratio=words(row.get("aspect_ratio")))
