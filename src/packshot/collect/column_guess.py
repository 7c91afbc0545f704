"""Which column of a feed holds what, with how sure that is, and a question where it is not sure enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.collect.column_words import NAMED, PART, SECOND, words
from packshot.collect.columns import CONVENTIONS, NO_COLUMN, plain
from packshot.collect.role_words import role_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from packshot.collect.column_values import Column, Seen

TAKEN = 0.78
"""From so sure on a column is taken."""
ASKED = 0.45
"""From so sure on it is asked for."""
MARGIN = 0.1
"""By so much must a column be surer than the next."""
REQUIRED = frozenset({"listing_id", "image"})
MOST_CHOICES = 6
_QUESTIONS = {
    "listing_id": "Which column holds the listing's id?",
    "variant_group_id": "Which column joins the variants of a product?",
    "title": "Which column holds the title?",
    "brand": "Which column holds the brand?",
    "category": "Which column holds the category?",
    "google_category": "Which column holds Google's product category?",
    "gtin": "Which column holds the GTIN (EAN, UPC)?",
    "role": "Which column says a picture's role?",
    "position": "Which column says a picture's position?",
    "supplier": "Which column names the supplier?",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A field and the column that holds it."""

    field: str
    column: str
    """As it is mapped: several of pictures with commas between."""
    sure: float
    """0 to 1."""
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """What could not be told."""

    field: str
    """A field of a listing, or `encoding`, `picture_separator`, `group_by`."""
    asks: str
    choices: tuple[str, ...]
    """The likeliest first; may be empty."""
    required: bool
    """Nothing can be read, or all would be read wrong, without an answer."""
    likely_none: bool = False
    """The likeliest answer is that there is none."""


@dataclass(slots=True)
class Guesses:
    """All that was found of a feed's columns."""

    taken: list[Guess] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def guess_columns(columns: Sequence[Column], claimed: set[str], answered: Mapping[str, str]) -> Guesses:
    """The columns of every field but pictures; `claimed` ones are pictures, what is `answered` is not asked.

    An answer that is empty says that there is no such column.
    """
    found = Guesses()
    free = [column for column in columns if column.name not in claimed | set(answered.values())]
    for name, asks in _QUESTIONS.items():
        if name in answered:
            if answered[name]:
                found.taken.append(Guess(name, answered[name], 1.0, "as you say"))
            elif name not in REQUIRED and any(plain(column.name) in CONVENTIONS.get(name, ()) for column in columns):
                found.taken.append(Guess(name, NO_COLUMN, 1.0, "as you say"))  # else it is taken by its name
            continue
        ranked = sorted(((_sure(name, column), -at, column) for at, column in enumerate(free)), reverse=True)
        ranked = [one for one in ranked if one[0] >= ASKED]
        if not ranked:
            if name in REQUIRED:
                choices = tuple(column.name for column in free if column.seen.like_ids)[:MOST_CHOICES]
                found.questions.append(Question(name, asks, choices, required=True))
            continue
        best, _, column = ranked[0]
        rivals = [one for one in ranked[1:] if one[0] > best - MARGIN]
        rivals = [one for one in rivals if not (_same(one[2], column) or _plainer(one[2].seen, column.seen))]
        if best >= TAKEN and not rivals:
            found.taken.append(Guess(name, column.name, best, _why(name, column)))
            free.remove(column)
        else:
            choices = tuple(one[2].name for one in (ranked[:1] + rivals if rivals else ranked))[:MOST_CHOICES]
            found.questions.append(Question(name, asks, choices, required=name in REQUIRED))
    return found


def _same(one: Column, other: Column) -> bool:
    """Whether two columns say the same in every row: then it does not matter which is taken."""
    return one.cells == other.cells and bool(one.seen.filled)


def _plainer(rival: Seen, best: Seen) -> bool:
    """Whether a rival says nothing where the best says something: it is empty, the same in each row, or GTINs alone."""
    same = rival.distinct <= 1 < best.distinct
    return same or (not rival.filled and bool(best.filled)) or (rival.gtins > _NEARLY_ALL > best.gtins)


def _sure(name: str, column: Column) -> float:
    """How sure it is that a column holds a field, by its name and its values together."""
    named, seen = words()[name].says(column.name), column.seen
    if any(len(cell) > 1 for cell in column.cells):
        return 0.0  # several values in a record: of its variants, or its pictures
    likes = _VALUES[name](seen) if seen.filled else 0.0
    if likes < 0:
        return 0.5 if named >= NAMED and name in REQUIRED else 0.3 * named
    if named >= NAMED:
        return NAMED + 0.04 * likes
    if named >= SECOND:
        return (SECOND if name not in REQUIRED else PART) + 0.05 * likes  # a second-best id is asked for
    if named >= PART:
        return PART + 0.15 * likes
    return _BY_VALUES_ALONE.get(name, 0.0) * (likes > _PLAIN)


def _why(name: str, column: Column) -> str:
    by_name = bool(words()[name].says(column.name))
    by_values = bool(column.seen.filled) and _VALUES[name](column.seen) > _PLAIN
    told = [text for text, yes in (("its name", by_name), ("its values", by_values)) if yes]
    return "by " + " and ".join(told or ["its place"])


def _id(seen: Seen) -> float:
    if not seen.like_ids:
        return -1.0
    if seen.gtins > _NEARLY_ALL:
        return 0.1  # it may be one, where there is no other
    return 1.0 if seen.distinct_share > 0.9 else 0.2  # noqa: PLR2004 - nearly all are different


def _text(seen: Seen) -> float:
    if seen.addresses > 0.1 or seen.pictures > 0.3 or seen.numbers > 0.5 or seen.prices > 0.5:  # noqa: PLR2004 - no texts
        return -1.0
    return 1.0 if seen.words >= 2 and seen.chars < 250 and seen.distinct_share > 0.5 else 0.3  # noqa: PLR2004 - a title's


def _few(seen: Seen) -> float:
    if seen.addresses > 0.1 or seen.pictures > 0.3 or seen.prices > 0.5:  # noqa: PLR2004 - neither a name nor a kind
        return -1.0
    return 1.0 if seen.filled > 20 and seen.distinct_share < 0.5 and seen.numbers < 0.5 else 0.3  # noqa: PLR2004 - come again


def _gtin(seen: Seen) -> float:
    if seen.gtins > _NEARLY_ALL:  # have a right check digit, as one number in ten has by chance
        return 1.0
    return -1.0 if seen.gtins < 0.3 else 0.2  # noqa: PLR2004 - hardly more than by chance


def _whole(seen: Seen) -> float:
    return 1.0 if seen.numbers > 0.9 and seen.prices < 0.1 and seen.longest < 6 else -1.0  # noqa: PLR2004 - small numbers


def _role(seen: Seen) -> float:
    return 1.0 if role_of(seen.example) else -0.5 if seen.numbers > 0.5 else 0.2  # noqa: PLR2004 - words


_PLAIN = 0.5
_NEARLY_ALL = 0.8
_VALUES: dict[str, Callable[[Seen], float]] = {
    "listing_id": _id,
    "variant_group_id": lambda seen: -1.0 if seen.addresses > 0.1 or seen.words > 2 else 0.6,  # noqa: PLR2004 - an id
    "title": _text,
    "brand": _few,
    "category": _few,
    "google_category": _few,
    "gtin": _gtin,
    "role": _role,
    "position": _whole,
    "supplier": _few,
}
"""What values say for a field: -1 against it, 0 nothing, 1 for it."""
_BY_VALUES_ALONE = {"gtin": 0.7, "listing_id": 0.5, "title": 0.5}
"""How sure a field is whose column has no name that says so."""
