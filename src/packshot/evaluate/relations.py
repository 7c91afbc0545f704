"""What is measured between a picture and the words of its listing: columns, what they need, and their version."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from packshot.evaluate.features import MODEL as EYES
from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import readable_measures, wanted
from packshot.evaluate.titles import colour_words, read_words, title_map, title_vectors
from packshot.models.sources import version_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from packshot.core.measurement import Output


@dataclass(frozen=True, slots=True)
class Relation:
    """One column of the table `relations`."""

    output: Output
    measure: str
    """The measure that says what of the picture is compared."""
    models: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


RELATIONS = {
    "title_agreement": Relation(RELATED["title_agreement"], "embedding", (EYES, title_vectors.MODEL), ("tokenizers",)),
    "colour_agreement": Relation(RELATED["colour_agreement"], "product_colours"),
    "words_agreement": Relation(RELATED["words_agreement"], "text"),
}
"""By name. Judging reads them like measured columns."""


def flag(relation: str) -> str:
    """The column that says whether a picture and its listing were compared in it."""
    return f"measured:{relation}"


def relations_here() -> dict[str, Relation]:
    """The relations that can be made in this install: of what is measured, be it here or where its models are."""
    measures = readable_measures()
    return {
        name: relation
        for name, relation in RELATIONS.items()
        if relation.measure in measures and not lacking(relation.models, relation.libraries)
    }


def versions_here() -> dict[str, tuple[str, ...]]:
    """Version → the relations that a row of it holds, the fullest first: a picture may lack what one of them needs."""
    names = tuple(relations_here())
    parts = (part for length in range(len(names), 0, -1) for part in combinations(names, length))
    return {_version(part): part for part in parts}


def relations_version() -> str:
    """What the values depend on beside picture and words; rows of another version are made anew."""
    return next(iter(versions_here()), "")


def _version(names: Iterable[str]) -> str:
    measures = wanted(readable_measures())
    made_by: dict[str, Callable[[], str]] = {
        "title_agreement": lambda: f"{title_map.version()} {title_vectors.MODEL}@{version_of(title_vectors.MODEL)}",
        "colour_agreement": colour_words.version,
        "words_agreement": lambda: str(read_words.METHOD),
    }
    parts = (f"{name} {made_by[name]()} {measures[RELATIONS[name].measure]}" for name in names)
    return "; ".join(parts)
