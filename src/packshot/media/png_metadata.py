"""The metadata of a PNG: what its chunks eXIf, iTXt, tEXt, zTXt and caBX hold."""

from __future__ import annotations

import zlib

from packshot.media.metadata import LONGEST_TEXT, MOST_TEXTS, MOST_XMP_BYTES, Metadata, manifest_store
from packshot.media.png import chunks

_XMP = b"XML:com.adobe.xmp"
_LONGEST_KEYWORD = 79
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})


def metadata(data: bytes) -> Metadata:
    """EXIF, XMP, texts (the first 64) and content credentials."""
    exif, xmp, boxes = b"", b"", []
    texts: list[tuple[str, str]] = []
    for name, start, end in chunks(data):
        if name == b"eXIf":
            exif = exif or data[start:end]
        elif name == b"caBX":
            boxes.append(data[start:end])
        elif name in _TEXTS:
            keyword, _, rest = data[start:end].partition(b"\x00")
            if keyword == _XMP:
                xmp = xmp or _text(name, rest, MOST_XMP_BYTES)
            elif len(texts) < MOST_TEXTS:
                text = _text(name, rest, LONGEST_TEXT)[:LONGEST_TEXT]
                texts.append((keyword[:_LONGEST_KEYWORD].decode("latin-1"), _decoded(text)))
    return Metadata(exif, (xmp,) if xmp else (), texts=tuple(texts), credentials=manifest_store(boxes))


def _text(name: bytes, rest: bytes, most: int) -> bytes:
    """The text of a text chunk, behind its keyword (PNG, section 11.3.3); unpacked to `most` bytes and one."""
    packed = name == b"zTXt"
    if packed:
        rest = rest[1:]
    elif name == b"iTXt":
        packed = rest[:1] == b"\x01"
        _, _, rest = rest[2:].partition(b"\x00")  # language, then the keyword in that language
        _, _, rest = rest.partition(b"\x00")
    return _unpacked(rest, most) if packed else rest[: most + 1]


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        return b""


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:  # tEXt and zTXt are Latin-1 by the book; many write UTF-8; a cut may split a character
        return text.decode("latin-1")
