"""Which columns name a listing's pictures: the main one, further ones, the product in use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packshot.collect.column_guess import Guess, Question
from packshot.collect.column_words import NAMED, PART, SECOND, key, numbered, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.collect.column_values import Column

_LIKE, _MAYBE = 0.6, 0.3
"""Share of values like pictures from which a column holds them, or may."""
_MOST_ODD = 0.1
"""Share of cells whose pictures a separator does not part, from which it is asked for."""
_SAME = 0.8
"""Share of rows with files of the same names from which two columns show the same pictures."""
MOST_CHOICES = 6


@dataclass(slots=True)
class PictureColumns:
    """What was found of pictures."""

    guesses: list[Guess] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    separator: str | None = None
    taken: set[str] = field(default_factory=set)
    """Columns of pictures, those left aside included: none of them is anything else."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    column: Column
    score: float
    named: float
    more: bool
    main: bool

    @property
    def numbered(self) -> bool:
        """It is called a picture, and counted, as `Photo 2`: whatever the first one is called, it is a further one."""
        return self.named >= NAMED and numbered(self.name)[1] is not None

    @property
    def name(self) -> str:
        return self.column.name


def picture_columns(columns: Sequence[Column], answered: dict[str, str]) -> PictureColumns:
    """Sort the columns of pictures out; what `answered` says (field → columns) is not asked."""
    found = PictureColumns()
    rest: list[_Candidate] = []
    answers = {name.strip() for text in answered.values() for name in [text, *text.split(",")]}
    for column in columns:
        one = _candidate(column)
        if one is None:
            continue
        if words()["aside"].hints(column.name) and column.name not in answers:
            found.notes.append(f"{column.name!r} is left aside: by its name it shows no product, or a small copy")
            found.taken.add(column.name)
        else:
            rest.append(one)
    families = {key(numbered(one.name)[0]) for one in rest}
    unknown = [column for column in columns if not column.seen.filled and column.name not in {one.name for one in rest}]
    rest += [_empty_of(column) for column in unknown if key(numbered(column.name)[0]) in families]
    order = [column.name for column in columns]
    rest = sorted(_outermost(rest), key=lambda one: order.index(one.name))
    lifestyle = [one for one in rest if words()["lifestyle"].hints(one.name)]
    rest = [one for one in rest if one not in lifestyle]
    _main_and_more(rest, found, answered)
    _take(found, "lifestyle_image", lifestyle, answered)
    _separator(found, columns, answered)
    return found


def _candidate(column: Column) -> _Candidate | None:
    """The column as one of pictures; None where it is none."""
    told, seen = words(), column.seen
    named = told["image"].says(column.name)
    more = told["additional"].names & {key(column.name), key(numbered(column.name)[0])}
    named = max(named, NAMED if more else 0.0)
    if told["not_a_picture"].hints(column.name) and seen.pictures < 1:
        return None
    page = key(column.name) in told["page"].names or told["page"].hints(column.name)
    if page and seen.pictures < _LIKE:
        return None
    if not seen.filled:
        score = NAMED if named >= NAMED else 0.0  # nothing in these rows, but its name says it
    elif seen.pictures >= _LIKE:
        score = NAMED if named or seen.addresses > _LIKE else SECOND
    elif seen.pictures >= _MAYBE or seen.addresses >= _LIKE:
        score = 0.9 if named >= NAMED else SECOND if named >= PART else PART
    else:
        # A file's name without extension, or anything else: only what is called so in so many words may be it.
        score = 0.5 if named >= NAMED and seen.numbers < _LIKE and seen.words < 2 else 0.0  # noqa: PLR2004 - two words are a text
    if score <= 0:
        return None
    further = bool(more) or told["additional"].hints(column.name)
    return _Candidate(column, score, named, further, told["main"].hints(column.name))


def _empty_of(column: Column) -> _Candidate:
    """A further one of a numbered family, empty in these rows."""
    told = words()
    further = told["additional"].hints(column.name)
    return _Candidate(column, NAMED, told["image"].says(column.name), further, told["main"].hints(column.name))


def _outermost(found: list[_Candidate]) -> list[_Candidate]:
    """Of a list of records and the addresses in it, which are the same pictures, the list."""
    names = {one.name for one in found}
    return [one for one in found if not any(one.name.startswith(f"{name}.") for name in names)]


def _main_and_more(rest: list[_Candidate], found: PictureColumns, answered: dict[str, str]) -> None:
    likely = [one for one in rest if one.score >= SECOND]
    main = _main_of([one for one in likely or rest if one.column.seen.filled] or likely or rest)
    if "image" in answered:
        main = next((one for one in rest if one.name == answered["image"]), None)
        found.guesses.append(Guess("image", answered["image"], 1.0, "as you say"))
    elif main is not None and main.score >= SECOND:
        found.guesses.append(Guess("image", main.name, main.score, _why(main)))
    else:
        several = [one for one in rest if main is None or not main.more] or rest
        choices = tuple(one.name for one in sorted(several, key=lambda one: -one.score))[:MOST_CHOICES]
        asks = "Which column holds the main picture?" if choices else "No column looks like pictures. Which one is it?"
        found.questions.append(Question("image", asks, choices, required=True))
    if main is None and "image" not in answered:
        found.taken.update(one.name for one in rest)
        return
    others = [one for one in likely if one is not main]
    stems = {key(numbered(one.name)[0]) for one in [main, *others] if one and (one is main or one.more)}
    sure = [one for one in others if one.more or one.numbered or key(numbered(one.name)[0]) in stems]
    _take(found, "additional_images", sure, answered)
    unsure = tuple(one.name for one in others if one not in sure and one.name not in answered.values())
    if unsure and "additional_images" not in answered:
        found.questions.append(_further(unsure, main, others))
    found.taken.update(one.name for one in rest if one.score >= SECOND)


def _further(unsure: tuple[str, ...], main: _Candidate | None, others: list[_Candidate]) -> Question:
    """The question for further pictures; those that are called like the main ones come last, and are likely none."""
    asks = "Further pictures of the listing are in which columns? Several: a,b"
    same = [one for one in others if one.name in unsure and main and _same_files(main.column, one.column)]
    again = [one.name for one in same]
    if same:
        which = "" if len(again) == len(unsure) else f"{', '.join(map(repr, again))}: "
        public = all(one.column.seen.addresses >= _LIKE for one in same)
        like = "the public addresses of the same pictures; see --base-url of packshot export"
        asks += f" ({which}these look like {like if public else 'the same pictures'})"
    choices = (*(name for name in unsure if name not in again), *again)[:MOST_CHOICES]
    return Question("additional_images", asks, choices, required=False, likely_none=len(again) == len(unsure))


def _same_files(one: Column, other: Column) -> bool:
    """Whether two columns name files of the same names, row by row."""
    pairs = [(_files(a), _files(b)) for a, b in zip(one.cells, other.cells, strict=True) if a and b]
    return bool(pairs) and sum(a == b for a, b in pairs) > _SAME * len(pairs)


def _files(cell: tuple[str, ...]) -> list[str]:
    """The names of files in a cell, without folders, queries and case."""
    return [unquote(re.split(r"[?#]", text)[0]).replace("\\", "/").rpartition("/")[2].casefold() for text in cell]


def _main_of(found: list[_Candidate]) -> _Candidate | None:
    """The one that is the main picture beyond doubt; None where several could be."""
    for one_of in ([one for one in found if one.main], [one for one in found if not one.more], found):
        if len(one_of) == 1:
            return one_of[0]
        families = {key(numbered(one.name)[0]) for one in one_of}
        if len(families) == 1:
            return min(one_of, key=lambda one: numbered(one.name)[1] or 0)
        if one_of:
            full = [one for one in one_of if one.named >= NAMED and one.column.seen.filled]
            single = [one for one in full if not numbered(one.name)[1] or numbered(one.name)[1] == 1]
            return single[0] if len(single) == 1 else None
    return None


def _take(found: PictureColumns, field: str, columns: list[_Candidate], answered: dict[str, str]) -> None:
    if field in answered:
        if answered[field]:
            found.guesses.append(Guess(field, answered[field], 1.0, "as you say"))
    elif columns:
        names = joined([one.name for one in columns])
        found.guesses.append(Guess(field, names, min(one.score for one in columns), _why(columns[0])))
    found.taken.update(one.name for one in columns)


def joined(names: Sequence[str]) -> str:
    """Several columns as one mapping; a comma inside a name becomes a star, since commas part names."""
    return names[0] if len(names) == 1 else ",".join(name.replace(",", "*") for name in names)


def _why(one: _Candidate) -> str:
    seen = one.column.seen
    by_values = "its values are pictures" if seen.pictures >= _LIKE else "its values are addresses"
    if not seen.filled:
        return "by its name; it is empty in the first rows"
    if seen.pictures < _LIKE and seen.addresses < _LIKE:
        return "by its name"
    return f"by its name, and {by_values}" if one.named else by_values


def _separator(found: PictureColumns, columns: Sequence[Column], answered: dict[str, str]) -> None:
    """What stands between several pictures in one text, the same for all columns."""
    used = {name for guess in found.guesses for name in (guess.column, *guess.column.split(","))}
    told = {}
    for column in columns:
        if column.name in used and column.seen.several and (column.seen.separator or column.seen.odd_separators):
            told[column.name] = column.seen
    if not told:
        return
    separators = {seen.separator for seen in told.values()}
    odd = any(seen.odd_separators > _MOST_ODD for seen in told.values())
    image = next((guess.column for guess in found.guesses if guess.field == "image"), "")
    alone = [
        cell[0] for column in columns if column.name == image and image not in told for cell in column.cells if cell
    ]
    odd = odd or any(one in text for one in separators - {","} if one for text in alone)
    if "picture_separator" in answered:
        found.separator = answered["picture_separator"]
    elif len(separators) > 1 or odd:
        listed = ", ".join(map(repr, told))
        choices = tuple(sorted(one for one in separators if one))
        asks = f"What stands between the pictures in {listed}?"
        found.questions.append(Question("picture_separator", asks, choices, required=True))
    elif separators != {","} or any(guess.field == "image" and guess.column in told for guess in found.guesses):
        found.separator = separators.pop()  # commas are understood in columns of further pictures as it is
