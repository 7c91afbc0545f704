"""PNG and the first picture of APNG."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.exif import exif_orientation
from packshot.media.failure import corrupt, truncated
from packshot.media.header import Header
from packshot.media.icc import icc_kind
from packshot.media.look import Look, Raster
from packshot.media.orientation import displayed_size
from packshot.media.samples import decode_with_opencv, to_8_bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.media.limits import Limits

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_MODES = {0: "gray", 2: "rgb", 3: "palette", 4: "gray", 6: "rgb"}
_WITH_ALPHA = frozenset({4, 6})
_MOST_CHUNKS = 200_000
_SIXTEEN = 16


def look(data: bytes, limits: Limits) -> Look:
    """Walk the chunks: IHDR, tRNS, iCCP, eXIf, acTL. Gamma and chromaticity chunks are not applied."""
    if len(data) < 33:  # noqa: PLR2004 - signature and IHDR
        raise truncated("png")
    if data[12:16] != b"IHDR":
        raise corrupt("png", "it does not begin with its header")
    width, height, depth, colour_type = struct.unpack_from(">IIBB", data, 16)
    if colour_type not in _MODES or depth not in {1, 2, 4, 8, _SIXTEEN}:
        raise corrupt("png", f"colour type {colour_type} with {depth} bits does not exist")
    limits.check_size(width, height)
    frames, transparent, orientation, icc, complete = 1, False, 1, None, False
    for name, start, end in chunks(data):
        if name == b"tRNS":
            transparent = True
        elif name == b"iCCP":
            icc = _profile(data[start:end], limits)
        elif name == b"eXIf":
            orientation = exif_orientation(data[start:end])
        elif name == b"acTL" and end - start == 8:  # noqa: PLR2004 - its length
            frames = max(1, int.from_bytes(data[start : start + 4], "big"))
        complete = name == b"IEND"
    limits.check_frames(frames)
    shown = displayed_size(width, height, orientation)
    header = Header(
        format="png",
        bytes=len(data),
        width_px=shown[0],
        height_px=shown[1],
        frames=frames,
        has_alpha=transparent or colour_type in _WITH_ALPHA,
        icc_kind=icc_kind(icc, _MODES[colour_type]),
        orientation=orientation,
        colour_mode=_MODES[colour_type],
        bit_depth=depth,
    )
    return Look(header, icc, complete)


def pixels(data: bytes, look: Look) -> Raster:
    """Decode the default picture: 16-bit samples by OpenCV (Pillow drops their low byte), all others by Pillow.

    Only the chunks of that picture are handed on, so damaged or huge extras cannot get in the way.
    """
    kept = [(name, start - 8, end + 4) for name, start, end in chunks(data) if name in _CRITICAL]
    plain = _SIGNATURE + b"".join(data[start:end] for _, start, end in kept)
    if look.header.bit_depth == _SIXTEEN:
        if not look.complete:
            # OpenCV reserves the length that a chunk announces, gigabytes perhaps, before it sees that the file ends.
            raise MediaError(TroubleKind.TRUNCATED, "the png ends before its picture does")
        return _decode_deep(plain, data, look)
    from PIL.PngImagePlugin import PngImageFile

    from packshot.media.pillow import decode_with_pillow

    return decode_with_pillow(PngImageFile, plain, look.header)


def _decode_deep(plain: bytes, data: bytes, look: Look) -> Raster:
    raster, deep = decode_with_opencv(plain)
    if look.header.colour_mode == "gray" and look.header.has_alpha and raster.alpha is None:
        # OpenCV leaves out the transparent gray level of 16-bit pictures.
        level = next(data[start:end] for name, start, end in chunks(data) if name == b"tRNS")
        alpha = np.where(deep == int.from_bytes(level[:2], "big"), np.uint8(0), np.uint8(255))
        return Raster(to_8_bits(deep), alpha)
    return raster


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the body of each chunk; a chunk that the file cuts short ends where the file does."""
    at = len(_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(data):
            return
        length, name = struct.unpack_from(">I4s", data, at)
        whole = at + 12 + length <= len(data)
        if not name.isalpha():
            raise corrupt("png", "a chunk without a name")
        yield name if whole else b"part" if name not in _CRITICAL else name, at + 8, min(at + 8 + length, len(data))
        if not whole or name == b"IEND":
            return
        at += 12 + length
    raise corrupt("png", f"more than {_MOST_CHUNKS} chunks")


def _profile(body: bytes, limits: Limits) -> bytes:
    _, _, packed = body.partition(b"\x00")
    unpacker = zlib.decompressobj()
    try:
        icc = unpacker.decompress(packed[1:], limits.max_icc_bytes + 1)
    except zlib.error:
        return b""
    limits.check_icc(len(icc))
    return icc
