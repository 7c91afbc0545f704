"""The one fact that packshot takes from EXIF: which way up the picture is."""

from __future__ import annotations

from packshot.media.ifd import read_directory, read_layout

_ORIENTATION = 0x0112


def exif_orientation(block: bytes) -> int:
    """Orientation 1 to 8 that an EXIF `block` names; 1 when there is none or the block is damaged.

    Only EXIF counts, as in browsers: an orientation that stands in XMP alone is not applied.
    """
    block = block.removeprefix(b"Exif\x00\x00")
    layout = read_layout(block)
    if layout is None:
        return 1
    found = read_directory(block, layout, layout.first).number(block, _ORIENTATION, 1)
    return valid_orientation(found)


def valid_orientation(number: int) -> int:
    """`number` when it is an EXIF orientation, else 1."""
    return number if 1 <= number <= 8 else 1  # noqa: PLR2004 - EXIF defines eight
