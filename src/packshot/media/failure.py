"""Turning the many errors of the decoders into the one that the rest of packshot knows."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import cv2

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from packshot.media.look import Look

DECODER_ERRORS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    cv2.error,
    struct.error,
    zlib.error,
)
"""What decoders were seen to raise on hostile files (Pillow alone raises ten kinds).

Pillow's bomb and NotImplemented errors fall under these; bugs of our own that raise NameError or ImportError do not.
"""

_LONGEST_DETAIL = 160


def failure(error: Exception, image_format: str, look: Look | None) -> MediaError:
    """The MediaError for `error`: too large, truncated or corrupt, told by type and by structure, never by message."""
    if isinstance(error, MemoryError):
        return MediaError(TroubleKind.TOO_LARGE, f"there is not enough memory to decode this {image_format}")
    if type(error).__name__ == "DecompressionBombError":  # by name: Pillow is loaded only where it decodes
        return MediaError(TroubleKind.BOMB, f"Pillow refuses a {image_format} with so many pixels")
    said = " ".join(f"{type(error).__name__}: {error}".split())
    said = "".join(mark if mark.isprintable() else "?" for mark in said)[:_LONGEST_DETAIL]
    if look is not None and not look.complete:
        return MediaError(TroubleKind.TRUNCATED, f"the {image_format} ends before its picture does ({said})")
    return MediaError(TroubleKind.CORRUPT, f"the {image_format} decoder refuses it ({said})")


def corrupt(image_format: str, what: str) -> MediaError:
    """The error for a container whose structure is broken."""
    return MediaError(TroubleKind.CORRUPT, f"the {image_format} is damaged: {what}")


def truncated(image_format: str) -> MediaError:
    """The error for a file that ends within its header."""
    return MediaError(TroubleKind.TRUNCATED, f"the {image_format} ends within its header")
