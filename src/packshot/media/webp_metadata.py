"""The metadata of a WebP: what its chunks EXIF, XMP and C2PA hold."""

from __future__ import annotations

from packshot.media.metadata import Metadata, manifest_store
from packshot.media.webp import chunks

_WANTED = {b"EXIF": "exif", b"XMP ": "xmp", b"C2PA": "credentials"}


def metadata(data: bytes) -> Metadata:
    """EXIF, XMP and content credentials; the first chunk of each kind counts."""
    found: dict[str, bytes] = {}
    for name, start, end in chunks(data):
        if name in _WANTED:
            found.setdefault(_WANTED[name], data[start:end])
    xmp = found.get("xmp")
    return Metadata(
        exif=found.get("exif", b""),
        xmp=(xmp,) if xmp else (),
        credentials=manifest_store((found.get("credentials", b""),)),
    )
