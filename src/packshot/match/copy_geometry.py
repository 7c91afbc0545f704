"""Whether the points that two pictures share lie as they would in a copy: one turn, one size, one place for all."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from packshot.match.colour import LAB_BYTES
from packshot.match.copy_colours import fitted, inverse
from packshot.match.copy_overlap import overlap
from packshot.match.points import LOOK_BITS, MIRRORED, SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.match.hamming import Bytes, Rows
    from packshot.match.points import Points

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

BLOCK = 16
"""Pairs that are looked at together."""
NEAR = 36
"""Bits of 128 in which the looks of one point may differ: two that have nothing in common differ by 64."""
MATCHES = 72
"""Pairs of points of two pictures, the nearest first, of which each gives a map."""
FIRST_REACH = 8.0
"""Pixels, of 256, that a point may lie off by a shift, turn and size that one pair of points gives."""
REACHES = (6.0, 4.0, 3.0, 3.0)
"""The same by the affine map that fits those best, again and again."""
FEWEST = 12
"""Points that have to lie as in a copy; pictures that have nothing in common reach 7."""
CELLS = 16
"""Cells a side of a thumbnail."""
CELL = 4
"""Points within one square of so many pixels count once: SIFT may give a corner several directions."""
GRID = 24
"""Samples a side by which overlaps are measured."""
MOST_SQUEEZED = 1.6
"""One side of a copy against the other, times that of the original: shops do not squeeze further."""
MOST_RESIZED = 8.0
"""Times that a part shown larger, or smaller, may be."""


@dataclass(frozen=True, slots=True)
class Fits:
    """How m pairs of pictures lie over each other."""

    inliers: Rows
    """Points that lie where the map says, shape (m,)."""
    maps: Floats
    """The map from the first picture's pixels (mirrored, where the pair is) to the second's, shape (m, 3, 2)."""
    support: Floats
    """The least share, of either picture, of the points in the part that both show that lie where the map says."""
    spread: Floats
    """How far the inliers are spread over the part that both show, against all points of that part: 0 to 1 and up."""
    shown: Floats
    """The share of each picture that the other shows, shape (m, 2)."""
    sound: Flags
    """Whether the map is one that editing makes: neither folded nor squeezed beyond what shops do."""
    residual: Floats
    """How far the inliers lie off the map, in pixels: the root of the mean square."""
    delta_e: Floats
    """Mean colour difference of the inliers."""
    recoloured_delta_e: Floats
    """The same after the change of all colours that explains most of it."""
    worst_delta_e: Floats
    """The colour difference, after that change, from which on the worst tenth of the inliers lies."""
    still: Floats
    """The share of the inliers that are coloured and have the same colour in both."""
    hue: Floats
    """By how much that change turns hues, in radians."""
    chroma: Floats
    """By which factor it makes colours stronger."""
    slope: Floats
    """By which factor it makes the contrast of light and dark stronger."""
    alike: Floats
    """The share of what both show that looks the same after that change: 0 to 1."""
    veiled: Floats
    """The share of it that has nearly the same colour, by patches of 3 × 3 cells."""
    tinted: Floats
    """The same without that change."""
    edged: Floats
    """How much more of the outline of what does not look the same has an edge in both pictures than all else has."""

    def of(self, rows: Rows | Flags) -> Fits:
        """Those of some pairs."""
        return Fits(*(getattr(self, one.name)[rows] for one in fields(self)))


def fits(points: Points, thumbnails: Bytes, left: Rows, right: Rows, mirrored: Rows) -> Fits:
    """Lay the pictures `left` over the pictures `right`, as they are or `mirrored` (0 or 1), each shape (m,).

    `thumbnails` are Lab thumbnails of all pictures, shape (n, 768).

    Method: each pair of points gives a shift, turn and size by itself (both have direction and size), and the one that
    most other pairs agree with is made into the affine map that fits these best. As RANSAC does (Fischler and Bolles,
    1981), but of one point each and of all points, so nothing is left to chance.
    """
    blocks = [
        _block(points, thumbnails, left[at : at + BLOCK], right[at : at + BLOCK], mirrored[at : at + BLOCK])
        for at in range(0, left.size, BLOCK)
    ]
    if not blocks:
        return _block(points, thumbnails, *(np.empty(0, dtype=np.int64),) * 3)
    return Fits(*(np.concatenate([getattr(block, one.name) for block in blocks]) for one in fields(Fits)))


def _block(points: Points, thumbnails: Bytes, left: Rows, right: Rows, mirrored: Rows) -> Fits:
    one, two = _Side(points, left, mirrored), _Side(points, right, np.zeros_like(mirrored))
    first, second, there = _matched(one, two)
    a, b = _take(one.at, first), _take(two.at, second)
    inlier = _agreeing(one, two, (first, second, there))
    maps = np.tile(np.array([[1.0, 0], [0, 1], [0, 0]]), (left.size, 1, 1))
    for reach in REACHES:
        maps = _affine(a, b, inlier)
        inlier = there & (np.linalg.norm(_mapped(a, maps) - b, axis=2) < reach)
    count = _distinct(a, inlier)
    off = np.where(inlier, ((_mapped(a, maps) - b) ** 2).sum(axis=2), 0).sum(axis=1)
    residual = np.sqrt(off / np.maximum(inlier.sum(axis=1), 1))
    change = fitted(_take(one.lab, first), _take(two.lab, second), inlier)
    sound = _sound(maps)
    able = np.flatnonzero(sound & (count >= FEWEST))  # all else is no copy, whatever it looks like
    cells_of = thumbnails[left[able]].reshape(-1, CELLS, CELLS, 3)
    own = np.where(mirrored[able].astype(bool)[:, None, None, None], cells_of[:, :, ::-1], cells_of)
    cells = one.frame[able] / CELLS, two.frame[able] / CELLS
    both = overlap(own.reshape(able.size, LAB_BYTES), thumbnails[right[able]], maps[able], cells, change.rows(able))
    back = inverse(maps)
    in_two = one.there & _inside(_mapped(one.at, maps), two.frame)
    in_one = two.there & _inside(_mapped(two.at, back), one.frame)
    seen = np.maximum(_distinct(one.at, in_two), _distinct(two.at, in_one))
    support = count / np.maximum(seen, 1)
    spread = _extent(a, inlier) / np.maximum(np.minimum(_extent(one.at, in_two), _scaled(two.at, in_one, back)), 1.0)
    shown = np.stack([_shown(one.frame, two.frame, maps), _shown(two.frame, one.frame, back)], axis=1)
    return Fits(
        count,
        maps,
        support,
        spread,
        shown,
        sound,
        residual,
        change.plain_delta_e,
        change.delta_e,
        change.worst_delta_e,
        change.still,
        np.angle(change.factor),
        np.abs(change.factor),
        change.slope,
        *(_spread_out(values, able, left.size) for values in (both.alike, both.veiled, both.tinted, both.edged)),
    )


def _spread_out(values: Floats, places: Rows, size: int) -> Floats:
    """`values` at their `places`, zero elsewhere."""
    found = np.zeros(size)
    found[places] = values
    return found


class _Side:
    """The points of the pictures `rows`, one row each, filled up to the longest; mirrored where it is said."""

    def __init__(self, points: Points, rows: Rows, mirrored: Rows) -> None:
        begin, size = points.begin[rows], points.begin[rows + 1] - points.begin[rows]
        place = np.arange(max(1, int(size.max(initial=0))))
        self.there: Flags = place < size[:, None]
        spot = np.where(self.there, begin[:, None] + place, 0)
        if not points.looks.shape[0]:
            spot = np.empty((rows.size, 0), dtype=np.int64)
            self.there = np.empty((rows.size, 0), dtype=np.bool_)
        flip = mirrored.astype(bool)[:, None]
        self.frame: Floats = points.frame[rows].astype(np.float64)
        self.looks = np.where(flip[:, :, None], points.looks[spot] ^ MIRRORED, points.looks[spot])
        self.lab: Floats = points.lab[spot].astype(np.float64)
        at = points.at[spot].astype(np.float64)
        at[..., 0] = np.where(flip, self.frame[:, None, 0] - 1 - at[..., 0], at[..., 0])
        self.at: Floats = at
        self.size: Floats = points.size[spot].astype(np.float64)
        turn = points.turn[spot].astype(np.float64)
        self.turn: Floats = np.where(flip, np.pi - turn, turn)


def _take(values: Floats, places: Rows) -> Floats:
    index = places[..., None] if values.ndim > places.ndim else places
    return np.take_along_axis(values, index, axis=1)


def _matched(one: _Side, two: _Side) -> tuple[Rows, Rows, Flags]:
    """Points of both that are each other's nearest: places in `one` and in `two`, and which of them are there."""
    far = LOOK_BITS + 1
    apart = np.zeros((*one.there.shape, two.there.shape[1]), dtype=np.uint8)
    for word in range(one.looks.shape[2]):
        apart += np.bitwise_count(one.looks[:, :, None, word] ^ two.looks[:, None, :, word])
    apart[~(one.there[:, :, None] & two.there[:, None, :])] = far
    if 0 in apart.shape:
        none = np.zeros((one.there.shape[0], 1), dtype=np.int64)
        return none, none, np.zeros_like(none, dtype=np.bool_)
    nearest, back = apart.argmin(axis=2), apart.argmin(axis=1)
    mutual = np.take_along_axis(back, nearest, axis=1) == np.arange(apart.shape[1])
    how_near = np.where(mutual, apart.min(axis=2), far)
    first = np.argsort(how_near, axis=1, kind="stable")
    first = first[:, : max(1, int((how_near <= NEAR).sum(axis=1).max()))]
    return first, np.take_along_axis(nearest, first, axis=1), np.take_along_axis(how_near, first, axis=1) <= NEAR


def _agreeing(one: _Side, two: _Side, matched: tuple[Rows, Rows, Flags]) -> Flags:
    """Which pairs of points agree with the shift, turn and size that most agree with."""
    first, second, there = matched
    a, b = _take(one.at, first), _take(two.at, second)
    from_a, to_b = first[:, :MATCHES], second[:, :MATCHES]
    scale = _take(two.size, to_b) / _take(one.size, from_a)
    turn = _take(two.turn, to_b) - _take(one.turn, from_a)
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    shift_x = b[:, :MATCHES, 0] - cos * a[:, :MATCHES, 0] + sin * a[:, :MATCHES, 1]
    shift_y = b[:, :MATCHES, 1] - sin * a[:, :MATCHES, 0] - cos * a[:, :MATCHES, 1]
    off_x = cos[:, :, None] * a[:, None, :, 0] - sin[:, :, None] * a[:, None, :, 1] + shift_x[:, :, None]
    off_y = sin[:, :, None] * a[:, None, :, 0] + cos[:, :, None] * a[:, None, :, 1] + shift_y[:, :, None]
    off_x -= b[:, None, :, 0]
    off_y -= b[:, None, :, 1]
    agrees = (off_x**2 + off_y**2 < FIRST_REACH**2) & there[:, None, :] & there[:, :MATCHES, None]
    best = agrees.sum(axis=2).argmax(axis=1)
    found: Flags = agrees[np.arange(best.size), best]
    return found


def _affine(a: Floats, b: Floats, inlier: Flags) -> Floats:
    """The least-squares affine map of each row's inliers, shape (m, 3, 2); a shift where they are too few or one line.

    The points are held to the map's unchanged size a little, so that it is always there.
    """
    weight = inlier[..., None].astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1)
    middle_a, middle_b = (a * weight).sum(axis=1) / total, (b * weight).sum(axis=1) / total
    from_a, from_b = (a - middle_a[:, None]) * weight, (b - middle_b[:, None]) * weight
    square = np.einsum("mki,mkj->mij", from_a, from_a) + np.eye(2)
    linear = np.linalg.solve(square, np.einsum("mki,mkj->mij", from_a, from_b) + np.eye(2))
    shift = middle_b - np.einsum("mi,mij->mj", middle_a, linear)
    return np.concatenate([linear, shift[:, None]], axis=1)


def _mapped(at: Floats, maps: Floats) -> Floats:
    found: Floats = np.einsum("mki,mij->mkj", at, maps[:, :2]) + maps[:, None, 2]
    return found


def _inside(at: Floats, frame: Floats) -> Flags:
    within: Flags = (at >= 0) & (at <= frame[:, None] - 1)
    return np.asarray(within.all(axis=2))


def _distinct(at: Floats, counted: Flags) -> Rows:
    """How many squares of 4 × 4 pixels hold counted points."""
    cell = (np.clip(at, 0, SIDE) // CELL).astype(np.int64)
    code = np.sort(np.where(counted, cell[..., 0] * SIDE + cell[..., 1], -1), axis=1)
    fresh = np.ones_like(counted)
    fresh[:, 1:] = code[:, 1:] != code[:, :-1]
    found: Rows = (fresh & (code >= 0)).sum(axis=1)
    return found


def _extent(at: Floats, counted: Flags) -> Floats:
    """The root of the area over which counted points are scattered, in pixels."""
    weight = counted[..., None].astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1)
    from_middle = (at - ((at * weight).sum(axis=1) / total)[:, None]) * weight
    scatter = np.einsum("mki,mkj->mij", from_middle, from_middle) / total[:, :, None]
    found: Floats = np.maximum(np.linalg.det(scatter), 0) ** 0.25
    return found


def _scaled(at: Floats, counted: Flags, back: Floats) -> Floats:
    return _extent(_mapped(at, back), counted)


def _shown(frame: Floats, other: Floats, maps: Floats) -> Floats:
    """The share of each picture of size `frame` that its map puts within the other's size."""
    steps = (np.arange(GRID) + 0.5) / GRID
    unit = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(1, -1, 2)
    found: Floats = _inside(_mapped(unit * frame[:, None], maps), other).mean(axis=1)
    return found


def _sound(maps: Floats) -> Flags:
    sizes = np.linalg.svd(maps[:, :2], compute_uv=False)
    most, least = sizes[:, 0], np.maximum(sizes[:, 1], 1e-9)
    unfolded = np.linalg.det(maps[:, :2]) > 0
    found: Flags = unfolded & (most / least < MOST_SQUEEZED) & (most < MOST_RESIZED) & (least > 1 / MOST_RESIZED)
    return found
