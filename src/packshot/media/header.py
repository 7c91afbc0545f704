"""What a file says of itself before a pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Header:
    """Facts from the container, not from the pixels."""

    format: str
    """`jpeg png webp gif bmp tiff avif heic`, from the content."""
    bytes: int
    width_px: int
    """Displayed width: EXIF orientation applied."""
    height_px: int
    """Displayed height: EXIF orientation applied."""
    frames: int = 1
    has_alpha: bool = False
    """The file carries an alpha channel or a transparent palette entry."""
    icc_kind: str = "none"
    """`none srgb display_p3 adobe_rgb gray cmyk other broken`; told from primaries and tone curves, not from the name.

    `srgb` says that nothing has to be converted; `broken`, that the profile is damaged or describes other samples than
    these, and is left out.
    """
    orientation: int = 1
    """EXIF orientation, 1 to 8; anything else counts as 1. For HEIC always 1: its own boxes turn it in the decoder."""
    colour_mode: str = "rgb"
    """`gray rgb cmyk palette lab other`, as stored."""
    bit_depth: int = 8
    quant_tables: tuple[tuple[int, ...], ...] = ()
    """JPEG quantisation tables, 64 numbers each in natural (row) order: luma first; empty for other formats."""
    progressive: bool = False
