"""Rows of a channel's feed as delimited text, RSS or JSON, and back."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import groupby
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from packshot.present.channel_feed import Cell, ChannelFeed, Row

DELIMITERS = {"tsv": "\t", "csv": ","}
GOOGLE = "http://base.google.com/ns/1.0"
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="{GOOGLE}">\n<channel>\n'
    "<title>Pictures</title>\n<link>https://example.com/</link>\n<description>Chosen by packshot</description>\n"
)
_TAIL = "</channel>\n</rss>\n"
_MOST, _LONGEST = 12, 40
"""Columns that an error names, and characters of each."""
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class _OtherColumns(ValueError):
    """A file has other columns than the channel; says which."""

    def __init__(self, columns: Iterable[str]) -> None:
        names = [f"{name:.{_LONGEST}}" for name in columns]
        told = ", ".join(name if name.isprintable() else ascii(name)[1:-1] for name in names[:_MOST])
        super().__init__(f"its columns are {told or 'none'}{', …' if len(names) > _MOST else ''}")


def unwritable(text: str) -> bool:
    """Whether `text` holds characters that would break a line of text or are not allowed in XML."""
    return _UNWRITABLE.search(text) is not None


def write(feed: ChannelFeed, rows: Iterable[Row], form: str, to: IO[bytes]) -> None:
    """Write `rows` to `to` in the form `form` (one of `feed.forms`), UTF-8, a line break after each row."""
    text = io.TextIOWrapper(to, encoding="utf-8", newline="", write_through=False)
    if form in DELIMITERS:
        _delimited(feed, rows, DELIMITERS[form], text)
    else:
        text.writelines(_rss(rows) if form == "xml" else _json(rows))
    text.flush()
    text.detach()


def _delimited(feed: ChannelFeed, rows: Iterable[Row], delimiter: str, to: IO[str]) -> None:
    writer = csv.writer(to, delimiter=delimiter, lineterminator="\n")
    writer.writerow(feed.columns)
    for row in rows:
        writer.writerow(joined(row[name], feed.joined.get(name, "")) for name in feed.columns)


def joined(cell: Cell, between: str) -> str:
    """One cell of delimited text; inside an address, what separates addresses is written otherwise."""
    if isinstance(cell, str):
        return cell
    sign = between.strip()
    # WooCommerce writes a comma of a value with a backslash, Google asks for its percent code.
    instead = "\\," if between == ", " else "%2C"
    return between.join(value.replace(",", instead) if sign == "," else value for value in cell)


def _rss(rows: Iterable[Row]) -> Iterator[str]:
    yield _HEAD
    for row in rows:
        lines = [f"<g:{name}>{escape(value)}</g:{name}>" for name, cell in row.items() for value in values(cell)]
        yield "<item>\n" + "\n".join(lines) + "\n</item>\n"
    yield _TAIL


def _json(rows: Iterable[Row]) -> Iterator[str]:
    between = "[\n"
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def values(cell: Cell) -> tuple[str, ...]:
    """What a cell holds, one by one; nothing of an empty one."""
    return (cell,) if isinstance(cell, str) and cell else tuple(cell)


def listings_of(feed: ChannelFeed, file: Path, form: str) -> dict[str, list[dict[str, str]]]:
    """The rows of an earlier file of the same channel and form, by listing, every cell as delimited text has it.

    Raises UsageError for a file that cannot be read or has other columns.
    """
    try:
        rows = list(_read(feed, file, form))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.", "Name a file written before.") from error
    except (ValueError, csv.Error, KeyError, TypeError) as error:
        why = str(error) if isinstance(error, _OtherColumns) else "it cannot be read as such"
        raise UsageError(
            f"{file} is no {form} file that was written for this channel: {why}.",
            "Name a file that packshot export wrote for the same channel, in the same form.",
        ) from error
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(key(feed, row), []).append(row)
    return found


def key(feed: ChannelFeed, row: dict[str, str]) -> str:
    """What tells listings apart in a feed: the cell of its id, or all that stands before the pictures without one."""
    return row[feed.id_column] or "\t".join(f"{name}={row[name]}" for name in list(feed.columns)[:1])


def as_text(feed: ChannelFeed, row: Row) -> dict[str, str]:
    """A row with every cell as delimited text has it."""
    return {name: joined(row[name], feed.joined.get(name, "")) for name in feed.columns}


def _read(feed: ChannelFeed, file: Path, form: str) -> Iterator[dict[str, str]]:
    if form in DELIMITERS:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, delimiter=DELIMITERS[form])
            header = next(reader, [])
            if header != list(feed.columns):
                raise _OtherColumns(header)
            yield from (dict(zip(header, record, strict=True)) for record in reader if record)
    elif form == "xml":
        yield from (as_text(feed, row) for row in _items(feed, file))
    else:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
        for row in found:
            if set(row) != set(feed.columns):
                raise _OtherColumns(row)
            yield as_text(feed, {n: _cell(row[n]) for n in feed.columns})


def _cell(value: str | Sequence[str]) -> Cell:
    return value if isinstance(value, str) else tuple(value)


def _items(feed: ChannelFeed, file: Path) -> Iterator[Row]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    try:
        root = parse(file).getroot()
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(str(error)) from error
    for item in root.iter("item"):
        pairs = [(child.tag.removeprefix("{" + GOOGLE + "}"), child.text or "") for child in item]
        by_name = {name: [text for _, text in group] for name, group in groupby(pairs, lambda pair: pair[0])}
        yield {
            name: tuple(by_name.get(name, ())) if name in feed.joined else "".join(by_name.get(name, [""])[:1])
            for name in feed.columns
        }
