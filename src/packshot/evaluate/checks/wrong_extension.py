"""The check `wrong_extension`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.check import FAIL, PASS, Check, Example, NoParams, words
from packshot.texts.language import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.evaluate.check import Columns


class WrongExtension(Check[NoParams]):
    """The file's name says another format than its content has.

    Why it matters: channels match name and content and refuse the file; servers send it with the wrong
    type.
    How to fix: rename the file to the extension of its real format, or export it in the format that the
    name promises.
    """

    params = NoParams
    needs = ("uri_extension", "format")
    examples = (
        Example({"uri_extension": "jpeg", "format": "jpeg"}, PASS, "a .jpg that is a JPEG"),
        Example({"uri_extension": "jpeg", "format": "webp"}, FAIL, "a WebP called .jpg"),
        Example({"uri_extension": None, "format": "png"}, PASS, "a name without an extension promises nothing"),
    )

    def applies(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.uri_extension.is_not_null()

    def fails(self, column: Columns, params: NoParams) -> pl.Expr:
        return column.uri_extension != column.format

    def expected(self, params: NoParams) -> str:
        return phrase("an extension that fits the content")

    def measured(self, row: Mapping[str, object], params: NoParams) -> str:
        named = words(row.get("uri_extension")).upper()
        return phrase("named as {named}, content is {format}", named=named, format=words(row.get("format")).upper())
