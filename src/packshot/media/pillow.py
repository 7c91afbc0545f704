"""Decoding through one Pillow plug-in, named by us, so that no other parser ever sees the bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.media.look import Raster
from packshot.media.samples import to_8_bits, unbounded_to_8_bits

if TYPE_CHECKING:
    from PIL import Image, ImageFile

    from packshot.media.header import Header


def decode_with_pillow(plugin: type[ImageFile.ImageFile], data: bytes, header: Header) -> Raster:
    """Open `data` with `plugin` and decode its first frame.

    The plug-in class is called itself: `Image.open` would apply its own pixel limit, which is global, and would load
    every plug-in for some formats. Sizes are compared with the header that was checked against the limits.
    """
    with plugin(io.BytesIO(data)) as image:
        return decode_opened(image, header)


def decode_opened(image: Image.Image, header: Header) -> Raster:
    """Decode an opened image; ValueError when its size is not the one in `header`."""
    if sorted(image.size) != sorted((header.width_px, header.height_px)):
        raise ValueError(f"the decoder sees {image.size[0]} × {image.size[1]} pixels")
    image.load()
    return raster_of(image, header.bit_depth)


def raster_of(image: Image.Image, bit_depth: int) -> Raster:
    """The samples of a loaded Pillow image, whatever its mode; `bit_depth` scales the 12-bit ones."""
    mode = image.mode
    if mode.startswith("I;16"):
        deep: Any = np.asarray(image)
        return Raster(to_8_bits(deep.astype(np.uint16), (1 << bit_depth) - 1 if 8 < bit_depth < 16 else 65535))  # noqa: PLR2004 - depths between 8 and 16 bits
    if mode in {"I", "F"}:
        return Raster(unbounded_to_8_bits(np.asarray(image)))
    if mode == "CMYK":
        return Raster(np.asarray(image))
    if mode in {"La", "RGBa"}:
        image = image.convert(mode.upper())
    transparent = "transparency" in image.info or image.mode in {"LA", "PA", "RGBA"}
    gray = image.mode in {"1", "L", "LA"}
    if not transparent:
        return Raster(np.asarray(image.convert("L" if gray else "RGB")))
    both = np.asarray(image.convert("LA" if gray else "RGBA"))
    samples = both[..., 0] if gray else both[..., :3]
    return Raster(np.ascontiguousarray(samples), np.ascontiguousarray(both[..., -1]))
