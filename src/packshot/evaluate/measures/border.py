"""How wide a frame is drawn around the picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

SAMPLES = 64
"""Points looked at along each line."""
DEEPEST = 0.3
"""Part of the side within which bars must end."""
FRAME_SHARE = 0.08
"""Part of the short side within which a frame on all sides must end: a box on a grey ground is no frame."""
ALIKE = 20
"""Levels of 0 to 255 that the colour of a frame may stray by in any channel."""
NEARLY_WHITE = 235
SPECKS = 0.05
"""Part of a line that may have another colour."""
CHUNK = 32
"""Lines read at once."""
ENDS_ALONG = 0.8
"""Part of the line along which the picture must begin where the frame ends."""


class Border(Measure):
    """Width in native pixels of a frame, or of bars at two opposite sides, of one colour that is not white.

    Method: lines are read inwards from each edge at native resolution as long as they keep the colour of the first
    one; a frame ends where, within three lines, at least 80 % of the line leaves that colour at once. A side counts
    with the lesser width of itself and its opposite; the widest such pair is given.

    Blind spots: white margins are no border; nor is a bar at one side only, a frame with a pattern, gradient or round
    corners, one wider than 8 % of the short side, or one drawn inside a margin. A box with straight edges that fills
    more than 84 % of a coloured ground looks framed. Bars before a picture of nearly their colour are missed.
    """

    outputs = (Output("border_px", Kind.INT, "Width of a frame or of opposite bars, in native pixels; 0 for none."),)

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Take the wider of the two pairs of opposite sides."""
        rgb = picture.rgb
        turned = rgb.transpose(1, 0, 2)
        pairs = ((rgb, rgb[::-1]), (turned, turned[::-1]))
        widths = []
        for one, other in pairs:
            width = _depth(one)
            widths.append(min(width, _depth(other)) if width else 0)
        return {"border_px": max(widths)}


def _depth(lines: Pixels) -> int:
    """Number of lines from the first one on that are frame; 0 when there is none."""
    reach = int(DEEPEST * lines.shape[0])
    points = _points(lines.shape[1])
    first = lines[0, points].astype(np.int16)
    colour = np.sort(first, axis=0)[len(first) // 2]
    if reach < 1 or int(colour.min()) >= NEARLY_WHITE or _leaving(first, colour) > SPECKS:
        return 0
    depth = 0
    for chunk in range(1, reach + 4, CHUNK):
        block = lines[chunk : min(chunk + CHUNK, reach + 4)][:, points].astype(np.int16)
        leaving = (np.abs(block - colour).max(axis=2) > ALIKE).mean(axis=1)
        ended = np.flatnonzero(leaving > SPECKS)
        if ended.size:
            depth = chunk + int(ended[0])
            break
    if depth == 0 or depth > reach:
        return 0
    end = lines[min(depth + 2, len(lines) - 1), points]
    if depth <= FRAME_SHARE * min(lines.shape[:2]):  # a frame's own sides lie at both ends of the line
        end = end[(points > depth) & (points < lines.shape[1] - 1 - depth)]
    return depth if len(end) and _leaving(end, colour) >= ENDS_ALONG else 0


@lru_cache(maxsize=1024)
def _points(length: int) -> NDArray[np.intp]:
    """The places looked at along a line."""
    return np.linspace(0, length - 1, min(SAMPLES, length)).round().astype(np.intp)


def _leaving(line: NDArray[np.int16] | Pixels, colour: NDArray[np.int16]) -> float:
    """Share of the line's points that do not have the colour."""
    return float((np.abs(line - colour).max(axis=1) > ALIKE).mean())
