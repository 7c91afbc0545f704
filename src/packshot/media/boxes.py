"""The boxes of HEIF files (AVIF, HEIC): sizes and properties, before a library opens them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BOXES = 20_000
_SIZE_BYTES = 12
"""Of an `ispe` property: version and flags, width, height."""
_META_AT = {b"meta": 4}
"""`meta` has four bytes of version and flags before its children."""


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and announced end of each box between `start` and `end` (ISO/IEC 14496-12, section 4.2)."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1 and body + 8 <= end:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        stop = end if size == 0 else start + size
        yield name, body, stop
        if stop <= start or stop > end:
            return
        start = stop


def is_complete(data: bytes) -> bool:
    """Whether every top-level box ends within the file."""
    last = 0
    for _, _, stop in boxes(data, 0, len(data)):
        last = stop
    return last == len(data)


def properties(data: bytes) -> list[tuple[bytes, bytes]]:
    """Name and body of every item property (`meta/iprp/ipco`), such as `ispe` (size) and `av1C` (bit depth)."""
    found = [(0, len(data))]
    for name in (b"meta", b"iprp", b"ipco"):
        found = [
            (body + _META_AT.get(name, 0), min(stop, len(data)))
            for start, end in found
            for kind, body, stop in boxes(data, start, end)
            if kind == name
        ]
    return [(kind, data[body:stop]) for start, end in found for kind, body, stop in boxes(data, start, end)]


def largest_size(data: bytes) -> tuple[int, int]:
    """The largest width and height of any `ispe` property; zeros without one."""
    found = [body for kind, body in properties(data) if kind == b"ispe" and len(body) >= _SIZE_BYTES]
    sizes = [struct.unpack_from(">II", body, 4) for body in found]
    return max((width for width, _ in sizes), default=0), max((height for _, height in sizes), default=0)
