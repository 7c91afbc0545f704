"""BMP, by Pillow."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.failure import DECODER_ERRORS, corrupt, truncated
from packshot.media.header import Header
from packshot.media.look import Look, Raster

if TYPE_CHECKING:
    from packshot.media.limits import Limits

_CORE_HEADER = 12
_HEADERS = frozenset({16, 40, 52, 56, 64, 108, 124})
_DEPTHS = frozenset({1, 2, 4, 8, 16, 24, 32})
_RAW, _RLE8, _RLE4, _BITFIELDS, _EMBEDDED_JPEG, _EMBEDDED_PNG, _ALPHA_BITFIELDS = 0, 1, 2, 3, 4, 5, 6
_ALPHA_MASK_AT = 14 + 52
_ALPHA_MASK_SINCE = 56
_LARGEST_PALETTE_DEPTH = 8
_MOST_PACKED_BYTES = 4 * 1024 * 1024
"""Pillow unpacks runs in Python, some microseconds each."""


def look(data: bytes, limits: Limits) -> Look:
    """Read the two headers; a negative height only says that rows are stored from the top."""
    if len(data) < 14 + _CORE_HEADER:
        raise truncated("bmp")
    offset, size = struct.unpack_from("<II", data, 10)
    if size != _CORE_HEADER and size not in _HEADERS:
        raise corrupt("bmp", f"a header of {size} bytes does not exist")
    if len(data) < 14 + size:
        raise truncated("bmp")
    compression = _RAW
    if size == _CORE_HEADER:
        width, height, _, depth = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, depth = struct.unpack_from("<iiHH", data, 18)
        if size > 16:  # noqa: PLR2004 - the shortest header that names a compression
            (compression,) = struct.unpack_from("<I", data, 30)
    height = abs(height)
    if width <= 0 or height == 0:
        raise corrupt("bmp", f"a picture of {width} × {height} pixels")
    limits.check_size(width, height)
    if compression in {_EMBEDDED_JPEG, _EMBEDDED_PNG}:
        raise MediaError(TroubleKind.UNSUPPORTED, "a bmp that wraps a JPEG or PNG is not decoded here")
    if depth not in _DEPTHS:
        raise corrupt("bmp", f"{depth} bits a pixel do not exist")
    header = Header(
        format="bmp",
        bytes=len(data),
        width_px=width,
        height_px=height,
        has_alpha=_has_alpha(data, size, compression),
        colour_mode="palette" if depth <= _LARGEST_PALETTE_DEPTH else "rgb",
        bit_depth=min(depth, 8),
    )
    if compression in {_RLE8, _RLE4} and len(data) > _MOST_PACKED_BYTES:
        raise MediaError(TroubleKind.TOO_LARGE, f"a run-length coded bmp of more than {_MOST_PACKED_BYTES} bytes")
    stride = (width * depth + 31) // 32 * 4
    packed = compression in {_RLE8, _RLE4}
    return Look(header, None, complete=packed or offset + stride * height <= len(data))


def pixels(data: bytes, look: Look) -> Raster:
    """Decode with Pillow; what it cannot even open, though it is complete, is UNSUPPORTED (odd masks, 2 bits)."""
    import io

    from PIL.BmpImagePlugin import BmpImageFile

    from packshot.media.pillow import decode_opened

    try:
        image = BmpImageFile(io.BytesIO(data))
    except DECODER_ERRORS as error:
        if not look.complete:
            raise
        raise MediaError(TroubleKind.UNSUPPORTED, "a bmp of this rare kind is not decoded here") from error
    with image:
        return decode_opened(image, look.header)


def _has_alpha(data: bytes, size: int, compression: int) -> bool:
    if compression not in {_BITFIELDS, _ALPHA_BITFIELDS} or size < _ALPHA_MASK_SINCE:
        return False
    return data[_ALPHA_MASK_AT : _ALPHA_MASK_AT + 4] != b"\x00\x00\x00\x00"
