"""The metadata of HEIC and AVIF: items that the libraries find, and the C2PA box."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from packshot.media.boxes import boxes
from packshot.media.metadata import Metadata, manifest_store
from packshot.media.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_CREDENTIALS = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""The UUID of a C2PA box (C2PA 2.1, section 11.3.3)."""
_PURPOSE = b"manifest\x00"
_UUID, _FLAGS, _OFFSET = 16, 4, 8


def metadata(data: bytes) -> Metadata:
    """EXIF, XMP and content credentials; opening decodes nothing."""
    info = _avif(data) if sniff(data) == "avif" else _heic(data)
    exif, xmp = info.get("exif"), info.get("xmp")
    return Metadata(
        exif=exif if isinstance(exif, bytes) else b"",
        xmp=(xmp,) if isinstance(xmp, bytes) and xmp else (),
        credentials=manifest_store(_manifests(data)),
    )


def _manifests(data: bytes) -> Iterator[bytes]:
    for kind, start, end in boxes(data, 0, len(data)):
        if kind == b"uuid" and data.startswith(_CREDENTIALS, start):
            body = start + _UUID + _FLAGS
            if data.startswith(_PURPOSE, body):
                yield data[body + len(_PURPOSE) + _OFFSET : end]


def _avif(data: bytes) -> Mapping[Any, Any]:
    from PIL.AvifImagePlugin import AvifImageFile

    with AvifImageFile(io.BytesIO(data)) as image:
        return dict(image.info)


def _heic(data: bytes) -> Mapping[Any, Any]:
    from pi_heif import HeifFile

    opened = HeifFile(data)
    return dict(opened[opened.primary_index].info)
