"""The check `gps_in_picture`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class GpsInPicture(Check[NoParams]):
    """The file tells where on Earth the picture was taken.

    Why it matters: a photo taken at a supplier's or buyer's home publishes their address with it.
    How to fix: export the picture without location (in most editors a box when saving), or strip its GPS tags; other
    metadata can stay.
    """

    params = NoParams
    needs = ("has_gps",)
    examples = (
        Example({"has_gps": False}, PASS, "a picture without a place"),
        Example({"has_gps": True}, FAIL, "a phone photo with coordinates"),
    )

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.has_gps

    def expected(self, params: NoParams) -> str:
        return phrase("no GPS coordinates in the file")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        has_gps = row.get("has_gps")
        if not isinstance(has_gps, bool):
            return phrase("unknown")
        return phrase("the file holds a place") if has_gps else phrase("no place in the file")
