"""What lines of text say: crops, the text recogniser, and the decoding of what it gives."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.planes import planes
from packshot.models import desk
from packshot.models.cache import verified_path
from packshot.models.metadata import metadata_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.evaluate.text_boxes import TextBox
    from packshot.media.picture import Picture, Pixels

RECOGNISER = "ppocr-rec-tiny"
HEIGHT, NARROWEST, WIDEST, STEP = 48, 64, 960, 64
"""Pixels of what the recogniser takes: its height, and widths between two bounds in steps: lines share a run."""
MOST_LETTERS = 200
"""Letters of one line that are kept."""
AT_ONCE = 16
"""Lines in one run."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says."""

    text: str
    """Without control characters; empty where nothing was read."""
    confidence: float
    """Mean probability of its letters, 0 to 1."""


def read(picture: Picture, boxes: Sequence[TextBox]) -> list[Reading]:
    """What each of `boxes` says. Lines that stand are read both ways, and the surer one is taken.

    Each line is cut out along its box, brought to 48 pixels of height, padded to the next of a few widths, and read
    together with the others of that width. The answer is decoded as CTC does (A. Graves and others, 2006): the
    likeliest letter of each step, repeats and blanks dropped.
    """
    crops = [(number, crop) for number, box in enumerate(boxes) for crop in _crops(picture, box)]
    by_width: dict[int, list[tuple[int, Pixels]]] = {}
    for number, crop in crops:
        by_width.setdefault(_padded(crop.shape[1]), []).append((number, crop))
    readings = [Reading("", 0.0)] * len(boxes)
    for width, these in sorted(by_width.items()):
        for start in range(0, len(these), AT_ONCE):
            part = these[start : start + AT_ONCE]
            for (number, _), reading in zip(part, _run([crop for _, crop in part], width), strict=True):
                if reading.confidence > readings[number].confidence:
                    readings[number] = reading
    return readings


def straightened(rgb: Pixels, corners: NDArray[np.float32], width: int, height: int) -> Pixels:
    """What lies in a turned box, (height, width, 3), read from left to right."""
    to = np.array([[0, 0], [width, 0], [width, height]], np.float32)
    move = cv2.getAffineTransform(np.ascontiguousarray(corners[:3]), to)
    crop = cv2.warpAffine(rgb, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)


def _crops(picture: Picture, box: TextBox) -> list[Pixels]:
    width = int(np.clip(round(HEIGHT * box.length / max(box.height, 1.0)), 8, WIDEST))
    rgb, times = rung_for(picture, box.height, HEIGHT)
    crop = straightened(rgb, box.corners * times, width, HEIGHT)
    return [crop, np.ascontiguousarray(crop[::-1, ::-1])] if box.standing else [crop]


def rung_for(picture: Picture, height: float, wanted: int) -> tuple[Pixels, NDArray[np.float32]]:
    """The smallest rung on which a line `height` native pixels high has `wanted`, and what native x, y become by."""
    rungs = picture.ladder()
    index = int(np.clip(np.floor(np.log2(max(height, 1.0) / wanted)), 0, len(rungs) - 1))
    rgb = rungs[index]
    return rgb, np.array([rgb.shape[1] / picture.width, rgb.shape[0] / picture.height], np.float32)


def _padded(width: int) -> int:
    return min(WIDEST, max(NARROWEST, -(-width // STEP) * STEP))


def _run(crops: list[Pixels], width: int) -> list[Reading]:
    lines = np.zeros((len(crops), 3, HEIGHT, width), np.float32)  # nought, the middle of the range, is its padding
    for number, crop in enumerate(crops):
        lines[number, :, :, : crop.shape[1]] = planes(crop, 127.5, 1, blue_first=True)[0]
    (chances,) = desk.run(RECOGNISER, lines)
    best = chances.argmax(axis=2)
    sure = np.take_along_axis(chances, best[:, :, None], axis=2)[:, :, 0]
    return [_decoded(codes, chance) for codes, chance in zip(best, sure, strict=True)]


def _decoded(codes: NDArray[np.int64], sure: NDArray[np.float32]) -> Reading:
    kept = (codes != 0) & np.concatenate([[True], codes[1:] != codes[:-1]])
    if not kept.any():
        return Reading("", 0.0)
    letters = characters()
    text = "".join(letters[code] for code in codes[kept].tolist() if code < len(letters))
    return Reading(plain(text)[:MOST_LETTERS], float(np.clip(np.mean(sure[kept], dtype=np.float64), 0, 1)))


def plain(text: str) -> str:
    """The text without control and format characters, in composed form, with single spaces."""
    shown = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in unicodedata.normalize("NFC", text))
    return " ".join(shown.split())


@cache
def characters() -> tuple[str, ...]:
    """What each number of the recogniser stands for: the blank first, the space last."""
    listed = metadata_of(verified_path(RECOGNISER))["character"].split("\n")
    return ("", *listed, " ")
