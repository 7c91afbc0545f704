"""Says a text in the language that is spoken now; English stands in the code, every other language in a map."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from packshot.core.errors import UnknownName
from packshot.core.plural import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENGLISH = "en"
SIGNS = "signs"
"""The section of a map that says how numbers are written."""
_SWAPPED = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Language:
    """One language, and what of it turned out to be lacking while it was spoken."""

    code: str
    texts: Mapping[str, str]
    """English → this language; the same `{placeholders}` on both sides."""
    decimal_comma: bool = False
    lacking: set[str] = field(default_factory=set)
    """English texts that were asked for and are not in the map: they were said in English."""

    def notes(self) -> list[str]:
        """What a person should know of texts that were lacking; empty when there were none."""
        if not self.lacking:
            return []
        few = "; ".join(f"“{text}”" for text in sorted(self.lacking)[:3])
        more = ", …" if len(self.lacking) > 3 else ""  # noqa: PLR2004 - those that were named
        count = plural(len(self.lacking), "text")
        return [f"{count} without words in the language {self.code}, said in English: {few}{more}"]


_ENGLISH = Language(ENGLISH, {})
_SPOKEN: ContextVar[Language] = ContextVar("packshot_language", default=_ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there is a map for, sorted."""
    names = (file.name for file in resources.files("packshot.texts").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_map(code: str) -> dict[str, dict[str, str]]:
    """The map of a language as it stands in its file: section → English → text. Raises UnknownName."""
    if code not in languages():
        raise UnknownName("language", code, languages())
    text = (resources.files("packshot.texts") / f"{code}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Let everything in the block be said in the language `code`, such as `de`. Raises UnknownName."""
    sections = {} if code == ENGLISH else read_map(code)
    signs = sections.pop(SIGNS, {})
    texts = {english: text for section in sections.values() for english, text in section.items()}
    spoken = Language(code, texts, signs.get("decimal", ".") == ",")
    before = _SPOKEN.set(spoken)
    try:
        yield spoken
    finally:
        _SPOKEN.reset(before)


def phrase(english: str, /, **values: object) -> str:
    """The text in the language spoken now, its `{placeholders}` filled; in English where the map lacks it.

    `english` is what the maps are keyed by: give a text as it stands in the code, never one that is put together.
    """
    spoken = _SPOKEN.get()
    text = english
    if spoken is not _ENGLISH and spoken.code != ENGLISH:
        found = spoken.texts.get(english)
        if found is None:
            spoken.lacking.add(english)
        else:
            text = found
    return text.format(**values) if values else text


def counted(count: int, one: str, many: str) -> str:
    """`phrase` of `one` or `many`, with `{n}` the count."""
    return phrase(one if count == 1 else many, n=figures(f"{count:,}"))


def figures(text: str) -> str:
    """A number written as English writes it (`1,200.5`), as the language spoken now does (`1.200,5`)."""
    return text.translate(_SWAPPED) if _SPOKEN.get().decimal_comma else text


def number(value: float) -> str:
    """A number without needless digits: `2.5`, `10`."""
    return figures(f"{value:g}")


def spoken_now() -> str:
    """The code of the language that is spoken now."""
    return _SPOKEN.get().code
