"""Records with named values, as JSON and Parquet hold them, as rows: pictures may come in any usual shape."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, NamedTuple

from packshot.collect.columns import (
    CONVENTIONS,
    NO_COLUMN,
    PICTURES,
    REQUIRED,
    UNREADABLE,
    missing_columns,
    parts_of,
    plain,
)
from packshot.collect.rows import Row, RowPicture
from packshot.collect.table import split_uris

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LISTS = ("images", "pictures", "photos", "media", "image_urls", "image_links")
"""Names for several pictures that only records have; a picture there may be a record of its own."""
PLACES = ("src", "url", "link", "href", "uri", "path", "image", "file")
"""What the place of a picture is called in its own record."""
_MOST_NAMES = 1000
_MOST_CHARS = 1 << 20
"""Of one value that are kept among the attributes."""


class _Picture(NamedTuple):
    uri: str
    role: str | None
    position: str | None


class Records:
    """Turns the records of one feed into rows; `check` says whether they held what is needed."""

    def __init__(self, mapping: Mapping[str, str], separator: str | None = None) -> None:
        """`mapping` is a result of `check_mapping`; `separator` stands between several pictures in one text.

        A column may be a path into what is nested: `media.images`, `product.title`.
        """
        self._mapping = {field: column for field, column in mapping.items() if column != NO_COLUMN}
        self._separator = separator
        self._names = {field: names for field, names in CONVENTIONS.items() if field not in mapping}
        self._met: dict[str, None] = {}
        self._filled: set[str] = set()
        self.count = 0

    def row(self, where: str, record: Mapping[str, object]) -> Row:
        """One record as a row. Pictures may be a text, several in one text, a list of them, or records with a `src`."""
        self.count += 1
        names = {plain(str(name)): str(name) for name in record}
        if len(self._met) < _MOST_NAMES:
            self._met.update(dict.fromkeys(names.values()))
        mapped = {field: found for field in self._mapping if (found := self._mapped(field, record, names))}
        used = {field: next(iter(found)) for field, found in mapped.items()}
        for field, known in self._names.items():
            name = next((name for name in known if name in names and names[name] not in used.values()), None)
            if name is not None and record[names[name]] not in (None, "", []):
                used[field] = names[name]
        values = {field: list(found.values()) for field, found in mapped.items()}
        values |= {field: [record[name]] for field, name in used.items() if field not in mapped}
        nested = {
            names[top] for found in mapped.values() for path in found if (top := plain(path.split(".")[0])) in names
        }
        pictures = list(self._pictures(values, record, {*used.values(), *nested}, names))
        self._filled.update(used, ["image"] if pictures else [])
        fields = {
            field: text
            for field in used
            if field not in {*PICTURES, "role", "position"} and (text := _text(values[field][0]))
        }
        taken = {*used.values(), *(names[name] for name in _LISTS if name in names)}
        pictured = [path for field in PICTURES for path in mapped.get(field, ())]
        taken.update(name for path in pictured for name in (path, path.split(".")[0]))
        attributes = {
            UNREADABLE.sub("\ufffd", str(name)): text[:_MOST_CHARS]
            for name, value in record.items()
            if str(name) not in taken and (text := _text(value))
        }
        return Row(where, fields, tuple(pictures), attributes)

    def check(self, feed: str) -> None:
        """Raise SourceError for a feed none of whose records had what is needed, or what the user mapped."""
        missing = [field for field in (*REQUIRED, *self._mapping) if field not in self._filled]
        if self.count and missing:
            raise missing_columns(list(dict.fromkeys(missing)), list(self._met), feed)

    def _mapped(self, field: str, record: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
        """Name or path → value of what the user maps to `field`, as far as this record has it."""
        written = self._mapping[field]
        paths = parts_of(written, list(names.values())) if field in PICTURES else [written]
        found = {names.get(plain(path), path): _at(record, names, path) for path in paths}
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def _pictures(
        self,
        values: Mapping[str, list[object]],
        record: Mapping[str, object],
        used: set[str],
        names: Mapping[str, str],
    ) -> Iterator[RowPicture]:
        role = _text(values["role"][0]) if "role" in values else None
        position = _text(values["position"][0]) if "position" in values else None
        mains = [found for value in values.get("image", ()) for found in self._places(value)]
        for number, found in enumerate(mains):
            yield RowPicture(
                found.uri,
                found.role or (None if number else role),
                found.position or (None if number else position),
            )
        others = [*values.get("additional_images", ())]
        others += [record[names[name]] for name in _LISTS if name in names and names[name] not in used]
        for found in (one for value in others for one in self._places(value)):
            yield RowPicture(found.uri, found.role, found.position)
        for found in (one for value in values.get("lifestyle_image", ()) for one in self._places(value)):
            yield RowPicture(found.uri, "lifestyle", found.position)

    def _places(self, value: object) -> Iterator[_Picture]:
        return _places(value, self._separator)


def _at(record: Mapping[str, object], names: Mapping[str, str], path: str) -> object:
    """What stands under a name, or at a path with points; in a list, what stands there in each of its records."""
    if (name := names.get(plain(path))) is not None:
        return record[name]
    value: object = record
    for step in path.split("."):
        value = _below(value, plain(step))
    return value


def _below(value: object, step: str) -> object:
    if isinstance(value, dict):
        return next((one for name, one in value.items() if plain(str(name)) == step), None)
    if isinstance(value, list | tuple):
        found = [below for one in value if (below := _below(one, step)) is not None]
        return [one for below in found for one in (below if isinstance(below, list) else [below])]
    return None


def _places(value: object, separator: str | None) -> Iterator[_Picture]:
    """The pictures that a value names, whatever its shape."""
    if isinstance(value, str):
        for uri in split_uris(value, separator):
            yield _Picture(uri, None, None)
    elif isinstance(value, list | tuple):
        for one in value:
            if isinstance(one, str):
                yield _Picture(one, None, None)
            elif isinstance(one, dict):
                yield from _places(one, separator)
    elif isinstance(value, dict):
        place = next((value[name] for name in PLACES if isinstance(value.get(name), str) and value[name]), None)
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
