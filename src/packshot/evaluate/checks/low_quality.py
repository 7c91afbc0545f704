"""The check `low_quality`."""

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
class LowQualityParams:
    """What a policy can set of `low_quality`."""

    min_technical_quality: float = 0.35
    """Lowest accepted technical quality, 0 (ruined) to 1: where the whole interval is below, the check fails, and where
    only the score is, it is unsure. By judgement, with the photographs of shops in view that
    `training/technical_quality.md` learns from; a rule for some categories may ask for more."""


class LowQuality(Check[LowQualityParams]):
    """The picture is technically poor: blurred, noisy, badly lit or damaged by saving.

    Why it matters: people take the picture's quality for the product's.
    How to fix: find the original, or shoot again with light, a steady camera and the focus on the product; save it
    once, at high quality. The checks of sharpness, noise, light and compression say more of what is wrong.
    """

    params = LowQualityParams
    needs = ("technical_quality", "technical_quality_low", "technical_quality_high")
    on_fail = Verdict.REVIEW
    examples = (
        Example(
            {"technical_quality": 0.78, "technical_quality_low": 0.6, "technical_quality_high": 0.9}, PASS, "a packshot"
        ),
        Example(
            {"technical_quality": 0.1, "technical_quality_low": 0.03, "technical_quality_high": 0.25},
            FAIL,
            "dark, soft and full of blocks",
        ),
        Example(
            {"technical_quality": 0.25, "technical_quality_low": 0.1, "technical_quality_high": 0.45},
            UNSURE,
            "it may be good enough",
        ),
        Example(
            {"technical_quality": None, "technical_quality_low": None, "technical_quality_high": None},
            PASS,
            "nothing is drawn: the check `blank_picture` speaks of that",
        ),
    )

    def fails(self, column: Columns, params: LowQualityParams) -> pl.Expr:
        return column.technical_quality_high < params.min_technical_quality

    def applies(self, column: Columns, params: LowQualityParams) -> pl.Expr:
        return column.technical_quality.is_not_null()

    def unsure(self, column: Columns, params: LowQualityParams) -> pl.Expr:
        least = params.min_technical_quality
        return (column.technical_quality < least) & (column.technical_quality_high >= least)

    def expected(self, params: LowQualityParams) -> str:
        return phrase(
            "technical quality of at least {min_technical_quality}",
            min_technical_quality=words(params.min_technical_quality),
        )

    def measured(self, row: Mapping[str, object], params: LowQualityParams) -> str:
        between = phrase(
            "{technical_quality_low} to {technical_quality_high}",
            technical_quality_low=words(row.get("technical_quality_low")),
            technical_quality_high=words(row.get("technical_quality_high")),
        )
        return phrase(
            "{technical_quality}, most likely {between}",
            technical_quality=words(row.get("technical_quality")),
            between=between,
        )
