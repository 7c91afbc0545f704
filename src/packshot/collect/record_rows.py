"""Records with named values, as JSON and Parquet hold them, as rows: pictures may come in any usual shape."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, NamedTuple

from packshot.collect.columns import CONVENTIONS, REQUIRED, missing_columns, plain
from packshot.collect.rows import Row, RowPicture
from packshot.collect.table import split_uris

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LISTS = ("images", "pictures", "photos", "media", "image_urls", "image_links")
"""Names for several pictures that only records have; a picture there may be a record of its own."""
_PLACES = ("src", "url", "link", "href", "uri", "path", "image", "file")
"""What the place of a picture is called in its own record."""
_PICTURES = ("image", "additional_images", "lifestyle_image")
_MOST_NAMES = 1000
_MOST_CHARS = 1 << 20
"""Of one value that are kept among the attributes."""


class _Picture(NamedTuple):
    uri: str
    role: str | None
    position: str | None


class Records:
    """Turns the records of one feed into rows; `check` says whether they held what is needed."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """`mapping` is a result of `check_mapping`."""
        self._mapping = mapping
        self._names = {
            field: (plain(mapping[field]),) if field in mapping else conventions
            for field, conventions in CONVENTIONS.items()
        }
        self._met: dict[str, None] = {}
        self._filled: set[str] = set()
        self.count = 0

    def row(self, where: str, record: Mapping[str, object]) -> Row:
        """One record as a row. Pictures may be a text, several in one text, a list of them, or records with a `src`."""
        self.count += 1
        names = {plain(str(name)): str(name) for name in record}
        if len(self._met) < _MOST_NAMES:
            self._met.update(dict.fromkeys(names.values()))
        used: dict[str, str] = {}
        for field, known in self._names.items():
            name = next((name for name in known if name in names and names[name] not in used.values()), None)
            if name is not None and record[names[name]] not in (None, "", []):
                used[field] = names[name]
        pictures = list(self._pictures(record, used, names))
        self._filled.update(used, ["image"] if pictures else [])
        fields = {
            field: text
            for field, name in used.items()
            if field not in {*_PICTURES, "role", "position"} and (text := _text(record[name]))
        }
        taken = {*used.values(), *(names[name] for name in _LISTS if name in names)}
        attributes = {
            str(name): text[:_MOST_CHARS]
            for name, value in record.items()
            if str(name) not in taken and (text := _text(value))
        }
        return Row(where, fields, tuple(pictures), attributes)

    def check(self, feed: str) -> None:
        """Raise SourceError for a feed none of whose records had what is needed, or what the user mapped."""
        missing = [field for field in (*REQUIRED, *self._mapping) if field not in self._filled]
        if self.count and missing:
            raise missing_columns(list(dict.fromkeys(missing)), list(self._met), feed)

    def _pictures(
        self, record: Mapping[str, object], used: Mapping[str, str], names: Mapping[str, str]
    ) -> Iterator[RowPicture]:
        role = _text(record[used["role"]]) if "role" in used else None
        position = _text(record[used["position"]]) if "position" in used else None
        if "image" in used:
            for number, found in enumerate(_places(record[used["image"]])):
                yield RowPicture(
                    found.uri,
                    found.role or (None if number else role),
                    found.position or (None if number else position),
                )
        others = [used["additional_images"]] if "additional_images" in used else []
        others += [names[name] for name in _LISTS if name in names and names[name] not in used.values()]
        for name in others:
            for found in _places(record[name]):
                yield RowPicture(found.uri, found.role, found.position)
        if "lifestyle_image" in used:
            for found in _places(record[used["lifestyle_image"]]):
                yield RowPicture(found.uri, "lifestyle", found.position)


def _places(value: object) -> Iterator[_Picture]:
    """The pictures that a value names, whatever its shape."""
    if isinstance(value, str):
        for uri in split_uris(value):
            yield _Picture(uri, None, None)
    elif isinstance(value, list | tuple):
        for one in value:
            if isinstance(one, str):
                yield _Picture(one, None, None)
            elif isinstance(one, dict):
                yield from _places(one)
    elif isinstance(value, dict):
        place = next((value[name] for name in _PLACES if isinstance(value.get(name), str) and value[name]), None)
        if isinstance(place, str):
            yield _Picture(place, _text(value.get("role")) or None, _text(value.get("position")) or None)


def _text(value: object) -> str:
    """A value as text: whole numbers without a point, lists and records as JSON; nothing for what is none."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bytes | bytearray | memoryview):
        return ""  # bytes may be a picture in the feed itself: no text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """A whole number that was held as a fraction, since others of its column were missing, is a whole number."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else str(value)
