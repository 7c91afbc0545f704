"""Where something is laid over the picture: the column `overlay_boxes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from exam import Asked, Bound, Data, Exam, Item, Kind, Sense
from second_base import DATA, HELD_OUT
from second_overlay_set import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Box

CELLS = 400
"""Cells on each side of the grid that areas are counted on."""
FOUND = Bound(0.5, "what is counted as found", Sense.AT_LEAST)


def area(boxes: tuple[Box, ...]) -> np.ndarray:
    """Which cells of the picture lie in a box."""
    grid = np.zeros((CELLS, CELLS), bool)
    for x, y, w, h in boxes:
        down, across = (
            [round(a * CELLS), max(round(a * CELLS) + 1, round((a + b) * CELLS))] for a, b in ((y, h), (x, w))
        )
        grid[down[0] : down[1], across[0] : across[1]] = True
    return grid


def iou(found: tuple[Box, ...], truth: tuple[Box, ...]) -> float:
    """Intersection over union of the areas of two sets of boxes."""
    one, other = area(found), area(truth)
    whole = np.count_nonzero(one | other)
    return float(np.count_nonzero(one & other) / whole) if whole else 1.0


def items(asked: Asked) -> Iterator[Item]:
    """Every picture that has something laid over it."""
    for one in seen(asked):
        if one.boxes:
            score = iou(one.found, one.boxes)
            yield Item(
                id=one.id,
                slice=one.kind,
                score=score,
                baselines={"the whole picture": iou(((0.0, 0.0, 1.0, 1.0),), one.boxes)},
                group=one.group,
                picture=one.data,
                overlay=one.overlay,
            )


EXAM = Exam(
    title="Where something is laid over the picture: IoU of the boxes' areas",
    kind=Kind.LEVEL,
    items=items,
    data=(*DATA, Data("pieces laid over them (second generator)", "own", synthetic=True)),
    bound=FOUND,
    set_on=HELD_OUT,
    baselines={"the whole picture": Sense.AT_LEAST},
    about="A frame has four boxes, one for each of its bars. What is laid over a packshot may touch print.",
)
