"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds, all checked before pixels are decoded."""

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 120_000_000
    """Width times height of one frame."""
    max_side_px: int = 40_000
    max_frames: int = 10_000
    max_icc_bytes: int = 4 * 1024 * 1024

    def check_bytes(self, size: int) -> None:
        """MediaError EMPTY or TOO_LARGE when `size` is no size for a file."""
        if size == 0:
            raise MediaError(TroubleKind.EMPTY, "the file has no bytes")
        if size > self.max_bytes:
            raise MediaError(TroubleKind.TOO_LARGE, f"{size} bytes; the limit is {self.max_bytes}")

    def check_size(self, width: int, height: int) -> None:
        """MediaError BOMB when one frame has more pixels, or a longer side, than the limits allow."""
        if width * height > self.max_pixels:
            detail = f"{width} × {height} pixels; the limit is {self.max_pixels} pixels"
            raise MediaError(TroubleKind.BOMB, detail)
        if max(width, height) > self.max_side_px:
            detail = f"{width} × {height} pixels; the limit is {self.max_side_px} a side"
            raise MediaError(TroubleKind.BOMB, detail)

    def check_frames(self, frames: int) -> None:
        """MediaError TOO_LARGE when there are more frames than the limits allow."""
        if frames > self.max_frames:
            raise MediaError(TroubleKind.TOO_LARGE, f"more than {self.max_frames} frames")

    def check_icc(self, size: int) -> None:
        """MediaError TOO_LARGE when the ICC profile is longer than the limits allow."""
        if size > self.max_icc_bytes:
            raise MediaError(TroubleKind.TOO_LARGE, f"an ICC profile of more than {self.max_icc_bytes} bytes")


DEFAULT_LIMITS = Limits()
