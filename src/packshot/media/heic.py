"""HEIC by libheif (pi-heif, which has no encoder and no GPL part)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.media.boxes import is_complete, largest_size
from packshot.media.failure import DECODER_ERRORS, corrupt, failure
from packshot.media.header import Header
from packshot.media.icc import icc_kind
from packshot.media.look import Look, Raster

if TYPE_CHECKING:
    from pi_heif import HeifFile

    from packshot.media.limits import Limits

_CHANNELS = {"L": 1, "LA": 2, "La": 2, "RGB": 3, "RGBA": 4, "RGBa": 4}


def look(data: bytes, limits: Limits) -> Look:
    """Open with libheif, which parses the boxes and decodes nothing yet.

    libheif applies rotation, mirroring and cropping itself, so `orientation` is 1 whatever the EXIF block says.
    """
    limits.check_size(*largest_size(data))
    complete = is_complete(data)
    try:
        opened = _open(data)
        frames = len(opened)
        limits.check_frames(frames)
        primary = opened[opened.primary_index]
    except DECODER_ERRORS as error:
        cut = None if complete else Look(Header("heic", len(data), 0, 0), complete=False)
        raise failure(error, "heic", cut) from error
    width, height = primary.size
    limits.check_size(width, height)
    if width <= 0 or height <= 0:
        raise corrupt("heic", f"a picture of {width} × {height} pixels")
    icc = primary.info.get("icc_profile")
    limits.check_icc(len(icc or b""))
    mode = "gray" if primary.mode in {"L", "LA", "La"} else "rgb"
    header = Header(
        format="heic",
        bytes=len(data),
        width_px=width,
        height_px=height,
        frames=frames,
        has_alpha=primary.has_alpha,
        icc_kind=icc_kind(icc, mode),
        colour_mode=mode,
        bit_depth=int(primary.info.get("bit_depth", 8)),
    )
    return Look(header, icc, complete)


def pixels(data: bytes, look: Look) -> Raster:
    """Decode the primary picture; libheif scales 10 and 12 bits to 8."""
    opened = _open(data)
    primary = opened[opened.primary_index]
    content = primary.data
    width, height = primary.size
    channels = _CHANNELS[primary.mode]
    if (width, height) != (look.header.width_px, look.header.height_px):
        raise corrupt("heic", "it names two different sizes")
    rows = np.frombuffer(content, np.uint8).reshape(height, -1)[:, : width * channels]
    stored = rows.reshape(height, width, channels)
    alpha = np.ascontiguousarray(stored[..., -1]) if primary.has_alpha else None
    samples = stored[..., 0] if channels <= 2 else stored[..., :3]  # noqa: PLR2004 - gray, with or without alpha
    if alpha is not None and primary.premultiplied_alpha:
        whole = np.maximum(alpha, 1).astype(np.uint16)
        whole = whole if samples.ndim == alpha.ndim else whole[..., None]
        samples = np.minimum((samples * np.uint32(255) + whole // 2) // whole, 255).astype(np.uint8)
    return Raster(np.ascontiguousarray(samples), alpha)


def _open(data: bytes) -> HeifFile:
    from pi_heif import HeifFile

    return HeifFile(data, convert_hdr_to_8bit=True)
