"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds, all checked before pixels are decoded."""

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 120_000_000
    """Width times height of one frame."""
    max_side_px: int = 40_000
    max_frames: int = 10_000
    max_icc_bytes: int = 4 * 1024 * 1024


DEFAULT_LIMITS = Limits()
