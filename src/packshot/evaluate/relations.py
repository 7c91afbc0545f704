"""What is measured between a picture and the words of its listing: columns, what they need, and their version."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import readable_measures, wanted
from packshot.evaluate.titles import colour_words, read_words
from packshot.evaluate.titles.spaces import SPACES
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.core.measurement import Output


@dataclass(frozen=True, slots=True)
class Relation:
    """A way to fill one column of the table `relations`."""

    output: Output
    measure: str
    """The measure that says what of the picture is compared."""
    version: Callable[[], str]
    """What the values depend on beside words and the measure."""
    models: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    space: str = ""
    """In which of `SPACES` it is compared; empty where there is no need of one."""


RELATIONS: dict[str, tuple[Relation, ...]] = {
    "title_agreement": tuple(
        Relation(RELATED["title_agreement"], one.measure, one.version, one.needs, ("tokenizers",), space)
        for space, one in SPACES.items()
    ),
    "colour_agreement": (Relation(RELATED["colour_agreement"], "product_colours", colour_words.version),),
    "words_agreement": (Relation(RELATED["words_agreement"], "text", lambda: str(read_words.METHOD)),),
}
"""By name, with the ways to make each: the preferred first, that which ships last. Judging reads them like measured
columns. A value of one way never meets one of another: each pair of picture and words has the value of the best way
that it was compared by."""


def flag(relation: str) -> str:
    """The column that says whether a picture and its listing were compared in it."""
    return f"measured:{relation}"


def relations_here() -> dict[str, Relation]:
    """The relations that can be made in this install, each by the best way that there is.

    Of what is measured, be it here or where its models are.
    """
    return {name: ways[0] for name, ways in _ways_here().items()}


def versions_here() -> dict[str, dict[str, Relation]]:
    """Version → the relations that a row of it holds, and how they were made; the fullest and best first.

    A picture may lack what one of them needs.
    """
    ways = _ways_here()
    named = (part for length in range(len(ways), 0, -1) for part in combinations(ways, length))
    made = (dict(zip(part, one, strict=True)) for part in named for one in product(*(ways[name] for name in part)))
    measures = wanted(readable_measures())
    return {
        "; ".join(f"{name} {way.version()} {measures[way.measure]}" for name, way in part.items()): part
        for part in made
    }


def relations_version() -> str:
    """What the values depend on beside picture and words; rows of another version are made anew."""
    return next(iter(versions_here()), "")


def _ways_here() -> dict[str, tuple[Relation, ...]]:
    measures = readable_measures()
    here = {
        name: tuple(way for way in ways if way.measure in measures and not lacking(way.models, way.libraries))
        for name, ways in RELATIONS.items()
    }
    return {name: ways for name, ways in here.items() if ways}
