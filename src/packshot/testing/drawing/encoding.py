"""Writes a drawn picture as the bytes of a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from packshot.core.errors import UnknownName

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = ("jpeg", "png", "webp", "gif", "tiff", "avif", "bmp")

_STORED_AS = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation → how the picture is turned before it is stored, so that a reader turns it back."""


def encode(
    rgb: NDArray[np.uint8],
    format: str = "jpeg",  # noqa: A002 - the word of the field
    quality: int = 90,
    alpha: NDArray[np.uint8] | None = None,
    *,
    orientation: int = 1,
) -> bytes:
    """The picture (height × width × 3, sRGB) as a file.

    Args:
        rgb: What is shown.
        format: One of FORMATS.
        quality: 1 to 100, for JPEG, WebP and AVIF.
        alpha: Height × width; kept by PNG, WebP and AVIF only.
        orientation: EXIF orientation 1, 3, 6 or 8; the stored pixels are turned, the displayed picture stays.

    Raises UnknownName for a format or an orientation that there is not, ValueError for an alpha that the format drops.
    """
    if format not in FORMATS:
        raise UnknownName("format to draw in", format, FORMATS)
    if orientation not in (1, *_STORED_AS):
        raise UnknownName("orientation to draw in", str(orientation), map(str, (1, *_STORED_AS)))
    if alpha is not None and format not in {"png", "webp", "avif"}:
        message = f"A {format} file cannot keep this alpha; leave it out or use png."
        raise ValueError(message)
    image = Image.fromarray(rgb if alpha is None else np.dstack([rgb, alpha]))
    if orientation != 1:
        image = image.transpose(_STORED_AS[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": quality, "optimize": True},
        "png": {"optimize": True},
        "webp": {"quality": quality, "method": 4},
        "tiff": {"compression": "tiff_lzw"},
        "avif": {"quality": quality, "speed": 8},
    }
    chosen = options.get(format, {})
    if format == "gif":
        image = image.quantize(256, dither=Image.Dither.NONE)
    if orientation != 1:
        chosen["exif"] = exif.tobytes()
    out = io.BytesIO()
    image.save(out, format=format.upper(), **chosen)
    return out.getvalue()
