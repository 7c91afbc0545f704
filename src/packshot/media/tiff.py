"""TIFF and BigTIFF: the pages are counted, the first one is decoded by Pillow."""

from __future__ import annotations

import struct
from itertools import zip_longest
from typing import TYPE_CHECKING

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.exif import valid_orientation
from packshot.media.failure import DECODER_ERRORS, corrupt, truncated
from packshot.media.header import Header
from packshot.media.icc import icc_kind
from packshot.media.ifd import Directory, Layout, read_directory, read_layout
from packshot.media.look import Look, Raster
from packshot.media.orientation import displayed_size

if TYPE_CHECKING:
    from packshot.media.limits import Limits

_WIDTH, _HEIGHT, _DEPTH, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION, _SAMPLES = 256, 257, 258, 259, 262, 274, 277
_OFFSETS, _COUNTS, _TILE_OFFSETS, _TILE_COUNTS, _TILE_WIDTH, _TILE_HEIGHT = 273, 279, 324, 325, 322, 323
_ROWS, _EXTRA, _ICC, _DNG = 278, 338, 34675, 50706
_NEEDED = frozenset(
    {
        *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 338, 339, 340),
        *(341, 347, 512, 513, 514, 515, 517, 519, 520, 521, 529, 530, 531, 532),
    },
)
"""Tags that say how the pixels lie. EXIF, XMP, orientation, profile and further pages are kept from the decoder."""
_MODES = {0: "gray", 1: "gray", 2: "rgb", 3: "palette", 5: "cmyk", 6: "rgb", 8: "lab", 9: "lab", 10: "lab"}
_MOST_STRIPS = 250_000
_RARE_COMPRESSIONS = frozenset({34661, 34887, 34925, 50000, 50001, 50002})
"""JBIG, LERC, LZMA, Zstandard, WebP, JPEG XL: they decode where libtiff was built with them."""
_DEPTHS = frozenset({1, 2, 4, 6, 8, 10, 12, 14, 16, 24, 32, 64})
_ALPHA_KINDS = frozenset({1, 2})


def look(data: bytes, limits: Limits) -> Look:
    """Read the directory of the first page and step over those of the others."""
    layout = read_layout(data)
    if layout is None:
        raise truncated("tiff")
    page = read_directory(data, layout, layout.first)
    if not page.whole or not page.tags:
        raise truncated("tiff") if not page.whole else corrupt("tiff", "its first directory is empty")
    if _DNG in page.tags:
        raise MediaError(TroubleKind.UNSUPPORTED, "the content is a camera raw file (DNG), which is not decoded here")
    width, height = page.number(data, _WIDTH, 0), page.number(data, _HEIGHT, 0)
    if width <= 0 or height <= 0:
        raise corrupt("tiff", f"a picture of {width} × {height} pixels")
    limits.check_size(width, height)
    _check_parts(page, data, limits)
    frames = _count_pages(data, layout, limits)
    mode = _MODES.get(page.number(data, _PHOTOMETRIC, 0), "other")
    icc = _profile(page, data, limits) if mode != "lab" else None
    orientation = valid_orientation(page.number(data, _ORIENTATION, 1))
    shown = displayed_size(width, height, orientation)
    header = Header(
        format="tiff",
        bytes=len(data),
        width_px=shown[0],
        height_px=shown[1],
        frames=frames,
        has_alpha=bool(_ALPHA_KINDS & set(page.numbers(data, _EXTRA))),
        icc_kind=icc_kind(icc, mode),
        orientation=orientation,
        colour_mode=mode,
        bit_depth=page.number(data, _DEPTH, 1),
    )
    return Look(header, icc, _is_complete(page, data))


def pixels(data: bytes, look: Look) -> Raster:
    """Decode the first page; what Pillow cannot even open, though it is complete, is UNSUPPORTED.

    Colour samples of 16 bits lose their low byte in Pillow: at most one level of 255 less than the rounded value.
    """
    import io

    from PIL.TiffImagePlugin import TiffImageFile

    from packshot.media.pillow import decode_opened

    single = _single_page(data)
    try:
        image = TiffImageFile(io.BytesIO(single))
    except DECODER_ERRORS as error:
        if not look.complete or look.header.bit_depth not in _DEPTHS:
            raise
        detail = f"a tiff of this kind ({look.header.colour_mode}, {look.header.bit_depth} bits) is not decoded here"
        raise MediaError(TroubleKind.UNSUPPORTED, detail) from error
    with image:
        try:
            return decode_opened(image, look.header)
        except DECODER_ERRORS as error:
            if _compression(data) not in _RARE_COMPRESSIONS:
                raise
            raise MediaError(TroubleKind.UNSUPPORTED, "a tiff of a rare compression is not decoded here") from error


def _compression(data: bytes) -> int:
    layout = read_layout(data)
    return read_directory(data, layout, layout.first).number(data, _COMPRESSION, 1) if layout else 1


def _single_page(data: bytes) -> bytes:
    """The same file with a directory of the needed tags alone, put at its end; all offsets stay as they are."""
    layout = read_layout(data)
    if layout is None:
        raise truncated("tiff")
    page = read_directory(data, layout, layout.first)
    kept = [entry for tag, entry in sorted(page.tags.items()) if tag in _NEEDED]
    if sum(entry.size for entry in kept) > 2 * len(data):
        raise corrupt("tiff", "its tags are longer than the file")
    at = len(data) + len(data) % 2
    count, link = ("Q", "Q") if layout.big else ("H", "I")
    records = b"".join(entry.record for entry in kept)
    directory = struct.pack(layout.order + count, len(kept)) + records + struct.pack(layout.order + link, 0)
    head_bytes = 16 if layout.big else 8
    head = data[: head_bytes - struct.calcsize(link)] + struct.pack(layout.order + link, at)
    return b"".join((head, data[head_bytes:], b"\x00" * (at - len(data)), directory))


def _check_parts(page: Directory, data: bytes, limits: Limits) -> None:
    """Refuse strips and tiles that cost more memory or time than the picture itself, and strips beyond its end."""
    tile_width, tile_height = page.number(data, _TILE_WIDTH, 0), page.number(data, _TILE_HEIGHT, 0)
    limits.check_size(tile_width, tile_height)
    for tag in (_OFFSETS, _COUNTS, _TILE_OFFSETS, _TILE_COUNTS):
        entry = page.tags.get(tag)
        if entry is not None and entry.count > _MOST_STRIPS:
            raise MediaError(TroubleKind.TOO_LARGE, f"a tiff of more than {_MOST_STRIPS} strips or tiles")
    height, rows = page.number(data, _HEIGHT, 0), max(1, page.number(data, _ROWS, 1 << 32))
    most = -(-height // rows) * max(1, page.number(data, _SAMPLES, 1))
    strips = page.tags.get(_OFFSETS)
    if strips is not None and strips.count > most:
        raise corrupt("tiff", f"{strips.count} strips where at most {most} fit")


def _is_complete(page: Directory, data: bytes) -> bool:
    if any(entry.start + entry.size > len(data) for tag, entry in page.tags.items() if tag in _NEEDED):
        return False
    for places, sizes in ((_OFFSETS, _COUNTS), (_TILE_OFFSETS, _TILE_COUNTS)):
        pairs = zip_longest(page.numbers(data, places), page.numbers(data, sizes)[:_MOST_STRIPS], fillvalue=0)
        if any(start + size > len(data) for start, size in pairs):
            return False
    return True


def _count_pages(data: bytes, layout: Layout, limits: Limits) -> int:
    count_code, record_bytes, link = ("Q", 20, "Q") if layout.big else ("H", 12, "I")
    seen: set[int] = set()
    offset = layout.first
    while offset and offset not in seen and offset + struct.calcsize(count_code) <= len(data):
        seen.add(offset)
        limits.check_frames(len(seen))
        (count,) = struct.unpack_from(layout.order + count_code, data, offset)
        after = offset + struct.calcsize(count_code) + count * record_bytes
        if after + struct.calcsize(link) > len(data):
            break
        (offset,) = struct.unpack_from(layout.order + link, data, after)
    return max(1, len(seen))


def _profile(page: Directory, data: bytes, limits: Limits) -> bytes | None:
    entry = page.tags.get(_ICC)
    if entry is None:
        return None
    limits.check_icc(entry.size)
    return data[entry.start : entry.start + entry.size] if entry.start + entry.size <= len(data) else b""
