"""The check `enlarged`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, percent, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EnlargedParams:
    """What a policy can set of `enlarged`."""

    min_effective_resolution_share: float = 0.6
    """Lowest accepted share of the picture's resolution that carries detail; 1 is all of it. By judgement; the drawn
    sample catalogue alone scores it."""
    max_upscaled_probability: float = 0.85
    """Highest accepted probability that the picture was enlarged. Set on the pictures of `training/upscaled.md` that it
    learns from."""
    unsure_from_probability: float = 0.7
    """From this probability on the check is unsure. By judgement, with the same pictures and drawn ones in view."""
    full_from_share: float = 0.9
    """From this share of detail on traces of enlarging alone leave the check unsure: flat drawings and covers show such
    traces, too. By judgement, with the drawn sample catalogue in view."""
    soft_up_to_probability: float = 0.1
    """Up to this probability a picture without fine detail is a soft one, of which the check `blurry` speaks. Set on
    the same pictures."""


class Enlarged(Check[EnlargedParams]):
    """The picture was enlarged from a smaller one.

    Why it matters: the size promises detail that is not there: zoomed in, the product is a blur.
    How to fix: find the original and export it at its own size; do not enlarge.
    """

    params = EnlargedParams
    needs = ("effective_resolution_share", "upscaled_probability")
    on_fail = Verdict.REVIEW
    examples = (
        Example({"effective_resolution_share": 0.95, "upscaled_probability": 0.02}, PASS, "detail down to the pixel"),
        Example(
            {"effective_resolution_share": 0.3, "upscaled_probability": 0.99}, FAIL, "a thumbnail, three times larger"
        ),
        Example(
            {"effective_resolution_share": 0.8, "upscaled_probability": 0.97}, FAIL, "enlarged, and sharpened then"
        ),
        Example({"effective_resolution_share": 0.4, "upscaled_probability": 0.01}, PASS, "out of focus"),
        Example({"effective_resolution_share": 0.9, "upscaled_probability": 0.8}, UNSURE, "enlarged by a little"),
        Example({"effective_resolution_share": 0.95, "upscaled_probability": 0.97}, UNSURE, "flat, or enlarged"),
        Example(
            {"effective_resolution_share": 0.3, "upscaled_probability": None}, FAIL, "no trace could be looked for"
        ),
        Example({"effective_resolution_share": None, "upscaled_probability": None}, UNSURE, "no detail to judge by"),
    )

    def fails(self, column: Columns, params: EnlargedParams) -> pl.Expr:
        without_detail = column.effective_resolution_share < params.min_effective_resolution_share
        probability = column.upscaled_probability
        soft = (probability <= params.soft_up_to_probability).fill_null(False)
        traces = (probability > params.max_upscaled_probability).fill_null(False)
        short_of_detail = (column.effective_resolution_share < params.full_from_share).fill_null(False)
        return (traces & short_of_detail) | (without_detail.fill_null(False) & ~soft)

    def unsure(self, column: Columns, params: EnlargedParams) -> pl.Expr:
        traces = (column.upscaled_probability >= params.unsure_from_probability).fill_null(False)
        unknown = column.effective_resolution_share.is_null() & column.upscaled_probability.is_null()
        return (traces & ~self.fails(column, params)) | unknown

    def expected(self, params: EnlargedParams) -> str:
        share = percent(params.min_effective_resolution_share)
        return phrase("detail at {share} of the resolution or more, no traces of enlarging", share=share)

    def measured(self, row: Mapping[str, object], params: EnlargedParams) -> str:
        share = percent(row.get("effective_resolution_share"))
        probability = words(row.get("upscaled_probability"))
        return phrase(
            "detail at {share} of the resolution, enlarged with a probability of {probability}",
            share=share,
            probability=probability,
        )
