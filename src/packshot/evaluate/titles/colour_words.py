"""The colours that a listing states, in nine languages, and how far the product's colours are among them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.evaluate.titles.listing_text import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl
    from numpy.typing import NDArray

FILE = "colour_words.toml"
METHOD = 1
"""Raise it when the agreement of the same words and pixels changes."""
ENOUGH = 0.4
"""Share of the product in the stated colour that is full agreement where no other has more. Set on jackets and
hoodies of magento2, where a third of what is seen is the wearer's skin and trousers."""
SOFT_HUE, SOFT_CHROMA, SOFT_LIGHT = 14.0, 8.0, 12.0
"""Beyond its interval, membership falls to 0 within so many degrees and units of CIELAB. Set with magento2 in view."""
FEWEST_WORDS = 3
"""A title must have so many words for a doubtful last one to count as a colour. By judgement: no data is on record that
set it."""
ATTRIBUTE = (
    r'(?i)"(?:g:)?(?:main|base|primary|product)?[ _-]?(?:colou?r|farbe|couleur|colore|cor|kleur|kolor)[ _-]?'
    r'(?:name|family|map)?"\s*:\s*"((?:[^"\\]|\\.)+)"'
)
"""What finds a feed's column of colours in the JSON of a listing's attributes."""
_WORD = re.compile(r"[^\W\d_]+")
_PREFIXES = ("hell", "dunkel", "licht", "donker", "jasno", "ciemno")


@dataclass(frozen=True, slots=True)
class Region:
    """What of CIELAB a colour's name means; intervals with soft edges."""

    hue: tuple[float, float] | None
    chroma: tuple[float, float]
    light: tuple[float, float]

    def holds(self, lab: NDArray[np.float64]) -> NDArray[np.float64]:
        """Membership, 0 to 1, of colours (n, 3)."""
        chroma = np.hypot(lab[:, 1], lab[:, 2])
        inside = _within(chroma, self.chroma, SOFT_CHROMA) * _within(lab[:, 0], self.light, SOFT_LIGHT)
        if self.hue is None:
            return inside
        middle, half = sum(self.hue) / 2, (self.hue[1] - self.hue[0]) / 2
        off = np.abs((np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) - middle + 180) % 360 - 180)
        return np.asarray(inside * np.clip(1 - (off - half) / SOFT_HUE, 0, 1))


@dataclass(frozen=True, slots=True)
class Words:
    """The table of colour words."""

    version: int
    regions: dict[str, Region]
    basic: tuple[str, ...]
    """Ids of the eleven basic colours (B. Berlin and P. Kay, "Basic Color Terms", 1969)."""
    clear: dict[str, tuple[str, ...]]
    """Word → ids of the colours it names, wherever it stands."""
    doubtful: dict[str, tuple[str, ...]]
    """These words, and those that count in a feed's column of colours."""
    seldom: frozenset[str]
    """Doubtful words that do not even count at the end of a title."""
    no_colour: frozenset[str]
    not_meant: tuple[tuple[str, ...], ...]
    """Names with a colour in them, word by word; the longest first."""


def version() -> str:
    """By which agreements of this table and method are known."""
    return f"{METHOD}.{words().version}"


def stated(title: str | None, brand: str | None = None, told: str | None = None) -> tuple[str, ...]:
    """Ids of the colours that a listing states, sorted; none where it states none, or many, or where that is doubtful.

    `told` is what the feed has in a column of colours (see `ATTRIBUTE`); it goes before the title.
    """
    if told:
        tokens = _tokens(told)
        return () if _says_no_colour(tokens) else _colours(tokens, doubtful=True)
    tokens = _tokens(title)
    if _says_no_colour(tokens):
        return ()
    last = len(tokens) - 1 if len(tokens) >= FEWEST_WORDS else -1
    kept = _without(tokens, [tuple(_tokens(brand)), *words().not_meant])
    clear = _colours(kept, doubtful=False)
    if clear or last < 0 or not kept[last] or kept[last] in words().seldom:
        return clear
    return _colours([kept[last]], doubtful=True)


def shares(colours: pl.Series) -> NDArray[np.float64]:
    """The share of each product within each colour of the table, (products, colours).

    `colours` is the column `product_colours`: lists of L, a, b and share of one colour after the other.
    """
    lengths = colours.list.len().fill_null(0).to_numpy().astype(np.int64) // 4
    flat = colours.drop_nulls().explode(empty_as_null=False).to_numpy().astype(np.float64)
    table, product = flat.reshape(-1, 4), np.repeat(np.arange(len(lengths)), lengths)
    held = (region.holds(table[:, :3]) * table[:, 3] for region in words().regions.values())
    return np.stack([np.bincount(product, weights=one, minlength=len(lengths)) for one in held], axis=1)


def agreements(found: NDArray[np.float64], ids: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """How far each product is of one of the colours stated of it, 0 to 1; NaN where none is stated, or none measured.

    The share of the product within the stated colour, divided by the largest share within any basic colour, or by
    `ENOUGH` where that is more: 1 where no basic colour fits better. Of several stated colours the one that agrees best
    counts: a title that names two may mean a choice, a trim, or a thing beside. `found` is what `shares` gave.
    """
    place = {name: number for number, name in enumerate(words().regions)}
    basic = np.array([place[name] for name in words().basic])
    rivals = np.maximum(found[:, basic].max(axis=1, initial=0), ENOUGH)
    out = np.full(len(ids), np.nan, np.float32)
    for stated_there in {tuple(each) for each in ids} - {()}:
        rows = np.array([tuple(each) == stated_there for each in ids])
        best = found[rows][:, np.array([place[name] for name in stated_there])].max(axis=1)
        out[rows] = np.minimum(1, best / rivals[rows])
    out[~found.any(axis=1)] = np.nan
    return out


@cache
def words() -> Words:
    """The table that ships."""
    read: dict[str, Any] = tomllib.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    regions = {one["id"]: _region(one) for one in read["colours"]}
    return Words(
        int(read["version"]),
        regions,
        tuple(one["id"] for one in read["colours"] if one.get("basic")),
        _ids(read["colours"], "words"),
        {**_ids(read["colours"], "words"), **_ids(read["colours"], "also")},
        frozenset(read["seldom"]),
        frozenset(" ".join(_tokens(word)) for word in read["no_colour"]),
        tuple(sorted((tuple(_tokens(name)) for name in read["not_meant"]), key=len, reverse=True)),
    )


def _region(one: dict[str, Any]) -> Region:
    hue = (float(one["hue"][0]), float(one["hue"][1])) if "hue" in one else None
    return Region(
        hue, (float(one["chroma"][0]), float(one["chroma"][1])), (float(one["light"][0]), float(one["light"][1]))
    )


def _ids(colours: Iterable[dict[str, Any]], key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in colours:
        for word in one.get(key, ()):
            name = " ".join(_tokens(word))
            found[name] = (*found.get(name, ()), one["id"])
    return found


def _tokens(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFKD", normal(text).casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ł", "l"))


def _says_no_colour(tokens: list[str]) -> bool:
    pairs = [f"{one} {other}" for one, other in pairwise(tokens)]
    return not words().no_colour.isdisjoint([*tokens, *pairs])


def _without(tokens: list[str], phrases: Iterable[tuple[str, ...]]) -> list[str]:
    """The tokens, those of the phrases empty."""
    kept, there = list(tokens), set(tokens)
    for phrase in phrases:
        for start in range(len(tokens) - len(phrase) + 1) if phrase and there.issuperset(phrase) else ():
            if tuple(tokens[start : start + len(phrase)]) == phrase:
                kept[start : start + len(phrase)] = [""] * len(phrase)
    return kept


def _colours(tokens: list[str], *, doubtful: bool) -> tuple[str, ...]:
    """Ids of the colours that the tokens name; of two words that name one together, the pair counts alone."""
    table = words().doubtful if doubtful else words().clear
    found: set[str] = set()
    number = 0
    while number < len(tokens):
        pair = " ".join(tokens[number : number + 2])
        if number + 1 < len(tokens) and pair in words().clear:
            found.update(words().clear[pair])
            number += 2
            continue
        word = tokens[number]
        plain = next((word.removeprefix(start) for start in _PREFIXES if word.startswith(start)), word)
        found.update(table.get(word) or table.get(plain) or ())
        number += 1
    return tuple(sorted(found))


def _within(values: NDArray[np.float64], interval: tuple[float, float], soft: float) -> NDArray[np.float64]:
    beyond = np.maximum(interval[0] - values, values - interval[1])
    return np.clip(1 - beyond / soft, 0, 1)
