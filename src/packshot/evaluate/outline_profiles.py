"""Colours across the product's outline before a plain background, from outside to inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.lab import rgb_to_lab
from packshot.evaluate.plain_matte import plain_matte
from packshot.evaluate.segmentation import segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

    Plane = NDArray[np.float32]

MASKED = 256
"""Long side of the rung that the outline is found on, at least."""
SEEN = 800
"""Long side of the rung that colours are read from, at least; it is less than twice as large."""
POINTS = 360
"""Places along the outline that are looked at, evenly spaced."""
FEWEST = 40
OUTSIDE, INSIDE = 3, 16
"""Pixels outside and inside of the place where the ground ends."""
DEEP = 6
"""The innermost pixels, whose mean colour is the product's."""
DEPARTS = 12
"""Levels of a channel by which a pixel leaves the ground."""
SAME_GROUND = 24
"""Levels by which the ground at a place may differ from the picture's: more is a shadow or another thing."""
RIM = 2
"""Pixels of the small rung from the frame within which there is no outline."""
EACH = 5
TRAITS = EACH * (OUTSIDE + INSIDE + 1)


class Profiles(NamedTuple):
    """Colours across the outline at n places, in the order of the outline."""

    colours: Pixels
    """(n, OUTSIDE + INSIDE + 1, 3) sRGB; where the ground ends is at OUTSIDE."""
    places: Plane
    """(n, 2): x, y where the ground ends, as shares of the picture."""
    inward: Plane
    """(n, 2): the step of one pixel inward, as shares of the picture."""


def outline_profiles(picture: Picture) -> Profiles | None:
    """What lies across the outline, for `picture.once(outline_profiles)`; None without a plain ground or an outline."""
    found = picture.once(segment)
    if not found.confident:
        return None
    mask = plain_matte(picture, MASKED)
    points, normals = _outline(mask)
    if len(points) < FEWEST:
        return None
    rgb = picture.rung(SEEN)
    scale = rgb.shape[1] / mask.shape[1]
    reach = int(np.ceil(3 * scale)) + 4
    offsets = np.arange(-reach - OUTSIDE, reach + INSIDE + 1, dtype=np.float32)
    at = (points * scale)[:, None] + normals[:, None] * offsets[None, :, None]
    across = _sampled(rgb, at)
    begin, kept = _where_it_ends(across, np.array(found.colour, np.int16), reach)
    if np.count_nonzero(kept) < FEWEST:
        return None
    rows = np.flatnonzero(kept)
    columns = begin[rows, None] + np.arange(-OUTSIDE, INSIDE + 1)
    size = np.array([rgb.shape[1], rgb.shape[0]], np.float32)
    places = at[rows, begin[rows]] / size
    return Profiles(across[rows[:, None], columns], places, normals[rows] / size)


def profile_traits(colours: Pixels) -> Plane:
    """TRAITS numbers for each profile (n, OUTSIDE + INSIDE + 1, 3): how each of its colours lies to ground and product.

    How far along the line from one to the other and beyond, how far beside it, how far from either, and how much
    lighter than the ground: whatever the hues are, a fringe lies beside the line or beyond its ends.
    """
    lab = rgb_to_lab(colours.reshape(1, -1, 3)).reshape(colours.shape).astype(np.float32)
    lab[..., 0] /= 2.55
    ground = lab[:, :2].mean(axis=1, keepdims=True)
    product = lab[:, -DEEP:].mean(axis=1, keepdims=True)
    line, off = product - ground, lab - ground
    length = np.maximum(np.square(line).sum(axis=2), 25)
    along = (off * line).sum(axis=2) / length
    beside = np.linalg.norm(off - along[..., None] * line, axis=2)
    found = [
        np.clip(along, -1, 2),
        np.clip(beside / 20, 0, 3),
        np.clip(np.linalg.norm(off, axis=2) / 40, 0, 2),
        np.clip(np.linalg.norm(lab - product, axis=2) / 40, 0, 2),
        np.clip(off[..., 0] / 40, -2, 2),
    ]
    return np.concatenate(found, axis=1).astype(np.float32)


def _outline(mask: Pixels) -> tuple[Plane, Plane]:
    """x, y of places along the outlines of a mask, evenly spaced, and the directions inward, each (n, 2)."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    line = [outline[:, 0] for outline in outlines]
    if not line:
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    points = np.concatenate(line)
    height, width = mask.shape
    inner = (points >= RIM).all(axis=1) & (points[:, 0] < width - RIM) & (points[:, 1] < height - RIM)
    points = points[inner]
    points = points[np.unique(np.linspace(0, max(0, len(points) - 1), POINTS).round().astype(int))[: len(points)]]
    soft = cv2.GaussianBlur(mask, (0, 0), 2.0)
    slopes = [cv2.Sobel(soft, cv2.CV_32F, *axes)[points[:, 1], points[:, 0]] for axes in ((1, 0), (0, 1))]
    normals = np.stack(slopes, axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    return points.astype(np.float32) + 0.5, normals.astype(np.float32)


def _sampled(rgb: Pixels, at: Plane) -> Pixels:
    """Colours at places (n, m, 2) in pixels, between pixels; the rim goes on beyond the frame."""
    x, y = (np.ascontiguousarray(at[..., axis] - 0.5, dtype=np.float32) for axis in (0, 1))
    found = cv2.remap(rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.uint8)


def _where_it_ends(across: Pixels, ground: NDArray[np.int16], reach: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """At which sample each line from outside leaves the ground, and whether it begins on the ground and does leave."""
    levels = across.astype(np.int16)
    begins = np.median(levels[:, :4], axis=1).astype(np.int16)
    gone = np.abs(levels - begins[:, None]).max(axis=2) > DEPARTS
    gone[:, :-1] &= gone[:, 1:]
    gone[:, :OUTSIDE] = False
    first = gone.argmax(axis=1)
    on_ground = np.abs(begins - ground).max(axis=1) <= SAME_GROUND
    return first, gone.any(axis=1) & on_ground & (first <= 2 * reach + OUTSIDE)
