"""Cells of CSV files that people open in a spreadsheet: none runs as a formula, and each is read back as it was."""

from __future__ import annotations

import re

FORMULA = r"^'*[=+\-@\t\r]"
"""What a spreadsheet takes for the beginning of a formula, behind apostrophes or not."""
_FORMULA = re.compile(FORMULA)


def guarded(text: str) -> str:
    """The text with an apostrophe before it where it would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
