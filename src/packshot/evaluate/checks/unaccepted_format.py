"""The check `unaccepted_format`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.core.errors import UnknownName
from packshot.evaluate.check import FAIL, PASS, Check, Example, one_of, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


KNOWN = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "avif", "heic")
"""Every format that packshot tells."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class UnacceptedFormatParams:
    """What a policy can set of `unaccepted_format`."""

    accepted: tuple[str, ...] = ("jpeg", "png", "webp", "gif", "avif")
    """Accepted formats: `jpeg png webp gif bmp tiff avif heic`, told from the content."""

    def __post_init__(self) -> None:
        """Refuse names that no file can have."""
        for name in self.accepted:
            if name not in KNOWN:
                error = UnknownName("format", name, KNOWN)
                raise ValueError(str(error))


class UnacceptedFormat(Check[UnacceptedFormatParams]):
    """The file has a format that the channel does not take.

    Why it matters: the file is refused, or browsers do not show it.
    How to fix: export the picture as JPEG (photographs) or PNG (graphics); renaming the file is not enough.
    """

    params = UnacceptedFormatParams
    needs = ("format",)
    examples = (
        Example({"format": "jpeg"}, PASS, "a JPEG"),
        Example({"format": "bmp"}, FAIL, "no browser format"),
    )

    def fails(self, column: Columns, params: UnacceptedFormatParams) -> pl.Expr:
        return ~column.format.is_in(list(params.accepted))

    def expected(self, params: UnacceptedFormatParams) -> str:
        return one_of(tuple(name.upper() for name in params.accepted))

    def measured(self, row: Mapping[str, object], params: UnacceptedFormatParams) -> str:
        return words(row.get("format")).upper()
