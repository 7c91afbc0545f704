"""Reading TIFF directories, which EXIF uses as well: bounds-checked, nothing else is interpreted."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_BYTES_OF_TYPE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODE_OF_TYPE = {1: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MOST_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag: where its values lie, and the record as stored."""

    type: int
    count: int
    start: int
    """Offset of the first value within the file."""
    size: int
    """Bytes of all values."""
    record: bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """How a TIFF stores numbers: byte order, and 32- or 64-bit offsets (BigTIFF)."""

    order: str
    """`<` or `>`, as `struct` writes it."""
    big: bool
    first: int
    """Offset of the first directory."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The tags of one directory; the first of equal tags counts."""

    layout: Layout
    tags: dict[int, Entry]
    next: int
    """Offset of the next directory, 0 at the end."""
    whole: bool
    """False when the data ends within the directory."""

    def numbers(self, data: bytes, tag: int) -> tuple[int, ...]:
        """The whole numbers of `tag`; empty when it is absent, of another type, or beyond the data."""
        entry = self.tags.get(tag)
        code = _CODE_OF_TYPE.get(entry.type) if entry else None
        if entry is None or code is None or entry.start + entry.size > len(data):
            return ()
        return struct.unpack_from(f"{self.layout.order}{entry.count}{code}", data, entry.start)

    def number(self, data: bytes, tag: int, default: int) -> int:
        """The first number of `tag`, or `default`; however many a hostile file announces, one is read."""
        entry = self.tags.get(tag)
        code = _CODE_OF_TYPE.get(entry.type) if entry else None
        if entry is None or code is None or not entry.count or entry.start + entry.size > len(data):
            return default
        (first,) = struct.unpack_from(self.layout.order + code, data, entry.start)
        return int(first)

    def raw(self, data: bytes, tag: int, most: int) -> bytes:
        """The bytes of `tag` as stored, at most `most`; empty when it is absent or beyond the data."""
        entry = self.tags.get(tag)
        if entry is None or entry.start + entry.size > len(data):
            return b""
        return data[entry.start : entry.start + min(entry.size, most)]


def read_layout(data: bytes) -> Layout | None:
    """The layout that the first bytes of a TIFF name; None when they are not a TIFF's."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:  # noqa: PLR2004 - the length of a TIFF header
        return None
    version, first = struct.unpack_from(f"{order}HI", data, 2)
    if version == 42:  # noqa: PLR2004 - TIFF's own number
        return Layout(order, big=False, first=first)
    if version == 43 and len(data) >= 16:  # noqa: PLR2004 - BigTIFF's own number and header length
        return Layout(order, big=True, first=struct.unpack_from(f"{order}Q", data, 8)[0])
    return None


def read_directory(data: bytes, layout: Layout, offset: int) -> Directory:
    """The directory at `offset`; entries of unknown type are left out, so are those after the first 4096."""
    count_code, record_bytes = ("Q", 20) if layout.big else ("H", 12)
    at = offset + struct.calcsize(count_code)
    if at > len(data):
        return Directory(layout, {}, 0, whole=False)
    (count,) = struct.unpack_from(layout.order + count_code, data, offset)
    there = min(count, (len(data) - at) // record_bytes)
    tags: dict[int, Entry] = {}
    for index in range(min(there, _MOST_ENTRIES)):
        tag, entry = _read_entry(data, layout, at + index * record_bytes)
        if entry is not None:
            tags.setdefault(tag, entry)
    end = at + count * record_bytes
    next_code = "Q" if layout.big else "I"
    if end + struct.calcsize(next_code) > len(data):
        return Directory(layout, tags, 0, whole=there == count)
    (following,) = struct.unpack_from(layout.order + next_code, data, end)
    return Directory(layout, tags, following, whole=True)


def _read_entry(data: bytes, layout: Layout, at: int) -> tuple[int, Entry | None]:
    form, inline, record_bytes = ("HHQ", 8, 20) if layout.big else ("HHI", 4, 12)
    tag, kind, count = struct.unpack_from(layout.order + form, data, at)
    each = _BYTES_OF_TYPE.get(kind)
    if each is None:
        return tag, None
    size = each * count
    values_at = at + record_bytes - inline
    start = values_at if size <= inline else struct.unpack_from(layout.order + form[-1], data, values_at)[0]
    return tag, Entry(kind, count, start, size, data[at : at + record_bytes])
