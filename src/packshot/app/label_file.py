"""Labels in files: read row by row with every mistake told, taken all or none, and written so that they can be read."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from packshot.app.labels import (
    hold_answer,
    hold_two,
    known_questions,
    new_label,
    pairs_said,
    plain_text,
    unchanged,
    who,
)
from packshot.app.named import Names
from packshot.core.errors import UnknownName, UsageError
from packshot.core.label import SAME_PICTURE, Answer, Subject, subject_of_pair, subject_of_placement
from packshot.core.plural import plural
from packshot.match.peoples_word import Settled
from packshot.pipeline.current_rows import placed
from packshot.pipeline.peoples_word import word
from packshot.texts.cells import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.app.tables import Reader
    from packshot.storage.catalog_tables import NewLabel

COLUMNS = ("question", "placement_id", "source_uri", "listing_id", "asset_id", "other_asset_id", "answer", "because")
MAY_HAVE = (*COLUMNS, "author", "at")
NEEDED = ("question", "answer")
DELIMITERS = (",", ";", "\t")
MOST_MISTAKES = 30
"""Mistakes that are listed; the others are counted."""
MOST_BYTES = 256 * 1024 * 1024
_HEAD = 40
"""Bytes of a file that has no mark in which a text in UTF-8 has no NUL, and one in UTF-16 has."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file of labels; `as_dict` is what `packshot label import --json` prints."""

    dry_run: bool
    rows: int
    added: int
    """Labels that were (or would be) kept."""
    unchanged: int
    """Rows that say what stands already, or what an earlier row says."""
    unanswered: int
    """Rows without an answer."""
    mistakes: list[str] = field(default_factory=list)
    """Rows that were left out, each with its line and what to do."""
    by_answer: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def import_labels(  # noqa: PLR0913 - what, by whom, and how
    reader: Reader,
    data: bytes,
    name: str,
    *,
    policy: str | None = None,
    author: str | None = None,
    skip_bad: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Keep what a CSV file says, all of it or nothing; with `skip_bad`, the rows without a mistake.

    Args:
        reader: The workspace.
        data: The file's bytes.
        name: What the file is called in messages.
        policy: A policy whose rules may be spoken of although nothing was judged by it yet.
        author: Who says what stands in rows without an author.
        skip_bad: Leave rows with mistakes out.
        dry_run: Keep nothing.

    Raises:
        UsageError: It is no table with the needed columns, or (without `skip_bad`) rows of it have mistakes.
    """
    rows = _Rows(reader, list(_records(data, name)), policy, author)
    labels = rows.labels()
    if rows.mistakes and not skip_bad:
        shown = [f"  line {line}: {text}" for line, text in sorted(rows.mistakes)[:MOST_MISTAKES]]
        more = len(rows.mistakes) - len(shown)
        lines = "\n".join([*shown, *([f"  … and {more:,} more"] if more else [])])
        raise UsageError(
            f"{name} has {plural(len(rows.mistakes), 'row')} that cannot be taken:\n{lines}",
            "Nothing was imported. Mend them, or leave them out with --skip-bad.",
        )
    if labels and not dry_run:
        reader.stores.catalog.add_labels(labels)
    counted: dict[str, int] = {}
    for label in labels:
        counted[str(label.answer["answer"])] = counted.get(str(label.answer["answer"]), 0) + 1
    return Imported(
        dry_run=dry_run,
        rows=len(rows.records),
        added=len(labels),
        unchanged=rows.unchanged,
        unanswered=rows.unanswered,
        mistakes=[f"line {line}: {text}" for line, text in sorted(rows.mistakes)],
        by_answer=counted,
    )


def to_answer(reader: Reader, policy: str | None = None) -> pl.DataFrame:
    """The questions of a policy that only people can answer, for each picture where nobody has: a file to fill in.

    One row for each manual rule that the last judgement lists as not assessed; `asks` is the question in words, and
    `pass_means` what is true of a picture that passes.
    """
    bound = reader.bound(policy)
    manual = [rule.rule for rule in bound.rules if rule.rule.manual]
    asks = {rule.id: " ".join((rule.question or rule.says).split()) for rule in manual}
    means = {rule.id: " ".join(rule.says.split()) or "The picture keeps the rule." for rule in manual}
    named = ("listing_id", "source_uri", "placement_id", "asset_id", "not_assessed")
    rows = reader.verdicts(policy, named).drop_nulls("asset_id").explode("not_assessed")
    rows = rows.rename({"not_assessed": "question"}).filter(pl.col("question").is_in(list(asks)))
    answered = word(reader.stores).of_policy(bound, rows).select("placement_id", "asset_id", pl.col("rule"))
    rows = rows.join(answered.rename({"rule": "question"}), on=("placement_id", "asset_id", "question"), how="anti")
    told = [
        pl.col("question").replace_strict(texts, default="", return_dtype=pl.String).alias(name)
        for name, texts in (("asks", asks), ("pass_means", means))
    ]
    blank = [pl.lit("").alias(name) for name in ("answer", "because")]
    return rows.select("question", *told, *blank, "listing_id", "source_uri", "placement_id", "asset_id").sort(
        "listing_id", "placement_id", "question"
    )


class _Rows:
    """The rows of a file, and what they say."""

    def __init__(
        self, reader: Reader, records: list[tuple[int, dict[str, str]]], policy: str | None, author: str | None
    ) -> None:
        self.records = records
        self.mistakes: list[tuple[int, str]] = []
        self.unchanged = self.unanswered = 0
        self._author = author
        self._questions = known_questions(reader, policy) | {SAME_PICTURE: ""}
        self._names = Names(placed(reader.stores).placements)
        called = {row[key] for _, row in records for key in _NAMES if row.get(key)}
        self._places = self._names.placements(called)
        self._every = word(reader.stores).standing
        self._stands = {
            (row["question"], row["subject_kind"], row["subject_id"]): row for row in self._every.rows(named=True)
        }

    def labels(self) -> list[NewLabel]:
        """The labels to be kept, in the order of the rows; fills `mistakes unchanged unanswered`."""
        found: dict[tuple[str, str, str], tuple[int, NewLabel]] = {}
        for line, row in self.records:
            if not row.get("answer", "").strip():
                self.unanswered += 1
                continue
            try:
                label = self._label(row)
            except UsageError as error:
                self.mistakes.append((line, " ".join(f"{error.message} {error.hint}".split())))
                continue
            key = (label.question, label.subject_kind, label.subject_id)
            if key in found and found[key][1].answer["answer"] != label.answer["answer"]:
                text = f"It says {label.answer['answer']}, and line {found[key][0]} says another thing of the same."
                self.mistakes.append((line, f"{text} Keep one of them."))
                continue
            if key in found or unchanged(self._stands.get(key), label) is not None:
                self.unchanged += 1
            else:
                found[key] = (line, label)
        return self._consistent(list(found.values()))

    def _consistent(self, found: list[tuple[int, NewLabel]]) -> list[NewLabel]:
        """The labels less those of pairs that contradict others."""
        told = {label.subject_id for _, label in found if label.question == SAME_PICTURE}
        others = Settled(pairs_said(self._every.filter(~pl.col("subject_id").is_in(list(told)))))
        kept: list[NewLabel] = []
        for line, label in found:
            if label.question == SAME_PICTURE and label.answer["answer"] != Answer.WITHDRAWN.value:
                a, _, b = label.subject_id.partition("/")
                same = label.answer["answer"] == Answer.SAME.value
                if not others.take(a, b, same=same):
                    text = f"That contradicts other rows, or what was said before: {a[:12]} and {b[:12]}"
                    text += f" are {'not ' if same else ''}the same by those."
                    self.mistakes.append((line, f"{text} Take that back first, or leave this row out."))
                    continue
            kept.append(label)
        return kept

    def _label(self, row: Mapping[str, str]) -> NewLabel:
        question = row.get("question", "").strip()
        if not question:
            raise UsageError("It names no question.", "Name a rule or check, or same_picture.")
        if question not in self._questions:
            raise UnknownName("question", question, [q for q in self._questions if ("/" in q) == ("/" in question)])
        answer = hold_answer(question, row["answer"])
        kind, subject = self._pair(row) if question == SAME_PICTURE else self._place(row)
        author = who(row.get("author", "").strip() or self._author)
        label = new_label(question, kind, subject, answer, row.get("because"), author)
        stands = self._stands.get((question, kind.value, subject))
        if answer == Answer.WITHDRAWN.value and (stands is None or stands["answer"] == answer):
            raise UsageError("Nobody has said anything of it that could be withdrawn.", "Leave the row out.")
        at = row.get("at", "").strip()
        return replace(label, at=_moment(at)) if at else label

    def _place(self, row: Mapping[str, str]) -> tuple[Subject, str]:
        id_, uri, listing = (row.get(key, "").strip() for key in ("placement_id", "source_uri", "listing_id"))
        name = id_ or uri or listing
        if not name:
            raise UsageError("It names no picture.", "Fill in placement_id, or source_uri (and listing_id).")
        rows = self._places.get(name)
        sure = rows is not None and name == id_ and rows.height == 1  # spreadsheets make dates and numbers of listings
        if rows is None and id_ and uri:  # an id is of one source: elsewhere the same place has another
            rows = self._places.get(uri)
        if rows is not None and listing and not sure:
            rows = rows.filter(pl.col("listing_id") == listing)
        if rows is None or rows.is_empty():
            raise self._unknown("placement", name)
        place = self._names.placement(name, rows)
        asset = row.get("asset_id", "").strip()
        if asset and not place["asset_id"].startswith(asset):
            raise UsageError(
                f"Another picture stands at {place['source_uri']} now: {place['asset_id'][:12]}, not {asset[:12]}.",
                "Look at it anew, and leave asset_id empty or name the new one.",
            )
        return Subject.PLACEMENT, subject_of_placement(place["placement_id"], place["asset_id"])

    def _pair(self, row: Mapping[str, str]) -> tuple[Subject, str]:
        one, other = (row.get(key, "").strip() for key in ("asset_id", "other_asset_id"))
        if not (one and other):
            raise UsageError("same_picture is asked of two pictures.", "Fill in asset_id and other_asset_id.")
        for name in (one, other):
            if name not in self._places:
                raise self._unknown("picture", name)
        found = [self._names.asset(name, self._places[name]) for name in (one, other)]
        hold_two(*found)
        return Subject.PAIR, subject_of_pair(*found)

    def _unknown(self, what: str, name: str) -> UsageError:
        """With the nearest names for the first mistakes; looking for them takes long, and nobody reads thousands."""
        if len(self.mistakes) < MOST_MISTAKES:
            return self._names.unknown(what, name)
        return UsageError(f"There is no {what} called {name!r}.", "See `packshot table placements`.")


_NAMES = ("placement_id", "source_uri", "listing_id", "asset_id", "other_asset_id")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time.", "Write it as 2027-01-31 or 2027-01-31T14:05:00Z.") from None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if found > datetime.now(UTC):
        raise UsageError(f"{text} is still to come.", "Leave `at` empty for now.")
    return found


def _records(data: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their lines. Raises UsageError where it is no table of labels at all."""
    text = _text(data, name)
    header_line = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    delimiter = max(DELIMITERS, key=header_line.count)
    table = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        header = next((fields for fields in table if _is_header(fields)), [])
        columns = [_column(field) for field in header]
        _hold_columns(columns, name)
        for fields in table:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) > len(columns) and any(field.strip() for field in fields[len(columns) :]):
                message = f"{name}: line {table.line_num} has {len(fields)} fields, the header {len(columns)}."
                raise UsageError(
                    message, 'Nothing was imported. Put texts that hold the delimiter in "quotation marks".'
                )
            yield table.line_num, dict(zip(columns, map(unguarded, fields), strict=False))
    except csv.Error as error:
        message = f"{name}: line {table.line_num} is no CSV: {error}."
        raise UsageError(message, "Nothing was imported. Look for a quotation mark that is not closed.") from None


def _is_header(fields: list[str]) -> bool:
    """Whether anything stands in the row; a line such as `sep=;` only tells Excel how the columns are parted."""
    return any(field.strip() for field in fields) and not (fields[0].lower() == "sep=" and not any(fields[1:]))


def read(file: IO[bytes]) -> bytes:
    """What a file holds, or more than `import_labels` takes of one without an end."""
    return file.read(MOST_BYTES + 1)


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise UsageError(f"{name} is larger than {MOST_BYTES // 1024 // 1024} MiB.", "Import it in parts.")
    marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if marked or b"\0" not in data[:_HEAD]:
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16" if marked else "utf-8-sig")
    raise UsageError(f"{name} is no text in UTF-8.", "Nothing was imported. Save it as CSV (UTF-8).")


def _column(field: str) -> str:
    known = plain_text(field).lower().replace(" ", "_").replace("-", "_")
    return {"rule": "question", "check": "question", "placement": "placement_id", "reason": "because"}.get(known, known)


def _hold_columns(columns: list[str], name: str) -> None:
    lacking = [column for column in NEEDED if column not in columns]
    twice = sorted({column for column in columns if column in MAY_HAVE and columns.count(column) > 1})
    if lacking or twice:
        fault = f"has no column {' and no column '.join(lacking)}" if lacking else f"has {twice[0]} twice"
        raise UsageError(f"{name} {fault}.", f"Nothing was imported. The columns are: {', '.join(MAY_HAVE)}.")
