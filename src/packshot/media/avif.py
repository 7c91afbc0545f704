"""AVIF by Pillow's libavif."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from packshot.media.boxes import is_complete, largest_size, properties
from packshot.media.exif import exif_orientation
from packshot.media.failure import DECODER_ERRORS, failure
from packshot.media.header import Header
from packshot.media.icc import icc_kind
from packshot.media.look import Look, Raster
from packshot.media.orientation import displayed_size

if TYPE_CHECKING:
    from PIL.AvifImagePlugin import AvifImageFile

    from packshot.media.limits import Limits

_HIGH, _TWELVE = 0x40, 0x20


def look(data: bytes, limits: Limits) -> Look:
    """Open with libavif, which parses the boxes and decodes nothing yet.

    The turn that a shopper sees is that of the `irot` and `imir` boxes (Pillow hands it over as EXIF orientation).
    """
    limits.check_size(*largest_size(data))
    complete = is_complete(data)
    try:
        image = _open(data)
    except DECODER_ERRORS as error:
        raise failure(error, "avif", None if complete else _cut(data)) from error
    with image:
        width, height = image.size
        limits.check_size(width, height)
        frames = int(image.n_frames)
        limits.check_frames(frames)
        orientation = exif_orientation(image.info.get("exif", b""))
        icc = image.info.get("icc_profile")
        mode = "gray" if image.mode in {"L", "LA"} else "rgb"
        has_alpha = image.mode in {"LA", "RGBA"}
    limits.check_icc(len(icc or b""))
    shown = displayed_size(width, height, orientation)
    header = Header(
        format="avif",
        bytes=len(data),
        width_px=shown[0],
        height_px=shown[1],
        frames=frames,
        has_alpha=has_alpha,
        icc_kind=icc_kind(icc, mode),
        orientation=orientation,
        colour_mode=mode,
        bit_depth=_bit_depth(data),
    )
    return Look(header, icc, complete)


def pixels(data: bytes, look: Look) -> Raster:
    """Decode the first frame; libavif scales 10 and 12 bits to 8."""
    from packshot.media.pillow import decode_opened

    with _open(data) as image:
        return decode_opened(image, look.header)


def _open(data: bytes) -> AvifImageFile:
    from PIL.AvifImagePlugin import AvifImageFile

    return AvifImageFile(io.BytesIO(data))


def _cut(data: bytes) -> Look:
    return Look(Header("avif", len(data), 0, 0), complete=False)


def _bit_depth(data: bytes) -> int:
    configurations = [body for kind, body in properties(data) if kind == b"av1C" and len(body) >= 3]  # noqa: PLR2004 - the depth stands in the third byte
    if not configurations or not configurations[0][2] & _HIGH:
        return 8
    return 12 if configurations[0][2] & _TWELVE else 10
