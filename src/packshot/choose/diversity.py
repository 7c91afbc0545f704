"""How alike two pictures of a listing are, from their hashes and Lab thumbnails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    Rows: TypeAlias = NDArray[np.int64]
    Reals: TypeAlias = NDArray[np.float64]

HASH_BYTES, LAB_BYTES = 32, 768
SAME_BITS, UNLIKE_BITS = 16, 100
"""PDQ distances up to which two shapes count as equal, and from which on as unlike (unrelated pictures: 128)."""
COLOUR_FADES = 12.0
"""Mean ΔE over the picture at which the colours' likeness has fallen to 0.37."""
COLOUR_COUNTS = 0.5
"""Part of the likeness that another colour takes away: a shape in two colours still tells little that is new."""
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Squares:
    """How alike the pictures of each listing are: a square for each listing, one behind the other, row by row."""

    listing: Rows
    """The number of each picture's listing, ascending, shape (n,)."""
    side: Rows
    """Pictures of each picture's listing, shape (n,)."""
    begin: Rows
    """The first picture of each picture's listing, shape (n,)."""
    cells: Reals
    """All squares, 0 to 1; those of one picture stand together."""

    @property
    def row(self) -> Rows:
        """Where the likenesses of each picture begin in `cells`, shape (n,)."""
        return np.cumsum(self.side) - self.side

    def part(self, one: Rows, two: Rows) -> None:
        """Let the pictures `one` and `two`, of one listing each time, count as unlike; shapes (m,)."""
        self.cells[self.row[one] + two - self.begin[one]] = 0.0

    def most_alike(self, slot: Rows) -> tuple[Reals, Rows]:
        """For each picture its likeness to the most alike shown picture before it, and which that is; shapes (n,).

        `slot` is −1 where a picture is not shown: all shown ones count as before that. Of equally alike ones the last
        counts; where there is none, the likeness is 0 and the picture its own.
        """
        count = self.listing.size
        one = np.repeat(np.arange(count), self.side)
        two = np.arange(self.cells.size) - np.repeat(self.row - self.begin, self.side)
        before = (slot[two] >= 0) & ((slot[one] < 0) | (slot[two] < slot[one])) & (one != two)
        one, two, alike = one[before], two[before], self.cells[before]
        order = np.lexsort((two, alike, one))
        last = order[np.append(one[order][1:] != one[order][:-1], np.ones(min(1, order.size), dtype=np.bool_))]
        likeness, other = np.zeros(count), np.arange(count)
        likeness[one[last]], other[one[last]] = alike[last], two[last]
        return likeness, other


def likeness_squares(hashes: pl.Series, labs: pl.Series, rows: Rows, listing: Rows) -> Squares:
    """Compare the pictures `rows` with those of the same listing; `listing` is ascending, one number for each row."""
    _, first, sizes = np.unique(listing, return_index=True, return_counts=True)
    side, begin = np.repeat(sizes, sizes), np.repeat(first, sizes)
    squares = Squares(listing, side, begin, np.zeros(int((sizes**2).sum())))
    row, place = squares.row, np.arange(rows.size) - begin
    for step in range(1, int(sizes.max(initial=1))):
        one = np.flatnonzero(listing[:-step] == listing[step:])
        alike = similarity(hashes, labs, rows[one], rows[one + step])
        squares.cells[row[one] + place[one] + step] = alike
        squares.cells[row[one + step] + place[one]] = alike
    return squares


def similarity(hashes: pl.Series, labs: pl.Series, left: Rows, right: Rows) -> Reals:
    """Likeness of the rows `left` and `right`, 0 (unlike) to 1 (the same picture), shape (m,).

    `hashes` holds 32 bytes (PDQ) and `labs` 768 (16 × 16 cells of 8-bit Lab) a row, or null. The likeness of the
    shapes falls straight from 16 to 100 different bits; another colour takes up to half of it away. Where a hash is
    null the pictures count as unlike, where a thumbnail is null as of one colour: nothing is known against them.
    """
    hashed, toned = hashes.is_not_null().to_numpy(), labs.is_not_null().to_numpy()
    found = np.zeros(left.size)
    for at in range(0, left.size, BLOCK):
        one, two = left[at : at + BLOCK], right[at : at + BLOCK]
        shape = _shape(_bytes(hashes, one, HASH_BYTES), _bytes(hashes, two, HASH_BYTES))
        shape[~(hashed[one] & hashed[two])] = 0.0
        like = np.flatnonzero(shape)  # colours matter where the shapes agree; most pictures of a listing do not
        one, two = one[like], two[like]
        colour = _colour(_bytes(labs, one, LAB_BYTES), _bytes(labs, two, LAB_BYTES))
        colour = np.where(toned[one] & toned[two], colour, 1.0)
        shape[like] *= 1 - COLOUR_COUNTS * (1 - colour)
        found[at : at + BLOCK] = shape
    return found


def _bytes(column: pl.Series, rows: Rows, size: int) -> NDArray[np.uint8]:
    nothing = b"\0" * size
    values = b"".join([value or nothing for value in column.gather(rows).to_list()])
    return np.frombuffer(values, dtype=np.uint8).reshape(-1, size)


def _shape(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Reals:
    bits = np.bitwise_count(left ^ right).sum(axis=1, dtype=np.int64)
    likeness: Reals = np.clip((UNLIKE_BITS - bits) / (UNLIKE_BITS - SAME_BITS), 0.0, 1.0)
    return likeness


def _colour(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Reals:
    apart = (left.astype(np.float32) - right).reshape(-1, LAB_BYTES // 3, 3)
    apart[..., 0] *= 100 / 255
    delta_e = np.sqrt(np.einsum("pcl,pcl->pc", apart, apart)).mean(axis=1)
    likeness: Reals = np.exp(-delta_e / COLOUR_FADES, dtype=np.float64)
    return likeness
