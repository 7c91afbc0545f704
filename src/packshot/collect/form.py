"""How a feed of text is written, where somebody says it; what nobody says is found from its content."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_HEADER_LINE = 1000
NAMED = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";", "bar": "|", "newline": "\n"}
"""Words for characters that are hard to type."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a feed is written. Raises UsageError for what no feed can be."""

    encoding: str | None = None
    """What its bytes mean: `cp1252`, `utf-16`, … UTF-8, UTF-16 and UTF-32 are found by themselves."""
    delimiter: str | None = None
    """What stands between two fields, one character."""
    header_line: int = 1
    """The line of the column names, counted from 1; lines before it are passed over."""
    picture_separator: str | None = None
    """What stands between several pictures in one field; commas by default, and only in columns of further pictures."""

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        if self.encoding is not None:
            try:
                named = codecs.lookup(self.encoding)
            except LookupError:
                message = f"There is no encoding called {self.encoding!r}."
                raise UsageError(message, "For example: utf-8, cp1252, latin-1, cp1250, utf-16.") from None
            if not named._is_text_encoding:  # noqa: SLF001 - codecs tell it in no other way
                raise UsageError(f"{self.encoding!r} is no encoding of text.", "For example: utf-8, cp1252.")
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '\r\n"'):
            message = f"The delimiter {self.delimiter!r} is not one character that may stand between fields."
            raise UsageError(message, "For example: ; or | or tab")
        if not 1 <= self.header_line <= MOST_HEADER_LINE:
            message = f"{self.header_line} is no line of column names: lines are counted from 1 to {MOST_HEADER_LINE}."
            raise UsageError(message, "For example: --header-line 3")
        if self.picture_separator is not None and not self.picture_separator:
            raise UsageError("The separator of pictures is empty.", "For example: --picture-separator '|'")

    def said(self) -> dict[str, object]:
        """What somebody said, as JSON values."""
        usual = Form()
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != getattr(usual, one.name)
        }


def form_of(given: Mapping[str, object]) -> Form:
    """A form of what a command line or a file gives; None means that nothing is said, `tab` is a tab."""
    values = {name: value for name, value in given.items() if value is not None}
    for name in ("delimiter", "picture_separator"):
        value = values.get(name)
        if isinstance(value, str):
            values[name] = NAMED.get(value.casefold(), value)
    return Form(**values)  # type: ignore[arg-type] # its callers read the types
