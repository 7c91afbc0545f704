"""Spoils a picture in one known way; every function takes and gives RGB bytes (height × width × 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw

from packshot.testing.drawing.labels import text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.testing.drawing.materials import Colour


def out_of_focus(rgb: NDArray[np.uint8], sigma_share: float = 0.005) -> NDArray[np.uint8]:
    """Blurred by a Gaussian whose sigma is a share of the longer side."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma_share * max(rgb.shape[:2])), np.uint8)


def underexposed(rgb: NDArray[np.uint8], stops: float = 2.0) -> NDArray[np.uint8]:
    """As if `stops` less light had fallen on all of it, with the noise that comes with it."""
    light = (rgb.astype(np.float32) / 255) ** 2.2 * 2.0**-stops
    noise = np.random.default_rng(int(rgb[::7, ::7].sum()) % 2**32).normal(0, 1.2, rgb.shape)
    return np.asarray(np.clip(np.round(light ** (1 / 2.2) * 255 + noise), 0, 255), np.uint8)


def overexposed(rgb: NDArray[np.uint8], stops: float = 1.8) -> NDArray[np.uint8]:
    """As if `stops` more light had fallen on it: what was light is white."""
    light = (rgb.astype(np.float32) / 255) ** 2.2 * 2.0**stops + 0.08
    return np.asarray(np.clip(np.round(np.clip(light, 0, 1) ** (1 / 2.2) * 255), 0, 255), np.uint8)


def enlarged(rgb: NDArray[np.uint8], times: float = 3.5) -> NDArray[np.uint8]:
    """Made `times` smaller and large again: the size stays, the detail goes."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (round(width / times), round(height / times)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def resized(rgb: NDArray[np.uint8], times: float) -> NDArray[np.uint8]:
    """`times` as large."""
    size = (round(rgb.shape[1] * times), round(rgb.shape[0] * times))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if times < 1 else cv2.INTER_CUBIC), np.uint8)


def bordered(rgb: NDArray[np.uint8], colour: Colour, width_share: float = 0.025) -> NDArray[np.uint8]:
    """With a frame of one colour laid over its edges, `width_share` of the shorter side wide."""
    wide = max(2, round(width_share * min(rgb.shape[:2])))
    framed = np.full_like(rgb, colour)
    framed[wide:-wide, wide:-wide] = rgb[wide:-wide, wide:-wide]
    return framed


def lettered(rgb: NDArray[np.uint8], words: str, colour: Colour, place: str = "top") -> NDArray[np.uint8]:
    """With `words` laid over it in white on a flat banner: at the `top` or `bottom`, or as a badge in a `corner`."""
    height, width = rgb.shape[:2]
    image = Image.fromarray(np.ascontiguousarray(rgb))
    draw = ImageDraw.Draw(image)
    unit = min(rgb.shape[:2])
    if place == "corner":
        reach = 0.15 * unit
        middle = (0.04 * unit + reach, height - 0.04 * unit - reach)
        draw.ellipse((middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach), fill=colour)
        tall = min(0.09 * unit, 2.6 * reach / max(1, len(words)))
    else:
        tall = min(0.065 * unit, 1.5 * width / max(1, len(words)))
        middle = (width / 2, 0.06 * unit if place == "top" else height - 0.06 * unit)
        draw.rectangle((0, middle[1] - 0.06 * unit, width, middle[1] + 0.06 * unit), fill=colour)
    text(draw, middle, words, tall, (255, 255, 255))
    return np.asarray(image)


def grayscale(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without colour, still with three channels."""
    return np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2).astype(np.uint8)


def placeholder(size: tuple[int, int], words: str = "No image available") -> NDArray[np.uint8]:
    """The grey tile with a camera that shops show where a picture is missing; `size` is width, height."""
    width, height = size
    image = Image.new("RGB", size, (238, 238, 238))
    draw = ImageDraw.Draw(image)
    x, y, unit = width / 2, height * 0.44, min(size) / 10
    ink = (176, 176, 176)
    draw.rounded_rectangle((x - 1.6 * unit, y - unit, x + 1.6 * unit, y + 1.1 * unit), unit * 0.25, fill=ink)
    draw.rectangle((x - 0.6 * unit, y - 1.35 * unit, x + 0.6 * unit, y - 0.9 * unit), fill=ink)
    draw.ellipse((x - 0.75 * unit, y - 0.7 * unit, x + 0.75 * unit, y + 0.8 * unit), fill=(238, 238, 238))
    draw.ellipse((x - 0.5 * unit, y - 0.45 * unit, x + 0.5 * unit, y + 0.55 * unit), fill=ink)
    text(draw, (x, y + 2.1 * unit), words, unit * 0.7, ink)
    return np.asarray(image)
