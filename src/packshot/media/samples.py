"""Samples of any depth and channel order made into a Raster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from packshot.media.look import Raster

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAY_ALPHA, _COLOUR, _COLOUR_ALPHA = 2, 3, 4


def to_8_bits(samples: NDArray[Any], highest: int = 65535) -> NDArray[np.uint8]:
    """Scale unsigned samples of 0 to `highest` (255 to 65535) to 0 to 255, rounded to the nearest, never clipped.

    For 16 bits that is v / 257: 0 stays 0, 65535 becomes 255, and an 8-bit value times 257 comes back exactly.
    """
    if samples.dtype == np.uint8:
        return np.asarray(samples)
    table = ((np.arange(65536, dtype=np.uint32) * 255 + highest // 2) // highest).clip(max=255).astype(np.uint8)
    return np.asarray(table[samples], dtype=np.uint8)


def unbounded_to_8_bits(samples: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring 32-bit integers or floats to 0 to 255: the white point is the smallest usual one that holds the maximum.

    The usual ones are 1 (floats), 255, 65535 and 2^32 - 1. Negative numbers and NaN count as 0, infinity as white.
    """
    values = np.nan_to_num(samples.astype(np.float64), nan=0.0, posinf=np.inf, neginf=0.0)
    finite = values[np.isfinite(values)]
    highest = float(finite.max()) if finite.size else 0.0
    usual = (1.0,) if np.issubdtype(samples.dtype, np.floating) else ()
    white = next((point for point in (*usual, 255.0, 65535.0, 4294967295.0) if highest <= point), highest)
    return np.asarray(np.rint(np.clip(values, 0.0, white) * (255.0 / white)), dtype=np.uint8)


def decode_with_opencv(data: bytes) -> tuple[Raster, NDArray[Any]]:
    """Decode with OpenCV, orientation and profile left alone; ValueError when it refuses.

    Gives the Raster and the samples as decoded (8 or 16 bits).
    """
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype not in (np.uint8, np.uint16):
        raise ValueError("OpenCV does not decode it")
    channels = 1 if decoded.ndim == _GRAY_ALPHA else decoded.shape[2]
    if channels == 1:
        return Raster(to_8_bits(decoded.reshape(decoded.shape[:2]))), decoded
    shallow = to_8_bits(decoded)
    if channels == _COLOUR:
        return Raster(np.asarray(cv2.cvtColor(shallow, cv2.COLOR_BGR2RGB), dtype=np.uint8)), decoded
    if channels != _COLOUR_ALPHA:
        raise ValueError(f"OpenCV gives {channels} channels")
    rgb = np.asarray(cv2.cvtColor(shallow, cv2.COLOR_BGRA2RGB), dtype=np.uint8)
    return Raster(rgb, np.ascontiguousarray(shallow[..., 3])), decoded
