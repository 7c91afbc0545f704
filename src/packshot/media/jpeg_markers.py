"""The marker segments of a JPEG before its first scan, and where its picture ends."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from packshot.media.exif import exif_orientation
from packshot.media.failure import corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator

SOI, EOI, SOS, DQT, APP1, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xDB, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start-of-frame codes: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, the rest rare."""
_BARE = frozenset({0x00, 0x01, *range(0xD0, 0xD8)})
"""Codes without a length: stuffing, TEM and restarts; libjpeg passes over them as well."""
_MOST_MARKERS = 100_000
_EXIF = b"Exif\x00\x00"
_ICC = b"ICC_PROFILE\x00"
# Both find the last of several fill bytes, and take linear time on any input.
_MARKER = re.compile(rb"\xff([^\xff])", re.DOTALL)
_SCAN_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)

# Entry k of a table in the file belongs at row-major place _ZIGZAG[k] (ISO/IEC 10918-1, figure A.6).
_ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
_NATURAL = itemgetter(*sorted(range(64), key=_ZIGZAG.__getitem__))


@dataclass(slots=True)
class Markers:
    """What stands before the first scan."""

    frame: int = 0
    """The start-of-frame code; 0 when there is none."""
    precision: int = 8
    width: int = 0
    height: int = 0
    table_ids: tuple[int, ...] = ()
    """Quantisation table of each component."""
    sampling: tuple[tuple[int, int], ...] = ()
    """Horizontal and vertical sampling factor of each component."""
    tables: dict[int, tuple[int, ...]] = field(default_factory=dict)
    orientation: int = 1
    icc_parts: dict[int, bytes] = field(default_factory=dict)
    icc_count: int = 0
    adobe_transform: int | None = None
    scan: int | None = None
    """Where the data of the first scan begins; None when the file ends, or the picture does, before it."""
    ran_out: bool = False
    """The file ends before the first scan."""

    def icc(self) -> bytes | None:
        """The profile put together from its parts; None without one, empty when parts are missing."""
        if not self.icc_parts:
            return None
        if sorted(self.icc_parts) != list(range(1, self.icc_count + 1)):
            return b""
        return b"".join(part for _, part in sorted(self.icc_parts.items()))

    def quant_tables(self) -> tuple[tuple[int, ...], ...]:
        """The tables in use, in the order of the components (luma first); empty when one is not defined."""
        used = list(dict.fromkeys(self.table_ids))
        return tuple(self.tables[key] for key in used) if all(key in self.tables for key in used) else ()


def read_markers(data: bytes) -> Markers:
    """Walk to the first scan in the way libjpeg does (junk between segments is passed over); MediaError CORRUPT."""
    markers = Markers()
    at = 2
    for _ in range(_MOST_MARKERS):
        found = _MARKER.search(data, at)
        if found is None:
            markers.ran_out = True
            return markers
        code, at = found.group(1)[0], found.end()
        if code in _BARE:
            continue
        if code in {SOI, EOI}:
            return markers
        length = int.from_bytes(data[at : at + 2], "big")
        if at + max(length, 2) > len(data):
            markers.ran_out = True
            return markers
        if length < 2:  # noqa: PLR2004 - the length counts its own two bytes
            raise corrupt("jpeg", "a segment without a length")
        _note(markers, code, data[at + 2 : at + length])
        at += length
        if code == SOS:
            markers.scan = at
            return markers
    raise corrupt("jpeg", f"more than {_MOST_MARKERS} segments")


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Code, start and end of the body of each whole segment before the first scan; stops at the first broken one."""
    at = 2
    for _ in range(_MOST_MARKERS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        code, at = found.group(1)[0], found.end()
        if code in _BARE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if code in {SOI, EOI, SOS} or length < 2 or at + length > len(data):  # noqa: PLR2004 - it counts its own bytes
            return
        yield code, at + 2, at + length
        at += length


def picture_ends(data: bytes, scan: int) -> bool:
    """Whether an end-of-image marker follows the scans that begin at `scan`.

    Segments between scans are stepped over by their length, so an EOI inside one (a thumbnail's) does not count.
    """
    return _walk_scans(data, scan, most_scans=None)


def has_more_scans(data: bytes, scan: int, most: int) -> bool:
    """Whether more than `most` scans begin in the picture whose first scan's data is at `scan`."""
    return _walk_scans(data, scan, most_scans=most)


def _walk_scans(data: bytes, at: int, most_scans: int | None) -> bool:
    scans = 1
    for _ in range(_MOST_MARKERS):
        found = _SCAN_MARKER.search(data, at)
        if found is None:
            return False
        at = found.end()
        code = found.group(1)[0]
        if code == EOI:
            return most_scans is None
        if code in _BARE or code == SOI:
            continue
        scans += code == SOS
        if most_scans is not None and scans > most_scans:
            return True
        at += int.from_bytes(data[at : at + 2], "big")
    return most_scans is not None


def _note(markers: Markers, code: int, body: bytes) -> None:
    if code == DQT:
        _note_tables(markers, body)
    elif code in _FRAMES and not markers.frame:
        _note_frame(markers, code, body)
    elif code == APP1 and body.startswith(_EXIF) and markers.orientation == 1:
        markers.orientation = exif_orientation(body)
    elif code == APP2 and body.startswith(_ICC) and len(body) > len(_ICC) + 2:
        markers.icc_count = body[len(_ICC) + 1]
        markers.icc_parts.setdefault(body[len(_ICC)], body[len(_ICC) + 2 :])
    elif code == APP14 and body.startswith(b"Adobe") and len(body) >= 12:  # noqa: PLR2004 - length of that segment
        markers.adobe_transform = body[11]


def _note_frame(markers: Markers, code: int, body: bytes) -> None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:  # noqa: PLR2004 - fixed part, then 3 bytes a component
        raise corrupt("jpeg", "a frame header that is too short")
    markers.frame = code
    markers.precision, markers.height, markers.width, components = struct.unpack_from(">BHHB", body)
    markers.table_ids = tuple(body[6 + 3 * index + 2] for index in range(components))
    factors = [body[6 + 3 * index + 1] for index in range(components)]
    markers.sampling = tuple((factor >> 4, factor & 15) for factor in factors)


def _note_tables(markers: Markers, body: bytes) -> None:
    at = 0
    while at < len(body):
        wide, key = body[at] >> 4, body[at] & 15
        size = 128 if wide else 64
        values = body[at + 1 : at + 1 + size]
        if len(values) < size:
            return  # the decoder judges whether it can do without
        numbers = struct.unpack(">64H", values) if wide else tuple(values)
        markers.tables[key] = _NATURAL(numbers)
        at += 1 + size
