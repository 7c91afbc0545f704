"""The check `too_dark`."""

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
class TooDarkParams:
    """What a policy can set of `too_dark`."""

    min_luma_p99: float = 0.55
    """Lowest accepted luma of the brightest hundredth, 0 (black) to 1 (white): even its lightest parts are dark. Set
    with drawn pictures and photographs of shops in view; the drawn sample catalogue alone scores it."""
    min_brightness: float = 0.06
    """Lowest accepted mean luma, 0 to 1. By judgement; the drawn sample catalogue alone scores it."""


class TooDark(Check[TooDarkParams]):
    """The picture is underexposed.

    Why it matters: colour and material drown; on a telephone in daylight nothing can be seen.
    How to fix: shoot again with more light, or raise the exposure in the original before export.
    """

    params = TooDarkParams
    needs = ("luma_p99", "brightness")
    examples = (
        Example({"luma_p99": 1.0, "brightness": 0.7}, PASS, "a product on white"),
        Example({"luma_p99": 0.25, "brightness": 0.12}, FAIL, "hardly any light"),
        Example({"luma_p99": 0.9, "brightness": 0.02}, FAIL, "black but for one reflection"),
    )

    def fails(self, column: Columns, params: TooDarkParams) -> pl.Expr:
        return (column.luma_p99 < params.min_luma_p99) | (column.brightness < params.min_brightness)

    def expected(self, params: TooDarkParams) -> str:
        lightest, mean = words(params.min_luma_p99), words(params.min_brightness)
        return phrase("lightest parts of at least {lightest}, a mean of at least {mean}", lightest=lightest, mean=mean)

    def measured(self, row: Mapping[str, object], params: TooDarkParams) -> str:
        return phrase(
            "lightest parts {luma_p99}, mean {brightness}",
            luma_p99=words(row.get("luma_p99")),
            brightness=words(row.get("brightness")),
        )
