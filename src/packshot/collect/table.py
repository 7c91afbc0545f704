"""CSV and its kin as rows: delimiter found, ragged and broken rows reported with their line, never guessed at."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections import deque
from typing import TYPE_CHECKING

from packshot.collect.columns import UNREADABLE, has_required, known_columns, plain, plan_columns
from packshot.collect.encoding import encoding_of_head, find_encoding
from packshot.collect.form import Form
from packshot.collect.rows import Row, RowPicture
from packshot.core.errors import SourceError
from packshot.core.plural import plural
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from packshot.collect.columns import ColumnPlan
    from packshot.collect.rows import Notes
    from packshot.collect.source import Location, Options

TABLE = 0.95
"""How surely any table with an id and a picture is read as such: a source that knows its very form is surer."""
DELIMITERS = (",", "\t", ";", "|")
_USUAL = Form()
MAX_FIELD_CHARS = 128 * 1024
"""A longer field is taken for an open quotation mark. It is the limit that the csv module sets itself."""
MAX_COLUMNS = 4096
_TELLING_WIDTH, _TELLING_LINES = 3, 2
"""From so many fields in so many lines on, lines inside a quoted field that are all like rows are rows."""
_MOST_REPAIRS = 1000
"""How often reading starts again after a broken quotation mark before the feed is refused."""


def sniff_table(location: Location, mapping: Mapping[str, str], form: Form = _USUAL) -> float:
    """How surely `location` is a table of listings: TABLE with all needed columns, less for text that might be one."""
    header = _header_of_head(location.head, mapping, form)
    if header is None:
        return 0.0
    if has_required(header, mapping):
        return TABLE
    if location.suffix in {".csv", ".tsv", ".tab"}:
        return 0.5
    return 0.1 if len(header) > 1 or location.suffix == ".txt" else 0.0


def header_of(location: Location, form: Form = _USUAL) -> list[str]:
    """The column names of what may be a table, under the delimiter that gives most known ones; empty for no table."""
    return [] if location.is_folder else _header_of_head(location.head, {}, form) or []


def own_mapping(location: Location, names: Mapping[str, Sequence[str]], options: Options) -> dict[str, str]:
    """Field → the column that holds it in a shop's export; what the user maps comes before the shop's own `names`."""
    by_name = {plain(name): name for name in reversed(header_of(location, options.form))}
    found = {field: [by_name[name] for name in known if name in by_name] for field, known in names.items()}
    return {**{field: columns[0] for field, columns in found.items() if columns}, **options.mapping}


def _header_of_head(head: bytes, mapping: Mapping[str, str], form: Form) -> list[str] | None:
    encoding = encoding_of_head(head, form.encoding)
    if encoding is None or not head or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    text = head.decode(encoding.name, encoding.errors)
    header = _best_header(text, mapping, form)[1]
    return None if any("\0" in name for name in header) else header


def _best_header(text: str, mapping: Mapping[str, str], form: Form) -> tuple[str, list[str]]:
    """The delimiter under which the line of names holds most known columns, and that line; commas win a tie."""
    best: tuple[int, int, str, list[str]] = (0, 0, form.delimiter or DELIMITERS[0], [])
    for delimiter in (form.delimiter,) if form.delimiter else DELIMITERS:
        # No header comes near the limit of the csv module, so a head of 64 KiB cannot raise its error.
        lines = io.StringIO(text.lstrip("\ufeff"), newline="")
        for _ in range(form.header_line - 1):
            lines.readline()
        reader = csv.reader(lines, delimiter=delimiter)
        header = next((fields for fields in reader if any(field.strip() for field in fields)), [])
        score = (known_columns(header, mapping), len(header))
        if score > best[:2]:
            best = (*score, delimiter, header)
    return best[2], best[3]


def table_plan(path: Path, mapping: Mapping[str, str], head: bytes, feed: str, *, form: Form = _USUAL) -> ColumnPlan:
    """The columns of the table, from its first bytes. Raises SourceError as `plan_columns` does.

    Where names in them are no UTF-8 the whole file tells its encoding: names are mapped and shown as they are read.
    """
    header = _header_of_head(head, mapping, form)
    if header and form.encoding is None and any(UNREADABLE.search(name) for name in header):
        encoding = find_encoding(path, feed)
        header = _best_header(head.decode(encoding.name, encoding.errors), mapping, form)[1]
    if not header:
        raise SourceError(f"{feed} has no line of column names.", _what_to_do(path))
    return plan_columns(header, mapping, feed)


def table_rows(
    path: Path, mapping: Mapping[str, str], feed: str, notes: Notes, form: Form = _USUAL
) -> Iterator[Row | Trouble]:
    """Every row of the table; a Trouble of kind BAD_ROW, with the line, for each that cannot be read.

    Empty lines are passed over. Raises SourceError where the header lacks what is needed or the file is no table.
    """
    encoding = find_encoding(path, feed, form.encoding)
    if encoding.note:
        notes.add(encoding.note)
    with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
        start = file.read(1 << 16)
        delimiter = _best_header(start, mapping, form)[0]
        file.seek(0)
        table = _Table(_Lines(file), delimiter, feed, form.picture_separator)
        header = table.header(form.header_line)
        if not header:
            raise SourceError(f"{feed} has no line of column names.", _what_to_do(path))
        if len(header) > MAX_COLUMNS:
            raise SourceError(f"{feed} has {len(header):,} columns; at most {MAX_COLUMNS:,} are read.", "")
        plan = plan_columns(header, mapping, feed)
        for note in plan.notes:
            notes.add(note)
        yield from table.rows(plan, len(header))
        if table.count == 0:
            notes.add(f"{feed} has a header and no rows")


def _what_to_do(path: Path) -> str:
    if path.stat().st_size == 0:
        return "The file is empty."
    return "Its first line must name the columns, for instance: listing_id,title,image_path"


class _Lines:
    """The lines of a file, numbered from 1, with those of the record at hand kept so that they can be read again."""

    def __init__(self, file: io.TextIOBase) -> None:
        self._next = iter(file).__next__
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.number = 0
        """Of the last line given."""
        self.ended_inside = False
        """The file ended while a record was open."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._again.popleft() if self._again else self._next()
        except StopIteration:
            self.ended_inside = bool(self.record)
            raise
        self.number += 1
        self.record.append(line)
        return line

    def back_to_second(self) -> None:
        """Give the lines of the record again, except for its first."""
        self._again.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1
        self.record = []
        self.ended_inside = False


class _Table:
    def __init__(self, lines: _Lines, delimiter: str, feed: str, separator: str | None) -> None:
        self._lines = lines
        self._separator = separator
        self._delimiter = delimiter
        self._feed = feed
        self._repairs = 0
        self.count = 0
        """Rows that were not empty, bad ones included."""

    def header(self, line: int) -> list[str]:
        """The names in the first line from `line` on that is not empty; empty where there is none."""
        for _ in range(line - 1):
            next(self._lines, "")
        self._lines.record = []
        try:
            for fields in self._reader():
                self._lines.record = []
                if any(field.strip() for field in fields):
                    return [field.lstrip("\ufeff") for field in fields]
        except csv.Error as error:
            message = f"{self._feed} has no readable line of column names ({error})."
            raise SourceError(message, "Is a quotation mark left open in its first line?") from error
        return []

    def rows(self, plan: ColumnPlan, width: int) -> Iterator[Row | Trouble]:
        """Rows of `width` fields; after a record that cannot be right, reading goes on at its second line."""
        lines, make = self._lines, _RowMaker(plan, self._separator)
        reader = self._reader()
        while True:
            lines.record = []
            before = lines.number
            fault = ""
            fields: list[str] = []
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error:
                fault = f"a field has more than {MAX_FIELD_CHARS:,} characters; is a quotation mark left open?"
            if not fault and lines.ended_inside:
                fault = "a quotation mark is left open to the end of the file"
            if not fault and len(fields) != width:
                if not fields or not any(field.strip() for field in fields):
                    continue
                fault = _ragged(fields, width)
            if not fault and len(lines.record) > 1:
                fault = self._swallowed(lines.record, width)
            self.count += 1
            if not fault:
                yield make.row(f"line {before + 1}", fields)
                continue
            yield Trouble("collect", TroubleKind.BAD_ROW, f"line {before + 1}: {fault}", self._feed)
            if len(lines.record) > 1:
                self._start_again(before + 1)
                reader = self._reader()

    def _swallowed(self, record: Sequence[str], width: int) -> str:
        """Why a record of several lines is none: a quotation mark left open runs on to the next one, rows further down.

        The fields may still be as many as in the header, so nothing else would tell that the rows between are lost.
        """
        fault = "a quotation mark is left open, or one inside a field is not doubled"
        try:
            list(csv.reader(record, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return fault
        inner = record[1:-1]
        if width < _TELLING_WIDTH or len(inner) < _TELLING_LINES:
            return ""
        rows = csv.reader(inner, delimiter=self._delimiter)
        return fault if all(len(fields) == width for fields in rows) else ""

    def _start_again(self, line: int) -> None:
        self._repairs += 1
        if self._repairs > _MOST_REPAIRS:
            message = f"{self._feed} has more than {_MOST_REPAIRS:,} broken quotation marks, the last in line {line}."
            raise SourceError(message, "Export it again with every quotation mark inside a field doubled.")
        self._lines.back_to_second()

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter)


def _ragged(fields: Sequence[str], width: int) -> str:
    """What is wrong with a row of another length; nothing where only empty fields are too many."""
    if len(fields) > width and not any(field.strip() for field in fields[width:]):
        return ""
    count = plural(len(fields), "field")
    return f"{count} where the header has {width}; is a quotation mark or delimiter missing or too many?"


class _RowMaker:
    """Turns the fields of one record into a Row, by the column plan."""

    def __init__(self, plan: ColumnPlan, separator: str | None) -> None:
        own = dict(plan.fields)
        self._role = own.pop("role", -1)
        self._position = own.pop("position", -1)
        self._fields = tuple(own.items())
        self._attributes = tuple(plan.attributes.items())
        self._images = plan.images
        self._additional = plan.additional
        self._lifestyle = plan.lifestyle
        self._separator = separator

    def row(self, where: str, fields: Sequence[str]) -> Row:
        role = fields[self._role] if self._role >= 0 else None
        position = fields[self._position] if self._position >= 0 else None
        mains = [self._of_image(fields[index]) for index in self._images]
        pictures = [RowPicture(uri, role, position) for uri in mains[0][:1]]
        pictures += [RowPicture(uri) for uri in [*mains[0][1:], *(uri for more in mains[1:] for uri in more)]]
        for index in self._additional:
            pictures += [RowPicture(uri) for uri in split_uris(fields[index], self._separator)]
        for index in self._lifestyle:
            pictures += [RowPicture(uri, "lifestyle") for uri in split_uris(fields[index], self._separator)]
        attributes = {name: value for index, name in self._attributes if (value := fields[index])}
        return Row(where, {name: fields[index] for name, index in self._fields}, tuple(pictures), attributes)

    def _of_image(self, text: str) -> list[str]:
        """The column of the main picture holds one, unless the user says what stands between several."""
        if self._separator is None:
            return [text] if text else []
        return split_uris(text, self._separator)


def listed(text: str) -> list[str] | None:
    """The texts of a list in brackets, as programs write one into a field: `["a.jpg", "b.jpg"]`; None for no list."""
    bare = text.strip()
    if not (bare[:1] == "[" and bare[-1:] == "]" and bare[1:2] in {'"', "'", "]", " "}):
        return None
    is_python = "'" in bare[:3]
    if is_python and len(bare) > MAX_FIELD_CHARS:  # reading it takes hundreds of bytes for each of its own
        return None
    try:
        value = ast.literal_eval(bare) if is_python else json.loads(bare)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return [one for one in value if one] if all(isinstance(one, str) for one in value) else None


def split_uris(text: str, separator: str | None = None) -> list[str]:
    """Several places in one field, separated by commas; in a list of URLs only a comma before a scheme separates.

    Another separator that the user names is taken wherever it stands. A list as JSON or Python write it is that list.
    """
    if (items := listed(text)) is not None:
        return items
    if separator is not None and separator != ",":
        return [part.strip() for part in text.split(separator) if part.strip()]
    if "," not in text:
        return [text] if text.strip() else []
    parts = text.split(",")
    if not parts[0].lstrip().lower().startswith(("http://", "https://")):
        return [part for part in parts if part.strip()]
    pieces: list[list[str]] = []
    for part in parts:
        if not pieces or part.lstrip().lower().startswith(("http://", "https://")):
            pieces.append([part])
        else:
            pieces[-1].append(part)
    uris = [",".join(piece) for piece in pieces]  # once: one address of a million commas must not take hours
    return [uri.rstrip(", ") for uri in uris if uri.strip(", ")]
