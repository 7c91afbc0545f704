"""The check `tinted`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TintedParams:
    """What a policy can set of `tinted`."""

    max_colour_cast: float = 9.0
    """Strongest accepted cast, in CIE Lab units; 0 is neutral, 2 to 3 can just be seen. Set with drawn pictures and
    photographs of shops in view; nothing scores it."""
    min_confidence: float = 0.5
    """Below this confidence in where the product is, the picture is a scene, whose own colours look like a tint. A
    half, by meaning: what masks of that confidence are worth is in `training/matte_confidence.md`."""


class Tinted(Check[TintedParams]):
    """A tint lies over the whole picture.

    Judged where a product stands before a plain background; a scene has colours of its own.

    Why it matters: the colour that arrives is not the colour that was shown: a common reason for returns.
    How to fix: set the white balance on a grey card, or on the background that should be white, and export
    again.
    """

    params = TintedParams
    needs = ("colour_cast", "product_confidence")
    examples = (
        Example({"colour_cast": 0.4, "product_confidence": 1.0}, PASS, "neutral"),
        Example({"colour_cast": 12.0, "product_confidence": 0.1}, PASS, "a scene: wood and candles are warm"),
        Example({"colour_cast": 14.0, "product_confidence": 0.9}, FAIL, "yellow lamp light"),
        Example({"colour_cast": None, "product_confidence": 0.9}, UNSURE, "nothing neutral to judge by"),
    )

    def applies(self, column: Columns, params: TintedParams) -> pl.Expr:
        return column.product_confidence.fill_null(0.0) >= params.min_confidence

    def fails(self, column: Columns, params: TintedParams) -> pl.Expr:
        return column.colour_cast > params.max_colour_cast

    def expected(self, params: TintedParams) -> str:
        return phrase(
            "a colour cast of at most {max_colour_cast} Lab units", max_colour_cast=words(params.max_colour_cast)
        )

    def measured(self, row: Mapping[str, object], params: TintedParams) -> str:
        return phrase("a colour cast of {colour_cast} Lab units", colour_cast=words(row.get("colour_cast")))
