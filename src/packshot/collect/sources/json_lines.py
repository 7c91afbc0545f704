"""JSON Lines: one JSON object in each line, as catalogue systems and pipelines export them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from packshot.collect.encoding import encoding_of_head, find_encoding
from packshot.collect.record_rows import Records
from packshot.collect.source import Example, Location, Options, Source
from packshot.collect.uris import uri_of_name
from packshot.core.errors import SourceError
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.rows import Notes, Row

_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_MOST_BAD = 1000
"""So many lines that are no JSON objects before the first that is, and the whole is refused."""


class JsonLines(Source):
    """Each line is a listing, or a further picture of one, by the same names as the columns of a table.

    Pictures may be a text, a list of texts, or a list of objects with `src` (or `url`, `link`, `href`) and, where they
    have them, `role` and `position`; `images`, `pictures`, `photos` and `media` are understood as well. What is nested
    otherwise stays with the listing as JSON. Format: jsonlines.org.
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={
                "feed.jsonl": b'{"id": 1, "name": "Mug", "image": "1.jpg", "additional_images": ["1b.jpg", "1c.jpg"]}\n'
                b'{"id": "2", "images": [{"src": "2b.jpg", "position": 2}, {"src": "2a.jpg", "position": 1}]}\n'
                b'\n{"id": 3, "image": "3.jpg"\n["4", "4.jpg"]\n{"image": "5.jpg"}\n'
            },
            location="feed.jsonl",
            listings={"1": ("1.jpg", "1b.jpg", "1c.jpg"), "2": ("2a.jpg", "2b.jpg")},
            why="lists, objects with positions, a broken line, a line that is no object, one without an id",
            troubles=("line 4", "line 5", "no listing id"),
        ),
        Example(
            files={"feed.jsonl": b'{"article": 1, "picture": "1.jpg"}\n'},
            location="feed.jsonl",
            listings={},
            why="no name that means an id",
            refused=True,
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """1 where the first line is a JSON object, 0.9 where only the name says so."""
        encoding = None if location.is_folder else encoding_of_head(location.head, options.form.encoding)
        if encoding is None:
            return 0.0
        text = location.head.decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
        if not text.startswith("{"):
            return 0.0
        if isinstance(_value(text.partition("\n")[0]), dict):
            return 1.0
        return 0.9 if location.suffix in _SUFFIXES else 0.0

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Every line that holds an object; a Trouble for each other that is not empty."""
        feed = uri_of_name(location.path.name)
        encoding = find_encoding(location.path, feed, options.form.encoding)
        if encoding.note:
            notes.add(encoding.note)
        records = Records(options.mapping, options.form.picture_separator)
        bad = 0
        with location.path.open(encoding=encoding.name, errors=encoding.errors, newline="\n") as file:
            for number, line in enumerate(file, 1):
                if not line.strip("\ufeff \t\r\n"):
                    continue
                value = _value(line)
                if isinstance(value, dict):
                    yield _row(records, f"line {number}", value, feed)
                    continue
                bad += 1
                if bad > _MOST_BAD and not records.count:
                    raise SourceError(
                        f"{feed} holds no JSON objects, one in each line.", "Look at how it was exported."
                    )
                yield Trouble("collect", TroubleKind.BAD_ROW, f"line {number}: it is no JSON object", feed)
        records.check(feed)
        if not records.count:
            notes.add(f"{feed} holds no records")


def _row(records: Records, where: str, value: dict[str, object], feed: str) -> Row | Trouble:
    try:
        return records.row(where, value)
    except RecursionError:  # a little deeper than what can be read
        return Trouble("collect", TroubleKind.BAD_ROW, f"{where}: its values are nested too deep", feed)


def _value(line: str) -> object:
    """What a line holds; None where that is no JSON."""
    try:
        return json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
