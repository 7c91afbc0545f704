"""Begins a workspace file by looking at feeds: what they are, which column is which, what they would be read as."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.collect.column_guess import Guess, Question, guess_columns
from packshot.collect.columns import CONVENTIONS, NO_COLUMN, check_mapping, parts_of
from packshot.collect.feed_head import MOST_BYTES, Head, head_of_parquet, head_of_records, head_of_table
from packshot.collect.form import Form, form_of
from packshot.collect.opening import first_look, open_source
from packshot.collect.picture_columns import picture_columns
from packshot.collect.source import Options
from packshot.collect.uris import redact
from packshot.core.errors import SourceError, UsageError
from packshot.core.listing import Listing, Placement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.collect.source import Location
    from packshot.collect.web.settings import WebSettings

_TABLES, _RECORDS = frozenset({"delimited"}), frozenset({"json_lines", "parquet"})
_TEXT = frozenset({"delimited", "json_lines", "shopify", "woocommerce", "google_supplemental", "url_list"})
SHOWN = 8
_MOST_RECORDS = 3000


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing as it would be read."""

    listing_id: str
    title: str | None
    pictures: int
    first: str
    """Where its main picture lies, without secrets; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one feed."""

    at: str
    """As it was named, without secrets."""
    secret: bool
    """There are secrets in the address, which stand in no file."""
    kind: str
    form: Form
    group_by: str | None
    guesses: tuple[Guess, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    shown: tuple[Shown, ...]
    listings: int = 0
    """In what was read of it."""
    placements: int = 0
    troubles: tuple[str, ...] = ()
    whole: bool = False
    """All of it was read."""
    aside: tuple[str, ...] = ()
    """Columns that stay attributes."""

    @property
    def mapping(self) -> dict[str, str]:
        """Field → column."""
        return {guess.field: guess.column for guess in self.guesses}

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "at": self.at,
            "kind": self.kind,
            "form": self.form.said(),
            "group_by": self.group_by,
            "map": [
                {"field": one.field, "column": one.column, "sure": round(one.sure, 2), "why": one.why}
                for one in self.guesses
            ],
            "questions": [
                {
                    "field": one.field,
                    "asks": one.asks,
                    "choices": list(one.choices),
                    "flag": flag(one),
                    "required": one.required,
                }
                for one in self.questions
            ],
            "attributes": list(self.aside),
            "notes": list(self.notes),
            "listings": self.listings,
            "placements": self.placements,
            "troubles": list(self.troubles),
            "whole": self.whole,
            "first": [
                {"listing_id": s.listing_id, "title": s.title, "pictures": s.pictures, "first": s.first}
                for s in self.shown
            ],
        }


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user says, so that it is not asked."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column; an empty column says that there is none."""
    form: Mapping[str, object] = field(default_factory=dict)
    """Fields of a Form."""
    kind: str | None = None
    group_by: str | None = None

    def of(self, name: str, answer: str) -> Answers:
        """With the answer to one question more."""
        if name == "group_by":
            return replace(self, group_by=answer)
        if name in {"encoding", "picture_separator"}:
            return replace(self, form={**self.form, name: answer})
        return replace(self, mapping={**self.mapping, name: answer})


def look(
    location: str, answers: Answers | None = None, web: WebSettings | None = None, skip: tuple[Path, ...] = ()
) -> Looked:
    """Look at the beginning of a feed, or into a folder but for what is in `skip`: the workspace.

    Raises SourceError where there is nothing that could be read, UsageError for answers that do not fit it.
    """
    answers = answers or Answers()
    given = form_of(answers.form)
    asked = check_mapping({name: column or " " for name, column in answers.mapping.items()})
    said = {name: column.strip() for name, column in asked.items()}
    found, kind, note = first_look(location, kind=answers.kind, options=Options(form=given), web=web)
    form, group_by = given, answers.group_by
    guesses: list[Guess] = []
    questions: list[Question] = []
    notes: list[str] = [note] if note else []
    columns: tuple[str, ...] = ()
    head = _head(found, kind, given)
    if head is not None:
        _hold_answers(said, head)
        pictures = picture_columns(head.columns, said | _separator_said(given))
        rest = guess_columns(head.columns, pictures.taken, said)
        guesses = [*pictures.guesses, *rest.taken]
        questions = [*_doubts(head, given), *pictures.questions, *rest.questions]
        notes += [*head.notes, *pictures.notes]
        form = replace(head.form, picture_separator=given.picture_separator or pictures.separator)
        columns = tuple(column.name for column in head.columns)
    else:
        guesses = [Guess(name, column, 1.0, "as you say") for name, column in said.items() if column]
    if found.is_folder and group_by is None:
        question, group_by = _grouping(found, skip)
        questions += [question] if question else []
    at = _named(location, found) if note else location
    order = list(CONVENTIONS)
    guesses.sort(key=lambda guess: order.index(guess.field))
    looked = Looked(
        redact(at), redact(at) != at, kind, form, group_by, tuple(guesses), tuple(questions),
        tuple(dict.fromkeys(notes)), (), aside=_aside(columns, guesses),
    )  # fmt: skip
    return looked if any(one.required for one in questions) else _with_preview(looked, found, skip)


def _named(location: str, found: Location) -> str:
    """The feed that was found in a folder, as a person would name it."""
    if found.remote:
        return str(found.remote)
    return str(Path(location) / found.path.name) if not found.archive else location


def flag(question: Question) -> str:
    """What answers a question on the command line."""
    if question.field in {"encoding", "group_by", "picture_separator"}:
        return f"--{question.field.replace('_', '-')} {_shell(question.choices[0]) if question.choices else '…'}"
    if question.likely_none:
        return f"--map {question.field}={NO_COLUMN}"
    return f"--map {question.field}={_shell(question.choices[0]) if question.choices else 'COLUMN'}"


def _head(location: Location, kind: str, form: Form) -> Head | None:
    """The first rows of a feed whose columns have to be told; None for kinds that know their own."""
    if location.is_folder:
        return None
    if kind in _TABLES:
        return head_of_table(location, form)
    if kind in _RECORDS:
        head = head_of_parquet(location) if kind == "parquet" else head_of_records(location, form)
        if not head.rows:
            raise SourceError("The feed holds no records.", "Export it with its rows.")
        return head
    return None


def _hold_answers(said: Mapping[str, str], head: Head) -> None:
    names = [column.name for column in head.columns]
    for name, column in said.items():
        missing = [one for one in parts_of(column, names) if one not in names] if column else []
        if missing:
            raise UsageError(
                f"There is no column {missing[0]!r}, which --map gives for {name}.",
                "There are: " + ", ".join(names[:40]),
            )


def _separator_said(form: Form) -> dict[str, str]:
    return {"picture_separator": form.picture_separator} if form.picture_separator else {}


def _doubts(head: Head, given: Form) -> list[Question]:
    asks = {"encoding": "Which encoding is the feed in?"}
    return [
        Question(name, f"{asks[name]} ({why})", choices, required=False)
        for name, choices, why in head.doubts
        if getattr(given, name) is None
    ]


def _grouping(folder: Location, skip: tuple[Path, ...]) -> tuple[Question | None, str | None]:
    """Whether a folder of pictures is one of listings: asked where its sub-folders hold several pictures each."""
    if folder.remote:
        return None, None
    below = [one for one in islice(folder.path.iterdir(), _MOST_RECORDS) if _may_be_listing(one, skip)]
    several = [one for one in below[:SHOWN] if len(list(islice((p for p in one.iterdir() if p.is_file()), 2))) > 1]
    feeds = [path for one in below[:SHOWN] for path in islice(one.iterdir(), _MOST_RECORDS) if _like_feed(path)]
    if feeds:
        name = feeds[0].relative_to(folder.path)
        asks = f"There is {name}: name it if it is the feed. Or is every picture a listing (file), or every sub-folder?"
        return Question("group_by", asks, ("file", "folder"), required=True), None
    if len(several) < 2:  # noqa: PLR2004 - one folder is no pattern
        return None, None
    asks = "Is every sub-folder a listing with its pictures (folder), or every picture a listing (file)?"
    return Question("group_by", asks, ("folder", "file"), required=True), None


def _may_be_listing(path: Path, skip: tuple[Path, ...]) -> bool:
    return path.is_dir() and path.name[:1] != "." and path.absolute() not in {one.absolute() for one in skip}


def _like_feed(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".tsv", ".xml", ".jsonl", ".parquet"} and path.is_file()


def _aside(columns: tuple[str, ...], guesses: list[Guess]) -> tuple[str, ...]:
    used = {part for guess in guesses for part in parts_of(guess.column, columns)}
    return tuple(name for name in columns if name not in used)


def _with_preview(looked: Looked, found: Location, skip: tuple[Path, ...]) -> Looked:
    """With the first listings as they would be read, by the code that reads them."""
    with tempfile.TemporaryDirectory(prefix="packshot-look-") as folder:
        path, whole = _beginning(found, Path(folder), looked.kind)
        source = open_source(
            path, kind=looked.kind, mapping=looked.mapping, form=looked.form,
            group_by=looked.group_by if found.is_folder else None, skip=skip,
        )  # fmt: skip
        listings: dict[str, Listing] = {}
        pictures: dict[str, list[Placement]] = {}
        troubles: list[str] = []
        count = 0
        try:
            for record in islice(source.records(), _MOST_RECORDS):
                count += 1
                if isinstance(record, Listing):
                    listings[record.listing_id] = record
                elif isinstance(record, Placement):
                    pictures.setdefault(record.listing_id, []).append(record)
                else:
                    troubles.append(record.detail)
        except SourceError:
            if whole or not listings:
                raise
        notes = source.notes.lines()
    shown = tuple(_shown(one, pictures.get(name, [])) for name, one in islice(listings.items(), SHOWN))
    quiet = {"was read as", "is taken from"}  # told already, with what to do about it
    return replace(
        looked, shown=shown, listings=len(listings), placements=sum(map(len, pictures.values())),
        troubles=tuple(troubles[:SHOWN]), whole=whole and count < _MOST_RECORDS,
        notes=(*looked.notes, *_lost(shown, found), *(one for one in notes if not any(word in one for word in quiet))),
    )  # fmt: skip


def _lost(shown: tuple[Shown, ...], found: Location) -> list[str]:
    """A note where none of the first pictures lies on this machine where the feed says."""
    if found.is_folder or found.remote or found.web or found.archive:
        return []
    local = [one.first for one in shown if one.first and "://" not in one.first]
    folder = found.path.parent
    if not local or any(os.path.exists(folder / place) for place in local):  # noqa: PTH110 - odd names are no errors
        return []
    lost = "the only picture is not" if len(local) == 1 else f"none of the first {len(local)} pictures is"
    return [f"{lost} there, looked for beside the feed: {local[0]}"]


def _beginning(found: Location, folder: Path, kind: str) -> tuple[Path, bool]:
    """A file with the beginning of a text, so that no more of it is read; anything else as it is."""
    if found.is_folder or kind not in _TEXT or found.path.stat().st_size <= MOST_BYTES:
        return found.path, True
    copy = folder / found.path.name
    with found.path.open("rb") as file:
        head = file.read(MOST_BYTES)
    copy.write_bytes(head[: head.rfind(b"\n") + 1] or head)
    return copy, False


def _shown(listing: Listing, pictures: list[Placement]) -> Shown:
    first = min(pictures, key=lambda one: (one.role.value != "main", one.position), default=None)
    return Shown(listing.listing_id, listing.title, len(pictures), first.source_uri if first else "")


def _shell(text: str) -> str:
    return text if all(c.isalnum() or c in "_-./" for c in text) else "'" + text.replace("'", "'\\''") + "'"
