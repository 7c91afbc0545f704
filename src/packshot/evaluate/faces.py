"""Faces in a picture: found once, for every measure that speaks of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.screens import spares_faces
from packshot.models import desk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture

MODEL = "centerface"
LONG_SIDE = 384
"""Pixels of the longer side of what the model sees."""
STEP = 32
"""The model takes sides that are multiples of it."""
CELL = 4
"""Pixels of each side of a cell of its answer."""
GROUND = 127
"""Level of what fills the sides up."""
FAINTEST = 0.3
"""Scores below it are not kept: no face of the pictures that were looked at had one."""
MIN_CONFIDENCE = 0.7
"""Score from which a box counts as a face. Of magento2's 72 mains, whose faces all show, the least has 0.87; of 960
pictures of groceries and of clothes without wearers the surest false one has 0.65; of gnomes' faces two of ten pass."""
MOST_OVERLAP = 0.3
"""Two boxes that share more of their union than this are one face."""
MOST_FACES = 100
"""Boxes kept of one picture, the surest first."""


class Face(NamedTuple):
    """One face: its box as shares of the picture, within it, and the model's score."""

    x: float
    y: float
    w: float
    h: float
    score: float


def found_faces(picture: Picture) -> tuple[Face, ...]:
    """Every face whose score is at least `FAINTEST`, the surest first; ask by `picture.once`.

    A picture so long and narrow that one side would shrink to nothing has none, and nor has one that the screen spares.
    Raises ModelError.
    """
    if spares_faces(picture):
        return ()
    shown = _shown(picture)
    if shown is None:
        return ()
    small, inputs = shown
    heat, scale, offset, _ = desk.run(MODEL, inputs)
    rows, columns = np.nonzero(heat[0, 0] >= FAINTEST)
    score = heat[0, 0, rows, columns]
    sizes = np.exp(scale[0][:, rows, columns]) * CELL
    middles = (np.stack([rows, columns]) + offset[0][:, rows, columns] + 0.5) * CELL
    near = middles - sizes / 2
    height, width = small
    top, bottom = (np.clip(side, 0, height) / height for side in (near[0], near[0] + sizes[0]))
    left, right = (np.clip(side, 0, width) / width for side in (near[1], near[1] + sizes[1]))
    boxes = np.stack([left, top, right - left, bottom - top], axis=1).astype(np.float64)
    kept = _apart(boxes, score)
    return tuple(Face._make((*boxes[one].tolist(), min(float(score[one]), 1.0))) for one in kept)


def _shown(picture: Picture) -> tuple[tuple[int, int], NDArray[np.float32]] | None:
    """Height and width of the shrunk picture, and the filled up array that the model takes; RGB, 0 to 255."""
    rung = picture.rung(LONG_SIDE)
    factor = LONG_SIDE / max(rung.shape[:2])
    height, width = (round(side * factor) for side in rung.shape[:2])
    if min(height, width) < STEP // 2:
        return None
    small = cv2.resize(rung, (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    filled = np.full((-(-height // STEP) * STEP, -(-width // STEP) * STEP, 3), GROUND, np.float32)
    filled[:height, :width] = small
    return (height, width), np.ascontiguousarray(filled.transpose(2, 0, 1)[None])


def _apart(boxes: NDArray[np.float64], score: NDArray[np.float32]) -> list[int]:
    """The numbers of the boxes that are no second box of a surer one, the surest first."""
    kept: list[int] = []
    area = boxes[:, 2] * boxes[:, 3]
    for one in np.argsort(-score, kind="stable"):
        if area[one] <= 0 or len(kept) >= MOST_FACES:
            continue
        others = boxes[kept]
        near = np.maximum(others[:, :2], boxes[one, :2])
        far = np.minimum(others[:, :2] + others[:, 2:], boxes[one, :2] + boxes[one, 2:])
        shared = np.prod(np.clip(far - near, 0, None), axis=1)
        if not np.any(shared > MOST_OVERLAP * (area[kept] + area[one] - shared)):
            kept.append(int(one))
    return kept
