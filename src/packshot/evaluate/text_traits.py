"""What tells text laid over a picture from text printed on what it shows: numbers about each line and its ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.contacts import contacts
from packshot.evaluate.promotional_words import prices, promotional_words
from packshot.evaluate.segmentation import RUNG, segment
from packshot.evaluate.text_reading import rung_for, straightened
from packshot.evaluate.text_strokes import STROKES, strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.evaluate.segmentation import Segmentation
    from packshot.evaluate.text_boxes import TextBox
    from packshot.evaluate.text_reading import Reading
    from packshot.media.picture import Picture, Pixels

LINE_PX = 40
"""Height to which a line is brought; smaller ones stay as they are."""
LONGEST = 12
"""A longer line is looked at along this many of its heights, from its middle."""
LEVEL_DEGREES = 3
"""A line tilted by less is level."""
LEAST_PIXELS = 12
"""Of fewer pixels of letters, or of their ground, no colour is told."""
MARGIN = 0.6
"""Width of the surroundings that are looked at, as a share of the line's height."""
BELIEVED = 0.7
"""Confidence of a reading from which on what it says speaks for a seller's hand: a price, a claim of rights. By
judgement: no data is on record that set it; the head of `training/overlay_text.md` learnt with it."""

TRAITS = (
    *("detector_score", "reading_confidence", "letters", "digits_share", "capitals_share"),
    *("price", "promotion", "contact", "claim"),
    *("height_share", "length_share", "drawn_out", "tilt", "standing", "level"),
    *("from_frame", "from_middle_x", "middle_y", "lines", "lines_alike_share", "lines_level_share"),
    *("contrast", "ink_share", "ink_spread", "ink_trend", "ink_chroma", "ink_extreme", "edge", "edge_best"),
    *("ground_spread", "ground_trend", "ground_grain", "around_spread", "around_step", "picture_grain"),
    *("told", "on_product", "on_background", "around_product", "around_background", "apart", "alone"),
    *STROKES,
)
"""The numbers given for each line, in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One line, straightened, with its surroundings."""

    light: NDArray[np.float32]
    """(h, w) luma, 0 to 255, of the line and its margin."""
    colour: NDArray[np.float32]
    """(h, w, 2) a and b of 8-bit Lab, less 128."""
    inside: NDArray[np.bool_]
    """What of it is the line's own box."""
    ink: NDArray[np.bool_]
    """The letters, within the box."""
    height: float
    """Of the line, in pixels."""


def traits(picture: Picture, boxes: Sequence[TextBox], readings: Sequence[Reading]) -> NDArray[np.float32]:
    """One row of TRAITS for each box, (n, len(TRAITS)).

    Lettering that was laid over is flat, crisp and level, lies on the ground or crosses the product's outline, and its
    ink does not follow the light; print on a product does. None of them decides alone: see `overlay_text.py`.
    """
    told = picture.once(segment)
    grain = _grain(picture.luma_rung(512).astype(np.float32))
    heights = np.array([box.height for box in boxes])
    level = np.array([box.tilt < LEVEL_DEGREES for box in boxes])
    rows = []
    for box, reading in zip(boxes, readings, strict=True):
        line = _line(picture, box)
        alike = float(np.mean((heights > 0.7 * box.height) & (heights < 1.4 * box.height)))
        rows.append(
            [
                *_said(reading, box),
                *_placed(picture, box),
                *(np.log1p(len(boxes)), alike, float(level.mean())),
                *_drawn(line),
                grain,
                *_beside(picture, told, box),
                *strokes(line.light, line.colour, line.inside, line.height),
            ]
        )
    return np.asarray(rows, np.float32).reshape(-1, len(TRAITS))


def _said(reading: Reading, box: TextBox) -> list[float]:
    letters = [one for one in reading.text if one.isalnum()]
    number = max(1, len(letters))
    text = reading.text if reading.confidence >= BELIEVED else ""
    return [
        box.score,
        reading.confidence,
        float(np.log1p(len(letters))),
        sum(one.isdigit() for one in letters) / number,
        sum(one.isupper() for one in letters) / number,
        float(bool(prices(text))),
        float(bool(promotional_words(text))),
        float(bool(contacts(text))),
        float("\u00a9" in text or "copyright" in text.casefold()),
    ]


def _placed(picture: Picture, box: TextBox) -> list[float]:
    width, height = picture.width, picture.height
    short = min(width, height)
    low, high = box.corners.min(axis=0), box.corners.max(axis=0)
    gaps = (*low.tolist(), width - float(high[0]), height - float(high[1]))
    middle = (low + high) / 2
    return [
        float(np.log(max(box.height, 1) / short)),
        float(np.log(max(box.length, 1) / short)),
        float(np.log(max(box.length, 1) / max(box.height, 1))),
        box.tilt / 45,
        float(box.standing),
        float(box.tilt < 1),
        max(0.0, min(gaps)) / short,
        abs(float(middle[0]) / width - 0.5),
        float(middle[1]) / height,
    ]


def _line(picture: Picture, box: TextBox) -> _Line:
    rgb, times = rung_for(picture, box.height, LINE_PX)
    corners = box.corners * times
    right, down = corners[1] - corners[0], corners[3] - corners[0]
    length, height = float(np.linalg.norm(right)), max(float(np.linalg.norm(down)), 1.0)
    right, down = right / max(length, 1.0), down / height
    middle = corners.mean(axis=0)
    half = min(length, LONGEST * height) / 2 + MARGIN * height
    tall = height / 2 + MARGIN * height
    grown = np.stack(
        [
            middle - right * half - down * tall,
            middle + right * half - down * tall,
            middle + right * half + down * tall,
            middle - right * half + down * tall,
        ]
    )
    wide, high = max(8, round(2 * half)), max(8, round(2 * tall))
    crop = straightened(rgb, grown.astype(np.float32), wide, high)
    lab = cv2.cvtColor(crop, cv2.COLOR_RGB2LAB).astype(np.float32)
    margin = round(MARGIN * height)
    inside = np.zeros((high, wide), np.bool_)
    inside[margin : high - margin, margin : wide - margin] = True
    return _Line(lab[..., 0], lab[..., 1:] - 128, inside, _ink(lab, inside), height)


def _ink(lab: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The letters.

    Of the two parts of the box along the direction in which its colours differ most, the one that touches the box's
    own upper and lower edge less.
    """
    pixels = lab[inside]
    if len(pixels) < 16:  # noqa: PLR2004 - too few to tell anything
        return np.zeros(inside.shape, np.bool_)
    mean = pixels.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((pixels - mean).T))
    along = (lab - mean) @ axes[:, -1]
    low, high = np.percentile(along[inside], (2, 98)).tolist()
    levels = np.clip((along - low) / max(high - low, 1e-3) * 255, 0, 255).astype(np.uint8)
    bound, _ = cv2.threshold(levels[inside][:, None], 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    first = (levels > bound) & inside
    rows = np.flatnonzero(inside.any(axis=1))
    edge = np.zeros_like(inside)
    edge[[rows[0], rows[-1]]] = True
    edge &= inside
    letters = first if first[edge].mean() < 0.5 else inside & ~first  # noqa: PLR2004 - half
    return np.asarray(letters, np.bool_)


def _drawn(line: _Line) -> list[float]:
    """How the letters and their ground look."""
    square = np.ones((3, 3), np.uint8)
    ink = line.ink.astype(np.uint8)
    core = cv2.erode(ink, square).astype(bool)
    core = core if core.sum() >= LEAST_PIXELS else line.ink  # thin letters have no core
    ground = line.inside & ~cv2.dilate(ink, square).astype(bool)
    around = ~cv2.dilate(line.inside.astype(np.uint8), square).astype(bool)
    if not core.any() or ground.sum() < LEAST_PIXELS:
        return [0.0] * 13
    inks, grounds = line.light[core], line.light[ground]
    ink_level, ground_level = float(np.median(inks)), float(np.median(grounds))
    ink_colour, ground_colour = np.median(line.colour[core], axis=0), np.median(line.colour[ground], axis=0)
    contrast = float(np.hypot(ink_level - ground_level, np.linalg.norm(ink_colour - ground_colour)))
    slopes = cv2.morphologyEx(line.light, cv2.MORPH_GRADIENT, square)[line.inside]
    steepest = max(abs(ink_level - ground_level), 8.0)
    around_level = float(np.median(line.light[around])) if around.any() else ground_level
    around_colour = np.median(line.colour[around], axis=0) if around.any() else ground_colour
    step = float(np.hypot(around_level - ground_level, np.linalg.norm(around_colour - ground_colour)))
    return [
        contrast / 255,
        float(line.ink.sum() / max(1, line.inside.sum())),
        _spread(inks) / 32,
        _trend(line.light, core) / 32,
        float(np.linalg.norm(ink_colour)) / 128,
        abs(ink_level - 127.5) / 127.5,
        float(np.clip(np.percentile(slopes, 85) / steepest, 0, 3)),
        float(np.clip(np.percentile(slopes, 97) / steepest, 0, 3)),
        _spread(grounds) / 32,
        _trend(line.light, ground) / 32,
        _grain(line.light, ground),
        _spread(line.light[around]) / 32 if around.any() else 0.0,
        step / 255,
    ]


def _spread(values: NDArray[np.float32]) -> float:
    """Half the distance between the 10th and the 90th percentile."""
    low, high = np.percentile(values, (10, 90)).tolist()
    return float(high - low) / 2


def _trend(light: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    """Largest difference of the medians of the three thirds of a line."""
    medians = [
        float(np.median(part[told]))
        for part, told in zip(np.array_split(light, 3, axis=1), np.array_split(mask, 3, axis=1), strict=True)
        if told.any()
    ]
    return max(medians) - min(medians) if medians else 0.0


def _grain(light: NDArray[np.float32], mask: NDArray[np.bool_] | None = None) -> float:
    """Mean step between a pixel and the mean of its neighbours, 0 to 1: 1 stands for 4 levels and more."""
    if min(light.shape) < 3:  # noqa: PLR2004 - no neighbours
        return 0.0
    steps = np.abs(light - cv2.blur(light, (3, 3)))
    return float(min(4.0, np.mean(steps if mask is None else steps[mask]))) / 4


def _beside(picture: Picture, told: Segmentation, box: TextBox) -> list[float]:
    """How the box lies to the product and the background, where these are told."""
    height, width = told.product.shape
    scale = np.array([width / picture.width, height / picture.height], np.float32)
    corners = box.corners * scale
    own = _filled((height, width), corners)
    tall = box.height * RUNG / max(picture.width, picture.height)
    reach = max(1, round(MARGIN * tall))
    near = cv2.dilate(own, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) - own
    whole = max(1, cv2.countNonZero(own))
    ring = max(1, cv2.countNonZero(near))
    product, background = told.product, told.background
    parts, labels, stats, _ = cv2.connectedComponentsWithStats(product)
    number = _part_under(labels, own, parts)
    area = float(stats[number, cv2.CC_STAT_AREA]) if number else 0.0
    largest = float(stats[1:, cv2.CC_STAT_AREA].max()) if parts > 1 else 0.0
    sure = told.confidence
    return [
        sure,
        sure * cv2.countNonZero(cv2.bitwise_and(own, product)) / whole,
        sure * cv2.countNonZero(cv2.bitwise_and(own, background)) / whole,
        sure * cv2.countNonZero(cv2.bitwise_and(near, product)) / ring,
        sure * cv2.countNonZero(cv2.bitwise_and(near, background)) / ring,
        sure * float(area < largest),
        sure * float(np.clip(whole / max(area, 1.0), 0, 1)),
    ]


def _filled(shape: tuple[int, int], corners: NDArray[np.float32]) -> Pixels:
    mask: Pixels = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return mask


def _part_under(labels: cv2.typing.MatLike, own: Pixels, parts: int) -> int:
    """The part of the product that most of the box lies on; 0 for none."""
    counts = np.bincount(labels[own > 0], minlength=parts)
    counts[0] = 0
    return int(counts.argmax()) if counts.any() else 0
