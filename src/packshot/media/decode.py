"""Bytes to the picture a shopper sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.colour import on_white, to_srgb
from packshot.media.failure import DECODER_ERRORS, failure
from packshot.media.limits import DEFAULT_LIMITS, Limits
from packshot.media.orientation import upright
from packshot.media.picture import Picture
from packshot.media.read_header import look_at

if TYPE_CHECKING:
    from packshot.media.look import Look, Raster

_OPAQUE = 255


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """The first frame in sRGB, upright, 8 bits, alpha composited on white and kept beside it.

    `Picture.alpha` is None when every pixel is opaque, even where `header.has_alpha` says that the file carries a
    channel. `intact` is False when a JPEG decoded only by skipping damaged data. `header.icc_kind` is `broken` when
    the profile does not fit the samples or LittleCMS refuses it; the samples are then taken as if there were none.
    Raises MediaError, and nothing else, for any bytes, of the kinds that `read_header` names.
    """
    reader, look = look_at(data, limits)
    try:
        return _picture(look, reader.pixels(data, look), data)
    except MediaError:
        raise
    except DECODER_ERRORS as error:
        raise failure(error, look.header.format, look) from error


def _picture(look: Look, raster: Raster, data: bytes) -> Picture:
    header = look.header
    rgb, understood = to_srgb(raster.samples, look.icc)
    if not understood:
        header = replace(header, icc_kind="broken")
    alpha = raster.alpha
    if alpha is not None:
        header = replace(header, has_alpha=True)
        if int(alpha.min()) == _OPAQUE:
            alpha = None
        else:
            rgb = on_white(rgb, alpha)
            alpha = upright(alpha, header.orientation)
    rgb = upright(rgb, header.orientation)
    if rgb.shape[:2] != (header.height_px, header.width_px):
        raise MediaError(TroubleKind.CORRUPT, f"the {header.format} decodes to another size than it announces")
    return Picture(header, rgb, alpha, intact=raster.intact, file=data)
