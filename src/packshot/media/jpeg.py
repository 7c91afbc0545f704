"""JPEG by libjpeg-turbo, straight to numpy; Pillow is not needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import simplejpeg

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.failure import DECODER_ERRORS, corrupt, failure, truncated
from packshot.media.header import Header
from packshot.media.icc import icc_kind
from packshot.media.jpeg_markers import EOI, Markers, has_more_scans, picture_ends, read_markers
from packshot.media.look import Look, Raster
from packshot.media.orientation import displayed_size

if TYPE_CHECKING:
    from packshot.media.limits import Limits

_MODES = {1: "gray", 3: "rgb", 4: "cmyk"}
_SAMPLES = {"gray": ("GRAY", 1), "rgb": ("RGB", 3), "cmyk": ("CMYK", 4)}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_PLAIN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_SAMPLING = frozenset({(1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (1, 4)})
_MOST_SCANS = 200
_MOST_SCANNED_PIXELS = 1_000_000_000
"""Encoders write up to about 20 scans; each one costs a pass over the whole picture, however few its bytes are."""

_SIMPLEJPEG_ERRORS = (ValueError, RuntimeError, TypeError, OverflowError)


def look(data: bytes, limits: Limits) -> Look:
    """Read the markers before the first scan: size, EXIF orientation, ICC profile, quantisation tables."""
    markers = read_markers(data)
    if not markers.frame or markers.scan is None:
        raise truncated("jpeg") if markers.ran_out else corrupt("jpeg", "it holds no picture")
    if markers.height == 0:
        raise MediaError(TroubleKind.UNSUPPORTED, "the jpeg tells its height after the picture (DNL marker)")
    width, height = displayed_size(markers.width, markers.height, markers.orientation)
    limits.check_size(width, height)
    mode = _MODES.get(len(markers.table_ids), "other")
    icc = markers.icc()
    header = Header(
        format="jpeg",
        bytes=len(data),
        width_px=width,
        height_px=height,
        icc_kind=icc_kind(icc, mode),
        orientation=markers.orientation,
        colour_mode=mode,
        bit_depth=markers.precision,
        quant_tables=markers.quant_tables(),
        progressive=markers.frame in _PROGRESSIVE,
    )
    return Look(header, icc)


def pixels(data: bytes, look: Look) -> Raster:
    """Decode strictly; where that fails tell a missing end (TRUNCATED, or harmless) from damaged data (not intact).

    CMYK samples are stored inverted, as Adobe does it and as browsers take every CMYK JPEG, with the marker or without.
    """
    header = look.header
    if header.colour_mode not in _SAMPLES or header.bit_depth != 8:  # noqa: PLR2004 - bits of all that is decoded here
        what = f"{header.colour_mode} samples of {header.bit_depth} bits"
        raise MediaError(TroubleKind.UNSUPPORTED, f"a jpeg of {what} is not decoded here")
    if header.progressive:
        _refuse_many_scans(data, header)
    try:
        return _decode(data, header, strict=True)
    except _SIMPLEJPEG_ERRORS:
        return _mend(data, header)


def _mend(data: bytes, header: Header) -> Raster:
    markers = read_markers(data)
    _refuse_many_scans(data, header)
    ends = markers.scan is not None and picture_ends(data, markers.scan)
    if not _is_common(markers):
        return _decode_by_pillow(data, header, markers, ends=ends, intact=True)
    try:
        if ends:
            return replace(_decode(data, header, strict=False), intact=False)
        # All the data may be there and only the end marker missing: then a strict decode with one is content.
        return _decode(data + bytes((0xFF, EOI)), header, strict=True)
    except _SIMPLEJPEG_ERRORS:
        return _decode_by_pillow(data, header, markers, ends=ends, intact=False)


def _decode_by_pillow(data: bytes, header: Header, markers: Markers, *, ends: bool, intact: bool) -> Raster:
    """The second try, for what TurboJPEG's interface refuses: rare subsampling, and damage in the header segments."""
    from PIL.JpegImagePlugin import JpegImageFile

    from packshot.media.pillow import decode_with_pillow

    try:
        return replace(decode_with_pillow(JpegImageFile, data, header), intact=intact)
    except DECODER_ERRORS as error:
        if markers.frame not in _PLAIN_FRAMES:
            detail = f"a jpeg with frames of type {markers.frame:#x} (arithmetic, lossless or hierarchical)"
            raise MediaError(TroubleKind.UNSUPPORTED, detail) from error
        raise failure(error, "jpeg", Look(header, complete=ends)) from error


def _is_common(markers: Markers) -> bool:
    """Whether TurboJPEG has a name for the subsampling; for pictures of one component every one will do."""
    first, rest = markers.sampling[0], markers.sampling[1:3]
    return not rest or (rest == ((1, 1), (1, 1)) and first in _SAMPLING)


def _decode(data: bytes, header: Header, *, strict: bool) -> Raster:
    # The buffer is made from the size that was checked, so that another size in a second header cannot pass.
    space, channels = _SAMPLES[header.colour_mode]
    width, height = displayed_size(header.width_px, header.height_px, header.orientation)
    buffer = np.empty((height, width, channels), np.uint8)
    decoded = simplejpeg.decode_jpeg(data, space, strict=strict, buffer=buffer)
    if decoded.shape != buffer.shape:
        raise corrupt("jpeg", "it names two different sizes")
    if header.colour_mode == "cmyk":
        np.bitwise_not(buffer, out=buffer)
    return Raster(buffer[..., 0] if header.colour_mode == "gray" else buffer)


def _refuse_many_scans(data: bytes, header: Header) -> None:
    most = min(_MOST_SCANS, max(20, _MOST_SCANNED_PIXELS // (header.width_px * header.height_px)))
    if data.count(b"\xff\xda") <= most:
        return
    markers = read_markers(data)
    if markers.scan is not None and has_more_scans(data, markers.scan, most):
        raise MediaError(TroubleKind.TOO_LARGE, f"a jpeg of more than {most} scans")
