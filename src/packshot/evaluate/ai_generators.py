"""Which generator of pictures left its traces in a file: the list of `ai_generators.toml`, matched."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Generator:
    """One generator and its traces."""

    name: str
    source: str
    """Where it is written that it leaves them."""
    named: re.Pattern[str] | None
    """For the fields that name a program."""
    keys: frozenset[str]
    """Keywords of texts that hold its settings."""
    holds: re.Pattern[str] | None
    """What such a text has to hold; None where the keyword tells enough."""

    def left(self, programs: Iterable[str], texts: Iterable[tuple[str, str]]) -> bool:
        """Whether it is among the named programs, or one of the (keyword, text) pairs holds its settings."""
        if self.named is not None and any(self.named.search(program) for program in programs):
            return True
        return any(key in self.keys and (self.holds is None or self.holds.search(text)) for key, text in texts)


@cache
def generators() -> tuple[Generator, ...]:
    """The list as shipped."""
    table = tomllib.loads(resources.files("packshot.evaluate").joinpath("ai_generators.toml").read_text("utf-8"))
    return tuple(
        Generator(
            entry["name"],
            entry["source"],
            _pattern(entry.get("named")),
            frozenset(entry.get("keys", ())),
            _pattern(entry.get("holds")),
        )
        for entry in table["generators"]
    )


def generator_of(programs: Iterable[str], texts: Iterable[tuple[str, str]]) -> str | None:
    """The name of the first generator of the list that left traces; None where none did."""
    programs, texts = tuple(programs), tuple(texts)
    if not programs and not texts:
        return None
    return next((generator.name for generator in generators() if generator.left(programs, texts)), None)


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None
