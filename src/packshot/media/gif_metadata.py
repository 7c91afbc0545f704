"""The metadata of a GIF: what its application extensions for XMP and C2PA hold."""

from __future__ import annotations

from packshot.media.metadata import Metadata, manifest_store

_XMP = b"\x21\xff\x0bXMP DataXMP"
_CREDENTIALS = b"\x21\xff\x0bC2PA_GIF\x01\x00\x00"
_TRAILER = b"\x01\xff\xfe\xfd\xfc\xfb"
_MOST_BLOCKS = 1_000_000


def metadata(data: bytes) -> Metadata:
    """XMP and content credentials, found by their marks: walking over the frames would cost more than decoding one.

    XMP lies there as plain text, before a trailer from any byte of which readers of blocks find the end (XMP
    specification, part 3, section 1.1.2).
    """
    xmp, boxes = b"", b""
    start = data.find(_XMP)
    if start >= 0:
        text = data[start + len(_XMP) : _end_of_blocks(data, start + len(_XMP))]
        xmp = text.rpartition(_TRAILER)[0]
    start = data.find(_CREDENTIALS)
    if start >= 0:
        boxes = _blocks(data, start + len(_CREDENTIALS))
    return Metadata(xmp=(xmp,) if xmp else (), credentials=manifest_store((boxes,)))


def _end_of_blocks(data: bytes, at: int) -> int:
    for _ in range(_MOST_BLOCKS):
        if at >= len(data) or not data[at]:
            break
        at += data[at] + 1
    return at


def _blocks(data: bytes, at: int) -> bytes:
    parts = []
    for _ in range(_MOST_BLOCKS):
        if at >= len(data) or not data[at]:
            break
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += data[at] + 1
    return b"".join(parts)
