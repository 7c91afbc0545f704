"""One media file, known by its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AssetKind(StrEnum):
    """What sort of media a file is."""

    IMAGE = "image"
    ANIMATION = "animation"
    VIDEO = "video"
    SPIN = "spin"
    MODEL3D = "model3d"


@dataclass(frozen=True, slots=True)
class Asset:
    """One media file: the same bytes are the same asset wherever they are placed."""

    asset_id: str
    """BLAKE3 of the bytes, 64 hexadecimal digits."""
    kind: AssetKind
    format: str
    """`jpeg png webp gif bmp tiff avif heic`, from the content; empty when the content is not a known image."""
    bytes: int
    width_px: int | None
    height_px: int | None
    """Size as displayed (orientation applied), from the header; null when the header cannot be read."""
    blob: str
    """`stored` in the workspace, or `referenced` in place."""
    ref_uri: str | None
    """Where a referenced file lies."""
