"""The check `file_too_large`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example
from packshot.texts.language import figures, number, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FileTooLargeParams:
    """What a policy can set of `file_too_large`."""

    max_bytes: int = 10_000_000
    """Most bytes that a file may have. What a secondary source says of Amazon, and Etsy's; no data set it."""


class FileTooLarge(Check[FileTooLargeParams]):
    """The file has too many bytes.

    Why it matters: channels refuse it, and before that it makes pages slow.
    How to fix: export as JPEG with quality 85 to 92, or with fewer pixels.
    """

    params = FileTooLargeParams
    needs = ("bytes",)
    examples = (
        Example({"bytes": 400_000}, PASS, "an ordinary JPEG"),
        Example({"bytes": 25_000_000}, FAIL, "an uncompressed TIFF"),
    )

    def fails(self, column: Columns, params: FileTooLargeParams) -> pl.Expr:
        return column.bytes > params.max_bytes

    def expected(self, params: FileTooLargeParams) -> str:
        return phrase("at most {max_bytes} MB", max_bytes=number(params.max_bytes / MEGABYTE))

    def measured(self, row: Mapping[str, object], params: FileTooLargeParams) -> str:
        size_bytes = row.get("bytes")
        return (
            phrase("{size_bytes} MB", size_bytes=figures(f"{size_bytes / MEGABYTE:.2f}"))
            if isinstance(size_bytes, int)
            else phrase("unknown")
        )
