"""Finds which assets belong together, from columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.hamming import HASH_BYTES
from packshot.match.index import group_equal, near_pairs
from packshot.match.same import Looks, Sameness, byte_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from packshot.match.colour import Floats
    from packshot.match.hamming import Bytes, Counts, Rows
    from packshot.match.index import Groups
    from packshot.match.same import Flags

    Found: TypeAlias = tuple[Rows, Rows, Counts, Floats]
    Near: TypeAlias = Iterable[tuple[Rows | Counts, Rows | Counts, Counts]]
    Thumbnails: TypeAlias = Callable[[pl.Series], pl.DataFrame]

HEAP = 64
"""Up to so many assets of one hash are compared one by one; a larger heap is tied to the first of each look."""
VARIANTS_KEPT = 8
"""Nearest colour variants that are told for an asset: a hoodie in forty colours needs no 780 rows."""
BLOCK = 1 << 16
NEAR_HELD = 1 << 22
"""Pairs of near hashes held; where there are more, they are found again when they are compared."""
_NONE = np.empty(0, dtype=np.int64)
PRUNE_AT = 1 << 21
"""Variants held before all but the nearest are dropped."""
SCHEMA = pl.Schema(
    {"asset_a": pl.String, "asset_b": pl.String, "kind": pl.String, "distance": pl.Int32, "delta_e": pl.Float32}
)


def find_matches(
    assets: pl.DataFrame,
    placements: pl.DataFrame,
    sameness: Sameness | None = None,
    thumbnails: Thumbnails | None = None,
) -> pl.DataFrame:
    """Give the matches: `asset_a asset_b kind distance delta_e`, sorted by kind, asset_a, asset_b.

    `assets` has `asset_id pdq pdq_quality lab16 width_px height_px`; `placements` has `asset_id`, a row for each
    placement. `thumbnails` gives a row of `asset_id lab16` for each of the ids that it is asked for: then `assets`
    needs no `lab16`, and the thumbnails of pictures that are like no other are never held. An asset where any of these
    is null, or whose PDQ quality is low, is matched by its bytes alone.

    - `exact`: an asset with more than one placement; asset_a equals asset_b.
    - `same`: PDQ, colour and aspect ratio agree (see `same.Sameness`). Where more than 64 assets have one hash, each is
      tied to the first of its look instead of to all: pairs never grow with the square of a heap of placeholders.
    - `variant`: PDQ and aspect ratio agree and the colour does not; the nearest few of each asset.

    Raises PluginError where a hash or thumbnail has the wrong length.
    """
    sameness = sameness or Sameness()
    usable = (
        assets.select("asset_id", "pdq", "pdq_quality", "width_px", "height_px")
        .drop_nulls()
        .filter(pl.col("pdq_quality") >= sameness.min_pdq_quality, pl.col("width_px") > 0, pl.col("height_px") > 0)
        .unique("asset_id")
        .sort("asset_id")
    )
    looked = thumbnails or _held(assets)
    ids, same, variants = _compared(usable, looked, sameness)
    frames = [
        _exact(placements),
        _frame(ids, MatchKind.SAME, same),
        _frame(ids, MatchKind.VARIANT, [_nearest(variants)] if variants else []),
    ]
    return pl.concat(frames).sort("kind", "asset_a", "asset_b")


def _exact(placements: pl.DataFrame) -> pl.DataFrame:
    counted = placements.lazy().drop_nulls("asset_id").group_by("asset_id").len().filter(pl.col("len") > 1)
    return counted.select(
        asset_a=pl.col("asset_id").cast(pl.String),
        asset_b=pl.col("asset_id").cast(pl.String),
        kind=pl.lit(MatchKind.EXACT.value),
        distance=pl.lit(0, dtype=pl.Int32),
        delta_e=pl.lit(0.0, dtype=pl.Float32),
    ).collect()


def _frame(ids: pl.Series, kind: MatchKind, found: list[Found]) -> pl.DataFrame:
    if not found:
        return SCHEMA.to_frame()
    left, right, distance, delta_e = (np.concatenate(column) for column in zip(*found, strict=True))
    return pl.DataFrame(
        {
            "asset_a": ids.gather(left),
            "asset_b": ids.gather(right),
            "kind": pl.Series([kind.value], dtype=pl.String).new_from_index(0, left.size),
            "distance": distance.astype(np.int32),
            "delta_e": delta_e,
        },
        schema=SCHEMA,
    )


def _held(assets: pl.DataFrame) -> Thumbnails:
    """The thumbnails that stand in `assets` themselves."""
    known = assets.select("asset_id", "lab16").unique("asset_id")
    return lambda ids: ids.alias("asset_id").to_frame().join(known, on="asset_id", how="left", maintain_order="left")


def _compared(
    usable: pl.DataFrame, thumbnails: Thumbnails, sameness: Sameness
) -> tuple[pl.Series, list[Found], list[Found]]:
    """Ids, and the pairs that are the same and that are variants, by their places among these ids."""
    while usable.height > 1:
        hashes = byte_rows(usable["pdq"], HASH_BYTES)
        groups = group_equal(hashes)
        near = _near(hashes[groups.first], sameness.radius)
        rows = _comparable(groups, near)
        labs = thumbnails(usable["asset_id"].gather(rows))["lab16"]
        if not labs.null_count():
            looks = Looks(usable, rows, labs, sameness)
            pairs = near_pairs(hashes[groups.first], sameness.radius) if near is None else near
            return usable["asset_id"], *_compare(looks, groups, pairs)
        # Those without a thumbnail are not compared; nor may they stand for others of their hash.
        usable = usable.with_row_index("_row").filter(~pl.col("_row").is_in(rows[labs.is_null().to_numpy()].tolist()))
        usable = usable.drop("_row")
    return usable["asset_id"], [], []


def _near(hashes: Bytes, radius: int) -> list[tuple[Counts, Counts, Counts]] | None:
    """All pairs of near hashes in small numbers; None where they are too many to be held."""
    found, held = [], 0
    for left, right, distance in near_pairs(hashes, radius):
        held += left.size
        if held > NEAR_HELD:
            return None
        found.append((left.astype(np.int32), right.astype(np.int32), distance))
    return found


def _comparable(groups: Groups, near: Near | None) -> Rows:
    """The rows that have an equal or a near hash beside them, ascending; all, where nobody knows."""
    if near is None:
        return np.arange(groups.of_row.size)
    some = np.bincount(groups.of_row, minlength=groups.first.size) > 1
    for left, right, _ in near:
        some[left] = some[right] = True
    return np.flatnonzero(some[groups.of_row])


def _compare(looks: Looks, groups: Groups, near: Near) -> tuple[list[Found], list[Found]]:
    hub, ties = _hubs(looks, groups.of_row)
    same, variants = [ties], []
    held = 0
    for left, right, distance in _candidates(near, groups, hub):
        alike, variant, delta_e = looks.compare(left, right)
        low, high = np.minimum(left, right), np.maximum(left, right)
        same.append((low[alike], high[alike], distance[alike], delta_e[alike]))
        variants.append((low[variant], high[variant], distance[variant], delta_e[variant]))
        held += variants[-1][0].size
        if held > PRUNE_AT:
            variants = [_nearest(variants)]
            held = variants[0][0].size
    return same, variants


def _hubs(looks: Looks, group: Rows) -> tuple[Flags, Found]:
    """Which rows are compared with other groups' rows, and what ties the other rows to these.

    In a group of up to 64 equal hashes all rows are. In a heap it is the first row of each look: greedily, the first
    free row leads and takes the free rows that look like it. A Python round for each colour, not for each row.
    """
    free = np.flatnonzero(np.bincount(group)[group] > HEAP)
    hub = np.ones(group.size, dtype=bool)
    ties: list[Found] = [(_NONE, _NONE, _NONE.astype(np.int32), _NONE.astype(np.float32))]
    while free.size:
        _, at, place = np.unique(group[free], return_index=True, return_inverse=True)
        first = free[at][place]
        rest = first != free
        first, free = first[rest], free[rest]
        alike, _, delta_e = looks.compare(first, free)
        taken = free[alike]
        hub[taken] = False
        ties.append((first[alike], taken, np.zeros(taken.size, dtype=np.int32), delta_e[alike]))
        free = free[~alike]
    left, right, distance, delta_e = (np.concatenate(column) for column in zip(*ties, strict=True))
    return hub, (left, right, distance, delta_e)


def _candidates(near: Near, groups: Groups, hub: Flags) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Rows with near hashes: hubs of one group, then rows of two groups of which at least one is a hub."""
    every = _Members(groups.of_row, np.arange(hub.size), groups.first.size)
    hubs = _Members(groups.of_row, np.flatnonzero(hub), groups.first.size)
    several = hubs.rows[hubs.size[groups.of_row[hubs.rows]] > 1]
    group = groups.of_row[several]
    for step in range(1, min(HEAP, several.size)):
        equal = np.flatnonzero(group[:-step] == group[step:])
        yield several[equal], several[equal + step], np.zeros(equal.size, dtype=np.int32)
    for left, right, distance in near:
        swap = every.size[left] > every.size[right]
        small, large = np.where(swap, right, left), np.where(swap, left, right)
        yield from _products(every, hubs, small, large, distance)


class _Members:
    """Rows by group: those of group g are rows[begin[g] : begin[g] + size[g]]."""

    __slots__ = ("begin", "rows", "size")

    def __init__(self, group: Rows, rows: Rows, groups: int) -> None:
        self.rows: Rows = rows[np.argsort(group[rows], kind="stable")]
        self.size: Rows = np.bincount(group[rows], minlength=groups)
        self.begin: Rows = np.cumsum(self.size) - self.size


def _products(
    one: _Members, two: _Members, left: Rows, right: Rows, distance: Counts
) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Each row of group left[k] in `one` with each of group right[k] in `two`, in blocks."""
    wide = two.size[right]
    total = np.concatenate(([0], np.cumsum(one.size[left] * wide)))
    for at in range(0, int(total[-1]), BLOCK):
        spot = np.arange(at, min(at + BLOCK, int(total[-1])))
        pair = np.searchsorted(total, spot, side="right") - 1
        down, across = np.divmod(spot - total[pair], wide[pair])
        yield one.rows[one.begin[left[pair]] + down], two.rows[two.begin[right[pair]] + across], distance[pair]


def _nearest(found: list[Found]) -> Found:
    """The pairs that are among the nearest few of either asset."""
    left, right, distance, delta_e = (np.concatenate(column) for column in zip(*found, strict=True))
    one, other = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((other, np.tile(delta_e, 2), np.tile(distance, 2), one))
    _, start, count = np.unique(one[order], return_index=True, return_counts=True)
    place = np.arange(order.size) - np.repeat(start, count)
    keep = np.unique(order[place < VARIANTS_KEPT] % left.size)
    return left[keep], right[keep], distance[keep], delta_e[keep]
