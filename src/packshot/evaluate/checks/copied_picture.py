"""The check `copied_picture`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.evaluate.check import FAIL, PASS, Check, Example, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CopiedPictureParams:
    """What a policy can set of `copied_picture`."""

    max_copies_elsewhere: int = 0
    """Most other products that may show a copy; variants of one group count as one product. By meaning."""


class CopiedPicture(Check[CopiedPictureParams]):
    """The picture is an edited copy of another product's picture, or that one is a copy of this.

    Cropped, mirrored, turned, covered in part, framed, recoloured or squeezed; which of the two came first is not told.
    Plain files again, re-encoded or resized, are the matter of `shared_picture`. Reads the points of every picture
    that is judged by it, which takes time: no shipped policy names it.

    Why it matters: one of the listings shows what is not its own product, or takes another's picture.
    How to fix: look at both side by side in the report, and give one of the products its own picture.
    """

    params = CopiedPictureParams
    needs = ("copies_elsewhere", "copy_uri", "keypoint_count")
    on_fail = Verdict.REVIEW
    box = "copy_box"
    examples = (
        Example({"copies_elsewhere": 0, "copy_uri": None, "keypoint_count": 180}, PASS, "no copy anywhere"),
        Example({"copies_elsewhere": 1, "copy_uri": "b/lamp.jpg", "keypoint_count": 180}, FAIL, "a mirrored lamp"),
    )

    def fails(self, column: Columns, params: CopiedPictureParams) -> pl.Expr:
        return column.copies_elsewhere > params.max_copies_elsewhere

    def expected(self, params: CopiedPictureParams) -> str:
        few = params.max_copies_elsewhere
        if few == 0:
            return phrase("no copy on another product")
        return phrase("copies on at most {few} other products", few=few)

    def measured(self, row: Mapping[str, object], params: CopiedPictureParams) -> str:
        if not row.get("copies_elsewhere"):
            return phrase("no copy was found")
        return phrase(
            "copies on {copies_elsewhere} other products, as {copy_uri}",
            copies_elsewhere=words(row["copies_elsewhere"]),
            copy_uri=row["copy_uri"],
        )
