"""What the reader of one format hands over: facts of the container, then stored samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from packshot.media.header import Header
    from packshot.media.limits import Limits


@dataclass(frozen=True, slots=True)
class Look:
    """What a file says of itself, found without decoding a pixel."""

    header: Header
    icc: bytes | None = None
    """The ICC profile; empty bytes when there is one that cannot be read."""
    complete: bool = True
    """False when the file ends before its structure does; then a failing decoder means "truncated"."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Decoded samples as stored: not yet upright, not yet sRGB, alpha apart."""

    samples: NDArray[np.uint8]
    """(h, w) gray, (h, w, 3) RGB, or (h, w, 4) CMYK where 0 is no ink."""
    alpha: NDArray[np.uint8] | None = None
    """(h, w); the samples are not multiplied by it."""
    intact: bool = True
    """False when the decoder had to repair or skip data."""


class Reader(Protocol):
    """The two functions that each format's module has."""

    def look(self, data: bytes, limits: Limits) -> Look:
        """Read the container; MediaError when it is damaged or beyond the limits."""

    def pixels(self, data: bytes, look: Look) -> Raster:
        """Decode the first picture; MediaError, or any error named in `failure.DECODER_ERRORS`."""
