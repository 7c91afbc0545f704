"""The metadata of a JPEG: what its APP1, APP11 and APP13 segments hold."""

from __future__ import annotations

from packshot.media.iptc import iptc_resource
from packshot.media.jpeg_markers import APP1, segments
from packshot.media.metadata import MOST_XMP_BYTES, Metadata, manifest_store

_APP11, _APP13 = 0xEB, 0xED
_EXIF = b"Exif\x00\x00"
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\x00"
_PHOTOSHOP = b"Photoshop 3.0\x00"
_GUID, _PLACE = 32, 8
"""Bytes of an extended packet's name, and of its length and the part's place in it."""
_JUMBF_HEAD = 8
"""Bytes before the box in an APP11 segment: `JP`, box instance, packet number (ISO/IEC 19566-5, annex D)."""


def metadata(data: bytes) -> Metadata:
    """EXIF, XMP with its extension (Adobe's XMP specification, part 3), IPTC and content credentials."""
    exif, xmp, photoshop = b"", b"", []
    more: dict[bytes, list[bytes]] = {}
    boxes: dict[bytes, list[bytes]] = {}
    for code, start, end in segments(data):
        if code == APP1:
            if data.startswith(_EXIF, start):
                exif = exif or data[start:end]
            elif data.startswith(_XMP, start):
                xmp = xmp or data[start + len(_XMP) : end]
            elif data.startswith(_MORE_XMP, start):
                body = data[start + len(_MORE_XMP) : end]
                more.setdefault(body[:_GUID], []).append(body[_GUID:])
        elif code == _APP13 and data.startswith(_PHOTOSHOP, start):
            photoshop.append(data[start + len(_PHOTOSHOP) : end])
        elif code == _APP11 and data.startswith(b"JP", start) and end - start > _JUMBF_HEAD:
            boxes.setdefault(data[start + 2 : start + 4], []).append(data[start + 4 : end])
    packets = [xmp, *(_joined(parts) for guid, parts in more.items() if guid in xmp)]
    return Metadata(
        exif=exif,
        xmp=tuple(packet for packet in packets if packet),
        iptc=iptc_resource(b"".join(photoshop)),
        credentials=manifest_store(_box(parts) for parts in boxes.values()),
    )


def _joined(parts: list[bytes]) -> bytes:
    """An extended packet from its parts; empty when one is missing or the whole is longer than is read."""
    placed = sorted((int.from_bytes(part[4:_PLACE], "big"), part[_PLACE:]) for part in parts)
    announced = int.from_bytes(parts[0][:4], "big")
    at = 0
    for place, part in placed:
        if place != at:
            return b""
        at += len(part)
    return b"".join(part for _, part in placed) if at == announced <= MOST_XMP_BYTES else b""


def _box(parts: list[bytes]) -> bytes:
    """A JUMBF box from its parts, in the order of their numbers; all but the first repeat the box's header."""
    ordered = sorted(parts, key=lambda part: part[:4])
    header = 16 if ordered[0][4:8] == b"\x00\x00\x00\x01" else 8  # the length may take eight bytes more
    return b"".join((ordered[0][4:], *(part[4 + header :] for part in ordered[1:])))
