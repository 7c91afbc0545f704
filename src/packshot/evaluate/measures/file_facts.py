"""What the file says of itself: size, format, bytes, frames, colour profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture


class FileFacts(Measure):
    """Facts of the file: displayed size, format by content, bytes, frames, alpha, colour profile, wholeness.

    Method: read from the container's header; the size is the displayed one, with the EXIF orientation applied.

    Blind spots: a bit flip inside the compressed data passes every decoder silently, so `decode_intact` only tells
    truncation and what the decoder itself noticed. A profile can be named sRGB and hold something else.
    """

    outputs = (
        Output("width_px", Kind.INT, "Displayed width in pixels."),
        Output("height_px", Kind.INT, "Displayed height in pixels."),
        Output("aspect_ratio", Kind.FLOAT, "Displayed width divided by displayed height."),
        Output("format", Kind.TEXT, "jpeg, png, webp, gif, bmp, tiff, avif or heic, from the content."),
        Output("bytes", Kind.INT, "Size of the file in bytes."),
        Output("frames", Kind.INT, "Number of frames; more than 1 for an animation."),
        Output("has_alpha", Kind.BOOL, "Whether the file carries transparency."),
        Output("icc_kind", Kind.TEXT, "Colour profile: none, srgb, display_p3, adobe_rgb, gray, cmyk or other."),
        Output("decode_intact", Kind.BOOL, "False when the decoder had to repair or skip data."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Copy the header."""
        header = picture.header
        return {
            "width_px": header.width_px,
            "height_px": header.height_px,
            "aspect_ratio": header.width_px / header.height_px,
            "format": header.format,
            "bytes": header.bytes,
            "frames": header.frames,
            "has_alpha": header.has_alpha,
            "icc_kind": header.icc_kind,
            "decode_intact": picture.intact,
        }
