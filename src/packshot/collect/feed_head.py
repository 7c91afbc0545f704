"""The first rows of a feed as columns of values: as much of the file is read as that takes, and no more."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Literal

from packshot.collect.column_values import Column, picture_likeness
from packshot.collect.column_words import known_to_some
from packshot.collect.form import Form
from packshot.collect.head_text import decoded
from packshot.collect.record_rows import PLACES
from packshot.collect.table import DELIMITERS
from packshot.collect.uris import uri_of_name
from packshot.core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from packshot.collect.head_text import HeadText
    from packshot.collect.source import Location

MOST_BYTES = 1 << 20
MOST_ROWS = 400
_HEADER_AMONG = 8
"""So many first records may be the line of column names."""
_UNQUOTED = 1.0
"""By so much is it worse to take quotation marks as they stand: only where one is left open is that better."""
_DEEPEST = 4
_Quoting = Literal[0, 3]
_QUOTED: _Quoting = csv.QUOTE_MINIMAL
_PLAIN: _Quoting = csv.QUOTE_NONE
_MOST_COLUMNS = 2000
_LONGEST_NAME = 80
_NO_NAME = re.compile(r"[\ud800-\udfff\0]")
"""What no file can hold: bytes that are no text."""
_FORMED = 0.6
"""Least share of rows as wide as the line of names, and of cells in it that may be names."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of a feed."""

    columns: tuple[Column, ...]
    rows: int
    form: Form
    """How it is written, as far as that has to be said to read it so again."""
    notes: tuple[str, ...] = ()
    doubts: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    """Fields of the form that were hard to tell: the field, what it may be (the best first), and why."""


def head_of_table(location: Location, form: Form) -> Head:
    """The columns of a delimited feed. Raises SourceError where it has no line of column names, or no rows."""
    feed = uri_of_name(location.path.name)
    read = read_text(location, form.encoding)
    found = max(_tables(read.text, form), key=lambda one: one.score, default=None)
    if found is None or found.score <= 0:
        message = f"{feed} has no line of column names that could be told from its rows."
        hint = "Write one as its first line, for instance: listing_id,title,image. Or say where it is: --header-line 3"
        raise SourceError(message, hint)
    if not found.rows:
        raise SourceError(f"{feed} has column names and no rows.", "Export it with its rows.")
    notes = [*read.notes]
    if found.line > 1 and form.header_line == 1:
        notes.append(
            f"the column names are taken from line {found.line}; what stands above is passed over "
            "(--header-line to change)"
        )
    encoding = form.encoding or read.encoding
    formed = replace(form, encoding=encoding, delimiter=found.delimiter, header_line=found.line)
    columns, repeated = _columns(found.names, found.rows)
    return Head(columns, len(found.rows), formed, (*notes, *repeated), read.doubts)


def head_of_records(location: Location, form: Form) -> Head:
    """The names and paths of JSON Lines, as columns."""
    read = read_text(location, form.encoding)
    records = []
    for line in islice(read.text.lstrip("\ufeff").splitlines(), MOST_ROWS):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        records += [value] if isinstance(value, dict) else []
    found = replace(form, encoding=form.encoding or read.encoding)
    return Head(_flattened(records), len(records), found, read.notes, read.doubts)


def head_of_parquet(location: Location) -> Head:
    """The columns of a Parquet file, and what is nested in them."""
    import pyarrow as pa
    from pyarrow import parquet

    feed = uri_of_name(location.path.name)
    try:
        with parquet.ParquetFile(location.path) as file:
            batch: Any = next(file.iter_batches(MOST_ROWS), None)
            records = batch.to_pylist() if batch is not None else []
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        message = f"{feed} cannot be read as Parquet ({type(error).__name__})."
        raise SourceError(message, "Export it again; it may have been cut off.") from error
    return Head(_flattened(records), len(records), Form())


def read_text(location: Location, encoding: str | None) -> HeadText:
    """The first megabyte of a feed as text, cut after its last whole line."""
    with location.path.open("rb") as file:
        head = file.read(MOST_BYTES)
        whole = not file.read(1)
    return decoded(head, uri_of_name(location.path.name), encoding, whole=whole)


@dataclass(frozen=True, slots=True)
class _Table:
    """The feed as it would be under one delimiter, with its names in one line."""

    score: float
    delimiter: str
    line: int
    names: list[str]
    rows: list[list[str]]


def _tables(text: str, form: Form) -> Iterator[_Table]:
    delimiters = (form.delimiter,) if form.delimiter else DELIMITERS
    for delimiter, quoting in product(delimiters, (_QUOTED, _PLAIN)):
        records = _records(text, delimiter, quoting)
        worse = _UNQUOTED if quoting == _PLAIN else 0.0
        for number, (line, names) in enumerate(records[:_HEADER_AMONG]):
            if form.header_line in {1, line}:
                rows = [fields for _, fields in records[number + 1 :]]
                score = _score(names, rows) - 0.01 * number - worse
                yield _Table(score, delimiter, line, names, [_as_wide(fields, len(names)) for fields in rows])


def _records(text: str, delimiter: str, quoting: _Quoting) -> list[tuple[int, list[str]]]:
    """The first records that are not empty, each with the line that it begins in."""
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    records: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for fields in reader:
            records += [(before + 1, fields)] if any(field.strip() for field in fields) else []
            before = reader.line_num
            if len(records) > MOST_ROWS + _HEADER_AMONG:
                break
    except csv.Error:
        pass  # a quotation mark is left open: the other way of reading shows the rows
    return records


def _score(names: Sequence[str], rows: Sequence[Sequence[str]]) -> float:
    """How much a line is like column names of the rows below; 0 and less for no such line."""
    filled = [name for name in names if name.strip()]
    if len(names) == 1 and any(mark in names[0] for mark in DELIMITERS):
        return 0.0  # other marks part it
    like = sum(_may_be_name(name) for name in filled)
    alike = sum(len(fields) == len(names) for fields in rows) / len(rows) if rows else 1.0
    if any("://" in name or picture_likeness(name) for name in filled):
        return 0.0  # a row: no column is called so
    if not filled or like < _FORMED * len(filled) or alike < _FORMED or len(filled) < _FORMED * len(names):
        return 0.0
    known = sum(known_to_some(name) for name in set(filled))
    plain = sum(name.isascii() and name.replace("_", "").isalnum() and name == name.lower() for name in filled)
    return 2.0 * known + like / len(filled) + 2.0 * alike + 0.5 * plain / len(filled) + 0.1 * min(20, len(names))


def _may_be_name(text: str) -> bool:
    column = Column("", ((text.strip(),),)).seen
    return (
        len(text) <= _LONGEST_NAME
        and "://" not in text
        and not (column.addresses or column.pictures or column.numbers or column.prices)
    )


def _as_wide(fields: list[str], width: int) -> list[str]:
    return [*fields[:width], *[""] * (width - len(fields))]


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[tuple[Column, ...], list[str]]:
    """One column for each name; those of one name together, since pictures may be spread so."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names[:_MOST_COLUMNS]):
        if name.strip() and not _NO_NAME.search(name):
            places.setdefault(name.lstrip("\ufeff"), []).append(index)
    columns = tuple(
        Column(name, tuple(tuple(value for index in found if (value := row[index].strip())) for row in rows))
        for name, found in places.items()
    )
    repeated = [name for name, found in places.items() if len(found) > 1]
    return columns, [f"the column {name!r} stands in the header {len(places[name])} times" for name in repeated]


def _flattened(records: Sequence[Mapping[str, object]]) -> tuple[Column, ...]:
    cells: dict[str, dict[int, tuple[str, ...]]] = {}
    for number, record in enumerate(records):
        for path, values in _paths(record, "", 0):
            if values and len(cells) < _MOST_COLUMNS and not _NO_NAME.search(path):
                cells.setdefault(path, {})[number] = values
    return tuple(
        Column(path, tuple(found.get(number, ()) for number in range(len(records)))) for path, found in cells.items()
    )


def _paths(record: Mapping[str, object], above: str, depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each name with its values, and the paths to those of what is nested."""
    for name, value in record.items():
        path = f"{above}{name}"
        if isinstance(value, dict):
            yield path, tuple(_places([value]))
            if depth < _DEEPEST:
                yield from _paths(value, f"{path}.", depth + 1)
        elif isinstance(value, list | tuple):
            within = [one for one in value if isinstance(one, dict)]
            if not within:
                yield path, tuple(text for one in value if (text := _text(one)))
                continue
            yield path, tuple(_places(within))
            below: dict[str, list[str]] = {}
            for one in within if depth < _DEEPEST else []:
                for inner, values in _paths(one, f"{path}.", depth + 1):
                    below.setdefault(inner, []).extend(values)
            yield from ((inner, tuple(values)) for inner, values in below.items())
        elif text := _text(value):
            yield path, (text,)


def _places(records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The places of pictures in records of their own, as reading finds them."""
    for record in records:
        place = next((record[name] for name in PLACES if isinstance(record.get(name), str) and record[name]), None)
        if isinstance(place, str):
            yield place


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
