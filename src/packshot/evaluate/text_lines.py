"""The lines of text in a picture: where they are, what they say, how likely each was laid over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.overlay_text import laid_over
from packshot.evaluate.screens import spares_text
from packshot.evaluate.segmentation import segment
from packshot.evaluate.text_boxes import text_boxes
from packshot.evaluate.text_reading import read
from packshot.evaluate.text_traits import traits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from packshot.evaluate.text_boxes import TextBox
    from packshot.media.picture import Picture

LEAST_CONFIDENCE, LEAST_LETTERS = 0.8, 3
"""A line counts as read from this confidence and this many letters or digits on: the detector alone lights up on folds,
seams and leaves, and what is read there is short or unsure. By judgement: no data is on record that set the two."""
IDEOGRAPHS = "\u3040", "\u9fff"
"""First and last of the characters that are words by themselves: two of them are enough."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    box: tuple[float, float, float, float]
    """x, y, w, h of the upright box around it, as shares of the picture."""
    corners: tuple[tuple[float, float], ...]
    """Of the turned box, as shares."""
    text: str
    confidence: float
    """In the reading, 0 to 1."""
    overlay: float
    """How likely it was laid over the picture, 0 to 1."""
    on_plain: bool
    """Whether most of its surroundings are plain background."""

    @property
    def is_read(self) -> bool:
        """Whether the text is to be believed."""
        letters = sum((2 if IDEOGRAPHS[0] <= one <= IDEOGRAPHS[1] else 1) for one in self.text if one.isalnum())
        return self.confidence >= LEAST_CONFIDENCE and letters >= LEAST_LETTERS


def text_lines(picture: Picture) -> tuple[Line, ...]:
    """The lines of a picture, from top to bottom; lines that could not be read have an unsure text, or none.

    A picture that the screen spares has none.
    """
    if spares_text(picture):
        return ()
    boxes = text_boxes(picture)
    readings = read(picture, boxes)
    size = picture.width, picture.height
    told = laid_over(traits(picture, boxes, readings))
    return tuple(
        Line(
            box.upright(*size),
            tuple((float(x), float(y)) for x, y in np.clip(box.corners / size, 0, 1)),
            reading.text,
            reading.confidence,
            overlay,
            _on_plain(picture, box),
        )
        for box, reading, overlay in zip(boxes, readings, told, strict=True)
        if _has_area(box, size)
    )


def area_share(lines: Iterable[Line]) -> float:
    """Share of the picture that the lines' turned boxes cover together, to a 256th of each side."""
    canvas = np.zeros((256, 256), np.uint8)
    for line in lines:
        cv2.fillPoly(canvas, [np.round(np.asarray(line.corners) * 255).astype(np.int32)], 1)
    return cv2.countNonZero(canvas) / canvas.size


def _has_area(box: TextBox, size: tuple[int, int]) -> bool:
    _, _, width, height = box.upright(*size)
    return width > 0 and height > 0


PLAIN_FROM = 0.7
"""Share of the frame around a line that must be background for it to lie on plain background. By judgement: no data is
on record that set it."""


def _on_plain(picture: Picture, box: TextBox) -> bool:
    """Whether the surroundings of a box, as wide as half its height, are background wherever it is told."""
    told = picture.once(segment)
    if not told.confident:
        return False
    height, width = told.background.shape
    corners = box.corners * np.array([width / picture.width, height / picture.height], np.float32)
    own: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
    cv2.fillPoly(own, [np.round(corners).astype(np.int32)], 1)
    reach = max(1, round(0.5 * box.height * width / picture.width))
    near = cv2.dilate(own, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) - own
    ring = cv2.countNonZero(near)
    return ring > 0 and cv2.countNonZero(cv2.bitwise_and(near, told.background)) >= PLAIN_FROM * ring
