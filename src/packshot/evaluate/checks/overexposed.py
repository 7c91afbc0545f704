"""The check `overexposed`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, percent, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OverexposedParams:
    """What a policy can set of `overexposed`."""

    max_clipped_light_share: float = 0.25
    """Largest accepted share of burnt-out pixels: of the product, or of the whole picture where no product is told. Set
    with drawn pictures and photographs of shops in view; the drawn sample catalogue alone scores it."""
    max_luma_p05: float = 0.95
    """Highest accepted luma of the darkest twentieth, 0 (black) to 1 (white): even its darkest parts are burnt out. By
    judgement; the drawn sample catalogue alone scores it."""
    max_clipped_channel_share: float = 0.5
    """Share of the product with a clipped channel from which on it is worth a word: burnt out, or a pure colour. By
    judgement: no data is on record that set it."""
    min_confidence: float = 0.5
    """Below this confidence in where the product is, the share is of the whole picture. A half, by meaning: what masks
    of that confidence are worth is in `training/matte_confidence.md`."""
    white_background_from_share: float = 0.5
    """From this white share on the background is white on purpose; the whole picture's share then tells nothing. By
    judgement: no data is on record that set it."""


class Overexposed(Check[OverexposedParams]):
    """The picture is overexposed.

    Why it matters: burnt-out areas hold no colour and no texture, and no editing brings them back.
    How to fix: shoot again with less light or a shorter exposure; watch the highlights on the product.
    """

    params = OverexposedParams
    needs = ("clipped_light_share", "clipped_channel_share", "luma_p05", "background_white_share", "product_confidence")
    examples = (
        Example(
            {
                "clipped_light_share": 0.02,
                "clipped_channel_share": 0.1,
                "luma_p05": 0.3,
                "background_white_share": 1.0,
                "product_confidence": 0.9,
            },
            PASS,
            "a product on pure white",
        ),
        Example(
            {
                "clipped_light_share": 0.8,
                "clipped_channel_share": 0.1,
                "luma_p05": 0.5,
                "background_white_share": 1.0,
                "product_confidence": 0.9,
            },
            FAIL,
            "the product is burnt out",
        ),
        Example(
            {
                "clipped_light_share": 0.7,
                "clipped_channel_share": None,
                "luma_p05": 0.4,
                "background_white_share": 0.1,
                "product_confidence": 0.1,
            },
            FAIL,
            "most of a scene is burnt out",
        ),
        Example(
            {
                "clipped_light_share": 0.7,
                "clipped_channel_share": 0.1,
                "luma_p05": 0.4,
                "background_white_share": 0.9,
                "product_confidence": 0.1,
            },
            PASS,
            "no product is told, and the white is the background's",
        ),
        Example(
            {
                "clipped_light_share": 0.4,
                "clipped_channel_share": 0.1,
                "luma_p05": 0.98,
                "background_white_share": 0.9,
                "product_confidence": 0.1,
            },
            FAIL,
            "hardly anything but white",
        ),
    )

    def fails(self, column: Columns, params: OverexposedParams) -> pl.Expr:
        told = column.product_confidence >= params.min_confidence
        not_on_white = column.background_white_share < params.white_background_from_share
        burnt = (told | not_on_white) & (column.clipped_light_share > params.max_clipped_light_share)
        return burnt | (column.luma_p05 > params.max_luma_p05)

    def warns(self, column: Columns, params: OverexposedParams) -> pl.Expr:
        return column.clipped_channel_share > params.max_clipped_channel_share

    def expected(self, params: OverexposedParams) -> str:
        burnt = percent(params.max_clipped_light_share)
        return phrase(
            "at most {burnt} burnt out, darkest parts of at most {max_luma_p05}",
            burnt=burnt,
            max_luma_p05=words(params.max_luma_p05),
        )

    def measured(self, row: Mapping[str, object], params: OverexposedParams) -> str:
        return phrase(
            "{clipped_light_share} burnt out, darkest parts {luma_p05}",
            clipped_light_share=percent(row.get("clipped_light_share")),
            luma_p05=words(row.get("luma_p05")),
        )
