"""Stored samples to sRGB, and alpha onto white."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from packshot.media.failure import DECODER_ERRORS
from packshot.media.icc import read_profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_PILLOW_MODES = {"gray": "L", "rgb": "RGB", "cmyk": "CMYK"}
_PIXELS_AT_ONCE = 1 << 20
"""Pictures are converted in bands, so that a large one costs no second and third copy of itself."""


def to_srgb(samples: Pixels, icc: bytes | None) -> tuple[Pixels, bool]:
    """Give (h, w, 3) sRGB and whether the profile, where there is one, was understood.

    With a fitting profile: relative colorimetric with black-point compensation, by LittleCMS. Without one, or with a
    broken one, gray and RGB are taken for sRGB and CMYK becomes R = (255 - C)(255 - K) / 255, as browsers do it.
    """
    space = _space(samples)
    if icc is not None:
        profile = read_profile(icc)
        if not profile.fits(space):
            return _plain(samples, space), False
        if not profile.is_srgb:
            converted = _by_profile(samples, space, profile.space, icc)
            return (_plain(samples, space), False) if converted is None else (converted, True)
    return _plain(samples, space), True


def on_white(rgb: Pixels, alpha: Pixels) -> Pixels:
    """Composite straight-alpha `rgb` on white: round((c * a + 255 * (255 - a)) / 255), exactly.

    Halves cannot occur, so the single-precision product rounds as the exact fraction does (tested over all pairs).
    """
    wide = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    share = cv2.multiply(rgb, wide, scale=1 / 255)
    return np.asarray(cv2.add(share, cv2.bitwise_not(wide)), dtype=np.uint8)


def _space(samples: Pixels) -> str:
    return {2: "gray", 3: "rgb" if samples.shape[-1] == 3 else "cmyk"}[samples.ndim]  # noqa: PLR2004 - axes and channels


def _plain(samples: Pixels, space: str) -> Pixels:
    if space == "rgb":
        return samples
    if space == "gray":
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(samples), cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    paper = cv2.bitwise_not(np.ascontiguousarray(samples))
    light = cv2.cvtColor(np.ascontiguousarray(paper[..., 3]), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.multiply(np.ascontiguousarray(paper[..., :3]), light, scale=1 / 255), dtype=np.uint8)


def _by_profile(samples: Pixels, space: str, profile_space: str, icc: bytes) -> Pixels | None:
    from PIL import Image, ImageCms

    if space == "gray" and profile_space == "rgb":
        samples, space = _plain(samples, space), "rgb"
    try:
        transform = _transform(icc, _PILLOW_MODES[space])
        out = np.empty((*samples.shape[:2], 3), np.uint8)
        rows = max(1, _PIXELS_AT_ONCE // samples.shape[1])
        for top in range(0, samples.shape[0], rows):
            band = Image.fromarray(np.ascontiguousarray(samples[top : top + rows]), _PILLOW_MODES[space])
            out[top : top + rows] = np.asarray(ImageCms.applyTransform(band, transform))
    except ImageCms.PyCMSError:
        return None
    except DECODER_ERRORS:
        return None
    return out


@lru_cache(maxsize=16)
def _transform(icc: bytes, mode: str) -> Any:
    from PIL import ImageCms

    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
