"""The metadata of a TIFF: what the tags of its first directory hold."""

from __future__ import annotations

from packshot.media.ifd import read_directory, read_layout
from packshot.media.iptc import iptc_resource
from packshot.media.metadata import MOST_XMP_BYTES, Metadata, manifest_store

_XMP, _IPTC, _PHOTOSHOP, _CREDENTIALS = 700, 33723, 34377, 0xCD41


def metadata(data: bytes) -> Metadata:
    """EXIF (the file itself is one), XMP, IPTC and content credentials."""
    layout = read_layout(data)
    if layout is None:
        return Metadata()
    page = read_directory(data, layout, layout.first)
    xmp = page.raw(data, _XMP, MOST_XMP_BYTES + 1)
    return Metadata(
        exif=data,
        xmp=(xmp,) if xmp else (),
        iptc=page.raw(data, _IPTC, MOST_XMP_BYTES) or iptc_resource(page.raw(data, _PHOTOSHOP, len(data))),
        credentials=manifest_store((page.raw(data, _CREDENTIALS, len(data)),)),
    )
