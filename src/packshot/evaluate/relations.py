"""What is measured between a picture and the words of its listing: columns, what they need, and their version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import all_measures, wanted
from packshot.evaluate.titles import colour_words, title_map, title_vectors
from packshot.models.sources import version_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
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
    "title_agreement": Relation(RELATED["title_agreement"], "embedding", (title_vectors.MODEL,), ("tokenizers",)),
    "colour_agreement": Relation(RELATED["colour_agreement"], "product_colours"),
}
"""By name. Judging reads them like measured columns."""

FLAG = "measured:relations"
"""The column that says whether a picture and its listing were compared."""


def relations_here() -> dict[str, Relation]:
    """The relations that can be made in this install."""
    measures = all_measures()
    return {
        name: relation
        for name, relation in RELATIONS.items()
        if relation.measure in measures and not lacking(relation.models, relation.libraries)
    }


def relations_version() -> str:
    """What the values depend on beside picture and words; rows of another version are made anew."""
    here = relations_here()
    measures = wanted(all_measures())
    parts = []
    if "title_agreement" in here:
        parts.append(f"title {title_map.version()} {title_vectors.MODEL}@{version_of(title_vectors.MODEL)}")
    if "colour_agreement" in here:
        parts.append(f"colour {colour_words.version()}")
    parts += [f"{relation.measure} {measures[relation.measure]}" for relation in here.values()]
    return "; ".join(parts)
