"""The facts of a file from its container, without decoding a pixel."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from packshot.core.errors import MediaError
from packshot.media.failure import DECODER_ERRORS, corrupt, failure
from packshot.media.limits import DEFAULT_LIMITS, Limits
from packshot.media.sniff import refusal, sniff

if TYPE_CHECKING:
    from packshot.media.header import Header
    from packshot.media.look import Look, Reader


def read_header(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Header:
    """What `data` says of itself: format, displayed size, frames, alpha, ICC profile, orientation, JPEG tables.

    Raises MediaError, and nothing else, for any bytes: EMPTY, TOO_LARGE, BOMB, NOT_AN_IMAGE, UNSUPPORTED, TRUNCATED or
    CORRUPT. A header that can be read does not promise pixels that can be decoded.
    """
    _, look = look_at(data, limits)
    return look.header


def look_at(data: bytes, limits: Limits) -> tuple[Reader, Look]:
    """The reader for the format of `data` and what it found in the container; MediaError as in `read_header`."""
    limits.check_bytes(len(data))
    image_format = sniff(data)
    if image_format is None:
        raise refusal(data)
    reader = _reader(image_format)
    try:
        look = reader.look(data, limits)
    except MediaError:
        raise
    except DECODER_ERRORS as error:
        raise failure(error, image_format, None) from error
    header = look.header
    if header.width_px <= 0 or header.height_px <= 0:
        raise corrupt(image_format, f"a picture of {header.width_px} × {header.height_px} pixels")
    limits.check_icc(len(look.icc or b""))
    return reader, look


def _reader(image_format: str) -> Reader:
    # One module a format, loaded when the first file of it comes: a JPEG needs none of the other decoders.
    return cast("Reader", importlib.import_module(f"packshot.media.{image_format}"))
