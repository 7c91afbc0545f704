"""Which role a feed's word for it means, in several languages."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources

from packshot.collect.column_words import key, numbered
from packshot.core.listing import Role

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ł": "l"})
"""How people write letters that their keyboards lack; an accent goes by itself, the stroke of an ł does not."""

_FRONT = (
    "front", "front view", "Vorderseite", "Vorderansicht", "Frontansicht", "face", "avant", "vue de face", "delantera",
    "frontal", "fronte", "voorkant", "vooraanzicht", "przód",
)  # fmt: skip
"""The side from which a main picture is mostly taken. A feed that knows no main pictures may mean them by it."""


@lru_cache(maxsize=1000)
def is_front(written: str) -> bool:
    """Whether a word of a feed says that the picture shows the product from its front."""
    return not _fronts().isdisjoint((key(written), key(numbered(written)[0])))


@cache
def _fronts() -> frozenset[str]:
    return frozenset(key(form) for word in _FRONT for form in (word, word.casefold().translate(_SPELT_OUT)))


def role_of(written: str) -> Role | None:
    """The role that a word of a feed means, as `Rückseite`, `Detail 2` or `size-chart`; None for a word not known."""
    known = _known()
    return known.get(key(written)) or known.get(key(numbered(written)[0]))


@cache
def _known() -> dict[str, Role]:
    """Role by word, as `key` gives it."""
    read = tomllib.loads(resources.files("packshot.collect").joinpath("role_words.toml").read_text(encoding="utf-8"))
    named = {key(role.value): role for role in Role}
    for name, listed in read.items():
        for word in listed:
            named.setdefault(key(word), Role(name))
            named.setdefault(key(word.casefold().translate(_SPELT_OUT)), Role(name))
    return named
