"""The check `overcompressed`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, UNSURE, Check, Example, words
from packshot.texts.language import number, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OvercompressedParams:
    """What a policy can set of `overcompressed`."""

    min_jpeg_quality: int = 50
    """Lowest accepted quality that the file's own JPEG tables stand for, 1 to 100. By judgement; the drawn sample
    catalogue alone scores it."""
    max_blockiness: float = 0.3
    """Highest accepted blockiness; it shows even where a bad JPEG was saved again in another format. Set with drawn
    pictures and photographs of shops in view; the drawn sample catalogue alone scores it."""


class Overcompressed(Check[OvercompressedParams]):
    """Compression has left blocks or smears.

    Why it matters: block edges and smeared texture look like a fake shop, most of all when zoomed in.
    How to fix: export the picture again from the original with JPEG quality 85 or above; saving this file
    again cannot mend it.
    """

    params = OvercompressedParams
    needs = ("format", "jpeg_quality", "blockiness")
    on_fail = Verdict.REVIEW
    examples = (
        Example({"format": "jpeg", "jpeg_quality": 90, "blockiness": 0.02}, PASS, "a good JPEG"),
        Example({"format": "jpeg", "jpeg_quality": 15, "blockiness": 0.1}, FAIL, "the tables say quality 15"),
        Example({"format": "png", "jpeg_quality": None, "blockiness": 0.9}, FAIL, "a bad JPEG saved as PNG"),
        Example({"format": "png", "jpeg_quality": None, "blockiness": 0.0}, PASS, "no JPEG tables, no blocks"),
        Example({"format": "png", "jpeg_quality": None, "blockiness": None}, UNSURE, "too small to see blocks in"),
    )

    def fails(self, column: Columns, params: OvercompressedParams) -> pl.Expr:
        coarse = (column.format == "jpeg") & (column.jpeg_quality < params.min_jpeg_quality)
        return coarse | (column.blockiness > params.max_blockiness)

    def expected(self, params: OvercompressedParams) -> str:
        return phrase(
            "JPEG quality of at least {min_jpeg_quality} and blockiness of at most {max_blockiness}",
            min_jpeg_quality=params.min_jpeg_quality,
            max_blockiness=number(params.max_blockiness),
        )

    def measured(self, row: Mapping[str, object], params: OvercompressedParams) -> str:
        quality = row.get("jpeg_quality")
        blocks = phrase("blockiness {blockiness}", blockiness=words(row.get("blockiness")))
        return (
            blocks
            if quality is None
            else phrase("JPEG quality {quality}, {blocks}", quality=words(quality), blocks=blocks)
        )
