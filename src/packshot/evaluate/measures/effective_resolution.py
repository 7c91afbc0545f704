"""How much of the picture's resolution is real, and not made by enlarging."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.arithmetic import quantile
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import steps, textured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

PATCH_SIDES = (128, 64)
PATCHES = 3
BANDS = 24
"""Rings of spatial frequency from 0 to half a cycle per pixel."""
CENTRES = (np.arange(BANDS) + 0.5) / (2 * BANDS)
SMOOTHING = np.full(3, 1 / 3)
NATIVE_END = 0.84
"""Where the spectrum of a native picture may end already, as a share of half a cycle per pixel."""
FADED_DB = 15.0
"""Fall of the gradient spectrum that counts as its end."""
LEAST_TEXTURE = 1.0
"""Mean luma step across plus mean step down below which a patch says nothing."""
LEAST_POWER_DB = 30.0
"""Mean gradient power below which the rounding to 8 bits would be taken for the end."""
PERIODS = np.arange(2, 8)
"""Factors of repetition that are looked for; steps at every 8th pixel are the blocks of JPEG."""
FIRST_PLACES = np.append(0, np.cumsum(PERIODS)[:-1])
STEPS_EVERYWHERE = 0.55
"""Part of the repeats that must show a step."""
REPEATED_REST = 0.4
"""Steps between the repeats, as a part of those at them, below which pixels count as repeated."""


class EffectiveResolution(Measure):
    """Share of the picture's resolution that carries detail: 1 when native, about 0.5 when enlarged to twice the size.

    Method: the luma gradient spectrum (power times frequency squared, nearly level in natural pictures) of up to three
    textured native patches; the noise floor is subtracted, and the share is where the spectrum first stays 15 dB below
    its low frequencies. Enlarging by pixel repetition leaves no such end; it is seen by steps that come only at every
    2nd to 7th pixel.

    Blind spots: optical blur, strong noise reduction and compression end the spectrum as well: below 1 says "the
    pixels hold no more than this", not who is to blame. Factors below 1.5 can hardly be told from a soft lens. Text
    that was laid over an enlarged picture hides it. No answer without texture or below 64 pixels.
    """

    version = 2
    outputs = (
        Output(
            "effective_resolution_share",
            Kind.FLOAT,
            "Share of the linear resolution that holds detail, 0 to 1; null without texture.",
        ),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Find where the spectrum ends, or by which factor pixels are repeated."""
        patches = _patches(picture)
        if not patches:
            return {"effective_resolution_share": None}
        repeat = _repetition(patches)
        return {"effective_resolution_share": 1 / repeat if repeat > 1 else _spectrum_end(patches)}


def _patches(picture: Picture) -> list[Pixels]:
    """Square patches with the most texture, all of one size, at most three."""
    fitting = [side for side in PATCH_SIDES if side <= min(picture.width, picture.height)]
    if not fitting:
        return []
    side = fitting[0]
    tiles = picture.once(textured)
    across, down = picture.once(steps)
    height, width = tiles.size
    found = []
    for index in range(len(tiles)):
        for top in _places(height, side):
            for left in _places(width, side):
                y, x = top + index * height, left
                strength = cv2.sumElems(across[y : y + side, x : x + side - 1])[0]
                strength += cv2.sumElems(down[y : y + side - 1, x : x + side])[0]
                if strength >= LEAST_TEXTURE * side**2:
                    found.append((strength, tiles.stack[y : y + side, x : x + side]))
    found.sort(key=lambda item: -item[0])
    return [patch for _, patch in found[:PATCHES]]


def _places(length: int, side: int) -> list[int]:
    """Where patches begin along a side: as many as fit, spread evenly from the middle."""
    count = length // side
    return [round((length - count * side) / 2) + side * index for index in range(count)]


@cache
def _plan(side: int) -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Window (side, side); places of OpenCV's packed real spectrum by rings, where each ring begins, its size.

    Columns 2k - 1 and 2k of the packed spectrum are the real and imaginary parts at k cycles across; the first and the
    last column, which are packed another way, are left out.
    """
    taper = np.hanning(side).astype(np.float32)
    across = (np.arange(side) + 1) // 2 / side
    frequency = np.hypot(*np.meshgrid(across, np.fft.fftfreq(side)))
    frequency[:, [0, -1]] = 1
    rings = np.minimum((frequency * 2 * BANDS).astype(np.intp), BANDS).ravel()
    counts = np.bincount(rings, minlength=BANDS + 1)[:BANDS]
    order = np.argsort(rings, kind="stable")[: counts.sum()]
    return np.outer(taper, taper), order, np.append(0, np.cumsum(counts)[:-1]), counts.astype(np.float64)


def _spectrum_end(patches: list[Pixels]) -> float | None:
    side = patches[0].shape[0]
    window, order, begins, counts = _plan(side)
    total = np.zeros((side, side), np.float32)
    for patch in patches:
        level = patch.astype(np.float32)
        level -= cv2.mean(patch)[0]
        level *= window
        cv2.accumulateSquare(cv2.dft(level, level), total)
    power = np.add.reduceat(total.ravel().take(order), begins) / counts / len(patches)
    spectrum = np.maximum(power - power[-1], 0) * CENTRES**2
    start = float(spectrum[1:5].mean())
    if 10 * math.log10(start + 1e-9) < LEAST_POWER_DB:
        return None
    smooth = np.convolve(spectrum[[0, *range(BANDS), -1]], SMOOTHING, mode="valid")
    fall = 10 * np.log10(smooth / start + 1e-9)
    below = np.flatnonzero((fall[:-1] < -FADED_DB) & (fall[1:] < -FADED_DB))
    if below.size == 0 or below[0] == 0:
        return 1.0
    end = int(below[0])
    part = (fall[end - 1] + FADED_DB) / (fall[end - 1] - fall[end])
    return min(1.0, float(end - 0.5 + part) / (NATIVE_END * BANDS))


def _repetition(patches: list[Pixels]) -> int:
    """The factor by which pixels are repeated across and down; 1 when they are not."""
    patch = patches[0]
    across = _period(cv2.reduce(cv2.absdiff(patch[:, 1:], patch[:, :-1]), 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel())
    if across == 1:
        return 1
    down = _period(cv2.reduce(cv2.absdiff(patch[1:], patch[:-1]), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel())
    return across if across == down else 1


@cache
def _phases(length: int) -> NDArray[np.float32]:
    """For each period and then each place in it: the weights that give the mean of a profile there, (n, length)."""
    at = np.arange(length)
    masks = np.array([at % period == place for period in PERIODS for place in range(period)])
    return np.asarray(masks / masks.sum(axis=1, keepdims=True), dtype=np.float32)


def _period(profile: NDArray[Any]) -> int:
    """The largest period at which nearly all steps of the profile come at one place; 1 when there is none."""
    profile = np.minimum(profile, quantile(profile, 0.9))  # one strong edge must not outweigh all other steps
    if profile.min() > REPEATED_REST * profile.max():
        return 1
    means = _phases(profile.size) @ profile
    most = np.maximum.reduceat(means, FIRST_PLACES)
    rests = (np.add.reduceat(means, FIRST_PLACES) - most) / ((PERIODS - 1) * most + 1e-9)
    least = rests.min()
    if least >= REPEATED_REST:
        return 1
    # A multiple of the true period has steps at two places or more, and so a larger rest.
    found = int(PERIODS[rests <= least + 0.05].max())
    repeats = profile[: profile.size // found * found].reshape(-1, found).max(axis=1)
    # A lone edge in a flat patch has all its steps at one place, too: repeated pixels have steps at every repeat.
    return found if np.mean(repeats > 0.2 * profile.mean()) >= STEPS_EVERYWHERE else 1
