"""The words of a listing that a picture is compared with, in one form for all ways of writing them."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 200
"""Letters of a title or category that count."""
_SPACES = re.compile(r"\s+")
_STEPS = re.compile(r"\s*(?:>|»|\u203a|→|/|\||::)\s*")


def normal(text: str | None) -> str:
    """The text without markup entities, control characters and doubled spaces, in Unicode's form NFKC; at most 200."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", html.unescape(html.unescape(text)))
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in plain)
    return _SPACES.sub(" ", kept).strip()[:LONGEST].strip()


def leaf(category: str | None) -> str:
    """The last step of a category path (`Men/Tops/Jackets`, `Home > Garden`), its hyphens as spaces."""
    steps = [step for step in _STEPS.split(normal(category)) if step]
    return steps[-1].replace("-", " ").replace("_", " ").strip() if steps else ""
