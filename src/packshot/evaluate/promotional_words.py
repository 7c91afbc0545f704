"""Finds words of promotions and prices in what was read from a picture."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE = "promotional_words.toml"
_NUMBER = r"\d+(?:[.,]\d+)?"
_CURRENCY = r"(?:[$€£¥₹]|kr|z[lł]|eur|usd|gbp|chf|pln|sek|\u0440\u0443\u0431|\u0433\u0440\u043d)"
_AMOUNT = r"\d{1,3}(?:[ .,’']\d{3})*(?:[.,](?:\d{2}|[-–]+))?|\d+(?:[.,]\d{2})?"
PRICE = re.compile(
    rf"(?<![\w.,]){_CURRENCY}\s?(?:{_AMOUNT})(?![\w])|(?<![\w.,])(?:{_AMOUNT})\s?(?:{_CURRENCY})(?![^\W\d_])|"
    rf"(?<!\w)[-–−]\s?\d{{1,2}}\s?%",
    re.IGNORECASE,
)
"""An amount with a currency on one side of it, or a discount as sellers write it: `-30 %`."""


def promotional_words(line: str) -> list[str]:
    """The promotional words of all languages that a line holds, as the table writes them, in its order.

    Of words that hold each other the longest is given.
    """
    plain = folded(line)
    found = {pattern: match.span() for word, pattern in _patterns() if (match := pattern.search(plain))}
    words = {pattern: word for word, pattern in _patterns() if pattern in found}
    kept = [
        word
        for pattern, word in words.items()
        if not any(_holds(found[other], found[pattern]) for other in words if other is not pattern)
    ]
    return list(dict.fromkeys(kept))


def prices(line: str) -> list[str]:
    """The prices and discounts that a line holds, as they are written there."""
    return [match.group().strip() for match in PRICE.finditer(line)]


def folded(text: str) -> str:
    """Without case, accents and width, so that what was read with or without them is one."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(one for one in apart if not unicodedata.combining(one)).replace("’", "'")


def words_of(languages: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Language → its words; of all languages of the table without `languages`."""
    read = tomllib.loads((files("packshot.evaluate") / TABLE).read_text(encoding="utf-8"))
    return {name: words for name, words in read.items() if languages is None or name in languages}


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each word once, with its expression."""
    words = dict.fromkeys(word for words in words_of().values() for word in words)
    return tuple((word, re.compile(_expression(folded(word)))) for word in words)


def _expression(word: str) -> str:
    parts = [re.escape(part).replace(r"\#", _NUMBER) for part in word.split()]
    inner = r"\s*[-–]?\s*".join(part.replace("%", r"\s*%") for part in parts)
    if not word[0].isascii():  # Chinese and Japanese have no spaces between words
        return inner
    before = r"\d\s*" if word[0] == "%" else r"(?<![^\W_])"
    after = "" if word[-1] in "%#" else r"(?![^\W_])"
    return before + inner + after
