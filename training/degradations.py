"""Spoils pictures in known ways, at strengths from 0 (hardly anything) to 1 (ruined): the ground truth of quality.

`spoil(rgb, "noise", 0.4, seed)`: one seed is one way of spoiling (a direction, a kernel, a tint, a grain), so that with
one seed a larger strength is always worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Floats = NDArray[np.float32]
    Spoil = Callable[[Pixels, float, np.random.Generator], Pixels]

SHRINKS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
GROWS = (cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


def spoil(rgb: Pixels, kind: str, strength: float, seed: int) -> Pixels:
    """The picture (h, w, 3), spoiled in one of KINDS; of the same size."""
    return KINDS[kind](rgb, float(strength), np.random.default_rng(seed))


def _between(low: float, high: float, strength: float) -> float:
    """Evenly in the logarithm: each step of strength is about as visible as the next."""
    return float(low * (high / low) ** strength)


def _levels(values: NDArray[np.floating]) -> Pixels:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _filtered(rgb: Pixels, kernel: Floats) -> Pixels:
    kernel = kernel / kernel.sum()
    return np.asarray(cv2.filter2D(rgb, -1, kernel, borderType=cv2.BORDER_REFLECT_101), np.uint8)


def gaussian_blur(rgb: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """σ of 0.4 to 6 pixels."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), _between(0.4, 6, strength)), np.uint8)


def motion_blur(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """A straight path of 1.5 to 25 pixels in any direction."""
    length, angle = _between(1.5, 25, strength), rng.uniform(0, np.pi)
    half = int(np.ceil(length / 2)) + 1
    fine = 8  # the path is drawn finer than the pixels, so that its length may be any
    size = (2 * half + 1) * fine
    kernel = np.zeros((size, size), np.float32)
    reach = length * fine / 2 * np.array([np.cos(angle), np.sin(angle)])
    begin, end = (np.rint(size / 2 + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0, fine // 2)
    return _filtered(rgb, cv2.resize(kernel, (2 * half + 1,) * 2, interpolation=cv2.INTER_AREA).astype(np.float32))


def defocus_blur(rgb: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """A disc with a radius of 0.6 to 10 pixels."""
    radius = _between(0.6, 10, strength)
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return _filtered(rgb, np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32))


def sensor_noise(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Of each channel apart, σ of 1.5 to 45 levels, more in the light as photons have it."""
    sigma, photons = _between(1.5, 45, strength), rng.uniform(0, 1)
    grain = rng.standard_normal(rgb.shape, np.float32)
    rising = 1 - 0.5 * photons + photons * rgb.astype(np.float32) / 255
    return _levels(rgb + sigma * rising * grain)


def coloured_noise(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Blotches of some pixels, stronger in colour than in light: σ of 1.5 to 30 levels."""
    sigma, blotch, colour = _between(1.5, 30, strength), rng.uniform(0.6, 2.0), rng.uniform(0.5, 1)
    grain = cv2.GaussianBlur(rng.standard_normal(rgb.shape, np.float32), (0, 0), blotch)
    grain = grain / max(float(grain.std()), 1e-6)
    light = grain.mean(axis=2, keepdims=True)
    return _levels(rgb + sigma * (light * 1.7 * (1 - colour) + (grain - light) * 1.2 * colour))


def _coded(rgb: Pixels, kind: str, *options: int) -> Pixels:
    _, file = cv2.imencode(kind, np.ascontiguousarray(rgb[..., ::-1]), list(options))
    return np.ascontiguousarray(cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1])


def _jpeg(rgb: Pixels, quality: int, *, halved: bool) -> Pixels:
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if halved else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    return _coded(rgb, ".jpg", cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling)


def jpeg(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Quality of 92 down to 4, colours halved or not."""
    return _jpeg(rgb, round(_between(92, 4, strength)), halved=bool(rng.random() < 0.7))  # noqa: PLR2004 - most are


def double_jpeg(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Quality of 90 down to 6 twice, the second time on another grid of blocks."""
    down, right = rng.integers(1, 8, 2).tolist()
    quality, gain = round(_between(90, 6, strength)), int(rng.integers(0, 6))
    height, width = rgb.shape[:2]
    first = _jpeg(rgb, quality, halved=True)
    padded = cv2.copyMakeBorder(first, down, 0, right, 0, cv2.BORDER_REFLECT_101)
    second = _jpeg(np.asarray(padded, np.uint8), min(quality + gain, 95), halved=True)
    return np.ascontiguousarray(second[down : down + height, right : right + width])


def webp(rgb: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """Quality of 90 down to 1."""
    return _coded(rgb, ".webp", cv2.IMWRITE_WEBP_QUALITY, max(1, round(_between(91, 2, strength) - 1)))


def resized_up(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Made 1.25 to 8 times smaller and large again, by kernels of any kind."""
    factor, shrink, grow = _between(1.25, 8, strength), int(rng.choice(SHRINKS)), int(rng.choice(GROWS))
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (max(1, round(width / factor)), max(1, round(height / factor))), interpolation=shrink)
    return np.asarray(cv2.resize(small, (width, height), interpolation=grow), np.uint8)


def over_sharpened(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """An unsharp mask of 0.5 to 8 times what a radius of 0.7 to 2.5 pixels takes away."""
    radius = float(rng.uniform(0.7, 2.5))
    soft = cv2.GaussianBlur(rgb, (0, 0), radius).astype(np.float32)
    return _levels(rgb + _between(0.5, 8, strength) * (rgb - soft))


def banded(rgb: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """48 down to 3 levels for each channel."""
    step = 255 / (_between(48, 3, strength) - 1)
    return _levels(np.rint(rgb / step) * step)


def _linear(rgb: Pixels) -> Floats:
    return np.power(np.arange(256, dtype=np.float32) / 255, 2.2)[rgb]


def over_exposed(rgb: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """0.25 to 3 stops more light, clipped."""
    return _levels(255 * np.power(np.minimum(_linear(rgb) * 2 ** _between(0.25, 3, strength), 1), 1 / 2.2))


def under_exposed(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """0.3 to 5 stops less light; in half of the ways the shadows are cut off, too."""
    stops, cut = _between(0.3, 5, strength), 0.02 * strength * float(rng.random() < 0.5)  # noqa: PLR2004 - half
    return _levels(255 * np.power(np.maximum(_linear(rgb) * 2**-stops - cut, 0), 1 / 2.2))


def colour_cast(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Channels multiplied apart in linear light: up to 8 times between the strongest and the weakest."""
    hue = rng.uniform(0, 2 * np.pi)
    wheel = np.cos(hue - np.array([0, 2, 4], np.float32) * np.pi / 3)
    spread = wheel / (wheel.max() - wheel.min()) * np.log(_between(1.08, 8, strength))
    gains = np.exp(spread - spread.max() * 0.6)
    return _levels(255 * np.power(np.minimum(_linear(rgb) * gains, 1), 1 / 2.2))


def low_contrast(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """All levels drawn towards a grey, down to an eighth of their distance: haze, a washed-out scan."""
    grey = float(rng.uniform(90, 200))
    return _levels(grey + (rgb.astype(np.float32) - grey) * _between(0.92, 0.12, strength))


def smeared(rgb: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """What a denoiser that is too strong leaves: edges stay, textures go. Median or bilateral, over and over."""
    if rng.random() < 0.5:  # noqa: PLR2004 - half
        reach = _between(8, 90, strength)
        once = cv2.bilateralFilter(rgb, 7, reach, 1 + 2 * strength)
        return np.asarray(cv2.bilateralFilter(once, 7, reach, 1 + 3 * strength), np.uint8)
    side = _between(2.2, 15, strength)
    low = max(3, 2 * int((side - 1) // 2) + 1)
    part = float(np.clip((side - low) / 2, 0, 1)) if side >= low else float(np.clip((side - 1) / 2, 0, 1))
    under = rgb if side < low else cv2.medianBlur(rgb, low)
    over = cv2.medianBlur(rgb, low if side < low else low + 2)
    return np.asarray(cv2.addWeighted(under, 1 - part, over, part, 0), np.uint8)


KINDS: Mapping[str, Spoil] = {
    "gaussian blur": gaussian_blur,
    "motion blur": motion_blur,
    "defocus blur": defocus_blur,
    "sensor noise": sensor_noise,
    "coloured noise": coloured_noise,
    "jpeg": jpeg,
    "double jpeg": double_jpeg,
    "webp": webp,
    "resized up": resized_up,
    "over-sharpened": over_sharpened,
    "banded": banded,
    "over-exposed": over_exposed,
    "under-exposed": under_exposed,
    "colour cast": colour_cast,
    "low contrast": low_contrast,
    "smeared": smeared,
}
"""Kind → how it spoils: of RGB (h, w, 3), a strength of 0 to 1 and a generator of chance, the same size."""
