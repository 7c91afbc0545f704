"""How much of the picture's resolution is real, and not made by enlarging."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.tiles import textured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

PATCH_SIDES = (128, 64)
PATCHES = 4
BANDS = 32
"""Bands of spatial frequency from 0 to half a cycle per pixel."""
FADED_DB = 15.0
"""Fall of the gradient spectrum that counts as its end."""
LEAST_TEXTURE = 1.0
"""Mean luma step across plus mean step down below which a patch says nothing."""
LEAST_POWER_DB = 0.0
"""Mean gradient power below which the rounding to 8 bits would be taken for the end."""
LARGEST_REPEAT = 8
REPEATED_REST = 0.4
"""Steps between the repeats, as a part of those at them, below which pixels count as repeated."""


class EffectiveResolution(Measure):
    """Share of the picture's resolution that carries detail: 1 when native, about 0.5 when enlarged to twice the size.

    Method: the luma gradient spectrum (power times frequency squared, nearly level in natural pictures) along the rows
    and columns of up to four textured native patches; the noise floor is subtracted, and the share is where the spectrum first stays 15 dB below
    its low frequencies. Enlarging by pixel repetition leaves no such end; it is seen by steps that come only at every
    2nd to 8th pixel.

    Blind spots: optical blur, strong noise reduction and compression end the spectrum as well: below 1 says "the
    pixels hold no more than this", not who is to blame. Factors below 1.5 can hardly be told from a soft lens. Text
    that was laid over an enlarged picture hides it. No answer without texture or below 64 pixels.
    """

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
    """Square patches with the most texture, all of one size, at most four."""
    fitting = [side for side in PATCH_SIDES if side <= min(picture.width, picture.height)]
    if not fitting:
        return []
    side = fitting[0]
    found = []
    for tile in picture.once(textured):
        for top in _places(tile.luma.shape[0], side):
            for left in _places(tile.luma.shape[1], side):
                patch = tile.luma[top : top + side, left : left + side]
                steps = (cv2.norm(patch[1:], patch[:-1], cv2.NORM_L1) + cv2.norm(patch[:, 1:], patch[:, :-1], cv2.NORM_L1)) / side**2
                if steps >= LEAST_TEXTURE:
                    found.append((steps, patch))
    found.sort(key=lambda item: -item[0])
    return [patch for _, patch in found[:PATCHES]]


def _places(length: int, side: int) -> list[int]:
    """Where patches begin along a side: as many as fit, spread evenly from the middle."""
    count = length // side
    return [round((length - count * side) / 2) + side * index for index in range(count)]


@cache
def _window(side: int) -> NDArray[np.float32]:
    """A Hann window over the columns, (1, side)."""
    return np.hanning(side).astype(np.float32)[None, :]


def _spectrum_end(patches: list[Pixels]) -> float | None:
    side = patches[0].shape[0]
    lines = np.concatenate([view for patch in patches for view in (patch, patch.T)]).astype(np.float32)
    lines = (lines - cv2.reduce(lines, 1, cv2.REDUCE_AVG)) * _window(side)
    waves = cv2.dft(lines, flags=cv2.DFT_ROWS | cv2.DFT_COMPLEX_OUTPUT)[:, 1 : side // 2 + 1].reshape(len(lines), -1)
    power = cv2.reduce(cv2.multiply(waves, waves), 0, cv2.REDUCE_AVG).reshape(-1, 2).sum(axis=1, dtype=np.float64)
    spectrum = np.maximum(power - power[-3:].mean(), 0) * (np.arange(1, power.size + 1) / side) ** 2
    bands = spectrum.reshape(BANDS, -1).mean(axis=1)
    start = bands[1:6].mean()
    import os
    if os.environ.get("DBG"): print("START",10*np.log10(start+1e-9))
    if 10 * np.log10(start + 1e-9) < LEAST_POWER_DB:
        return None
    smooth = np.convolve(np.pad(bands, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    level = 10 * np.log10(smooth / start + 1e-9)
    below = np.flatnonzero((level[:-1] < -FADED_DB) & (level[1:] < -FADED_DB))
    if below.size == 0 or below[0] == 0:
        return 1.0
    end = int(below[0])
    part = (level[end - 1] + FADED_DB) / (level[end - 1] - level[end])
    return min(1.0, float(end - 0.5 + part) / (BANDS - 1.5))


def _repetition(patches: list[Pixels]) -> int:
    """The factor by which pixels are repeated across and down; 1 when they are not."""
    patch = patches[0]
    steps = (cv2.absdiff(patch[:, 1:], patch[:, :-1]), cv2.absdiff(patch[1:], patch[:-1]))
    factors = [
        _period(cv2.reduce(step, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()) for axis, step in enumerate(steps)
    ]
    return factors[0] if factors[0] == factors[1] else 1


def _period(profile: cv2.typing.MatLike) -> int:
    """The largest period at which nearly all steps of the profile come at one place; 1 when there is none."""
    rests = {}
    for period in range(2, LARGEST_REPEAT + 1):
        place = np.arange(profile.size) % period
        means = np.bincount(place, profile, period) / np.bincount(place, minlength=period)
        rests[period] = (means.sum() - means.max()) / ((period - 1) * means.max() + 1e-9)
    least = min(rests.values())
    # A multiple of the true period has steps at two places or more, and so a larger rest.
    return max(period for period, rest in rests.items() if rest <= least + 0.1) if least < REPEATED_REST else 1
