"""What a file says of its making, beside its pixels: EXIF, XMP, IPTC, text chunks and content credentials."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from packshot.core.errors import MediaError
from packshot.media.failure import DECODER_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_XMP_BYTES = 4 * 1024 * 1024
"""Of one packet; cameras write extended ones of megabytes, with depth maps in them. Longer ones are not read."""
MOST_TEXTS = 64
"""Text chunks of a PNG that are looked at."""
LONGEST_TEXT = 16_384
"""Bytes of one text that are looked at."""

_UNREADABLE: tuple[type[Exception], ...] = (MediaError, *DECODER_ERRORS)
_MODULES = {
    "jpeg": "jpeg_metadata",
    "png": "png_metadata",
    "webp": "webp_metadata",
    "gif": "gif_metadata",
    "tiff": "tiff_metadata",
    "heic": "heif_metadata",
    "avif": "heif_metadata",
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The blocks of one file as they lie in it; empty where it has none."""

    exif: bytes = b""
    """A TIFF structure, with or without the `Exif` prefix of JPEG; for a TIFF the file itself."""
    xmp: tuple[bytes, ...] = ()
    """XMP packets: the main one, then the extended one of a JPEG."""
    iptc: bytes = b""
    """IPTC-IIM datasets."""
    texts: tuple[tuple[str, str], ...] = ()
    """Keyword and text of the text chunks of a PNG."""
    credentials: bytes = b""
    """The manifest store (JUMBF) of content credentials (C2PA)."""


class MetadataReader(Protocol):
    """What each format's module has."""

    def metadata(self, data: bytes) -> Metadata:
        """The blocks of a file; may raise MediaError, and any error of `failure.DECODER_ERRORS`."""


def read_metadata(data: bytes, image_format: str) -> Metadata:
    """The blocks of a file of that format, unparsed; what cannot be read is left out. Never raises for any bytes."""
    name = _MODULES.get(image_format)
    if name is None:
        return Metadata()
    reader = cast("MetadataReader", importlib.import_module(f"packshot.media.{name}"))
    try:
        return reader.metadata(data)
    except _UNREADABLE:  # a picture with broken metadata is still a picture
        return Metadata()


def manifest_store(candidates: Iterable[bytes]) -> bytes:
    """The first that is a C2PA manifest store: a JUMBF superbox of that type; empty when none is.

    C2PA 2.1, section 11.1.4.2: the type's UUID begins with `c2pa`.
    """
    return next((box for box in candidates if box[4:8] == b"jumb" and box[12:20] == b"jumdc2pa"), b"")
