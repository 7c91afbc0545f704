"""What the name of a column says of it, in several languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from packshot.collect.columns import CONVENTIONS

NAMED, SECOND, PART = 0.95, 0.8, 0.65
"""How much it says for a field that a name is one of its names, one of its second-best, or holds one in it."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[\W_]+")
_REMARK = re.compile(r"\s*\([^()]*\)$")
_NUMBER = re.compile(r"^(.*?)[\W_]*0*(\d{1,3})$")
_LONG_PART = 4
"""Shorter parts are looked for among whole words alone: `alt` is no hint in `Gehalt`."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one thing, as `key` gives them."""

    names: frozenset[str]
    second: frozenset[str]
    parts: frozenset[str]

    def says(self, name: str) -> float:
        """How much a column's name says for it, 0 to 1."""
        nested = self._of_path([step for step in name.split(".") if key(step)])
        whole = key(name)
        numberless = key(numbered(name)[0])
        if whole in self.names or numberless in self.names:
            return NAMED
        if whole in self.second or numberless in self.second:
            return max(SECOND, nested)
        return max(nested, PART if self.hints(name) else 0.0)

    def _of_path(self, steps: list[str]) -> float:
        """What a path says: its last name with the one above it, or alone where the one above is nothing of its own."""
        if len(steps) < 2:  # noqa: PLR2004 - a name and one above it
            return 0.0
        *above, last = steps
        told = [self.says(f"{above[-1]} {last}")]
        if max(one.says(above[-1]) for one in words().values()) < SECOND:
            told.append(self.says(last))
        return max(told)

    def hints(self, name: str) -> bool:
        """Whether a part of the name is one of its parts."""
        whole, pieces = key(name), {key(piece) for piece in _NO_WORD.split(_CAMEL.sub(" ", name))}
        return any(part in pieces or (len(part) >= _LONG_PART and part in whole) for part in self.parts)


@cache
def key(name: str) -> str:
    """A name as it is compared, without accents, case and punctuation: `Image URL`, `imageUrl`, `image_url` are one."""
    bare = unicodedata.normalize("NFKD", name.strip().removeprefix("g:").casefold())
    return _NO_WORD.sub("", "".join(c for c in bare if not unicodedata.combining(c)))


def numbered(name: str) -> tuple[str, int | None]:
    """The name without a number at its end, and the number: `Bild_02` and `Bild 2 (Datei)` are `Bild` and 2."""
    found = _NUMBER.match(_REMARK.sub("", name.strip()))
    return (found[1], int(found[2])) if found and found[1] else (name, None)


@cache
def known_to_some(name: str) -> bool:
    """Whether a name says something for any field or for what a column of pictures is."""
    return any(one.says(name) >= PART for one in words().values())


@cache
def words() -> dict[str, Words]:
    """All words there are, by field or by what they tell of a picture column."""
    read = tomllib.loads(resources.files("packshot.collect").joinpath("column_words.toml").read_text(encoding="utf-8"))
    return {name: _words(name, table) for name, table in read.items()}


def _words(name: str, table: dict[str, str | list[str]]) -> Words:
    names, second, parts = (_keys(table.get(kind, "")) for kind in ("names", "second", "parts"))
    known = _keys(list(CONVENTIONS.get(name, ())))
    return Words(names | (known - second), second, parts)


def _keys(written: str | list[str]) -> frozenset[str]:
    listed = written.split() if isinstance(written, str) else written
    return frozenset(key(word) for word in listed)
