"""Finds which assets belong together, from columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.index import group_equal, near_pairs
from packshot.match.same import Looks, Sameness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.match.colour import Floats
    from packshot.match.hamming import Counts, Rows

    Found: TypeAlias = tuple[Rows, Rows, Counts, Floats]

VARIANTS_KEPT = 8
"""Nearest colour variants that are told for an asset: a hoodie in forty colours needs no 780 rows."""
BLOCK = 1 << 16
PRUNE_AT = 1 << 21
"""Variants held before all but the nearest are dropped."""
SCHEMA = pl.Schema(
    {"asset_a": pl.String, "asset_b": pl.String, "kind": pl.String, "distance": pl.Int32, "delta_e": pl.Float32}
)


def find_matches(assets: pl.DataFrame, placements: pl.DataFrame, sameness: Sameness | None = None) -> pl.DataFrame:
    """Give the matches: `asset_a asset_b kind distance delta_e`, sorted by kind, asset_a, asset_b.

    `assets` has `asset_id pdq pdq_quality lab16 width_px height_px`; `placements` has `asset_id`, a row for each
    placement. An asset where any of these is null, or whose PDQ quality is low, is matched by its bytes alone.

    - `exact`: an asset with more than one placement; asset_a equals asset_b.
    - `same`: PDQ, colour and aspect ratio agree. Where many assets have one hash and one look, each is tied to the
      first of them, and that one to its neighbours: pairs never grow with the square of a heap of placeholders.
    - `variant`: PDQ and aspect ratio agree and the colour does not; the nearest few of each asset.

    Raises PluginError where a hash or thumbnail has the wrong length.
    """
    sameness = sameness or Sameness()
    usable = (
        assets.select("asset_id", "pdq", "pdq_quality", "lab16", "width_px", "height_px")
        .drop_nulls()
        .filter(pl.col("pdq_quality") >= sameness.min_pdq_quality, pl.col("width_px") > 0, pl.col("height_px") > 0)
        .unique("asset_id")
        .sort("asset_id")
    )
    same, variants = _compare(Looks(usable, sameness)) if usable.height > 1 else ([], [])
    ids = usable["asset_id"]
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


def _compare(looks: Looks) -> tuple[list[Found], list[Found]]:
    groups = group_equal(looks.hashes)
    leader, ties = _leaders_by_colour(looks, groups.of_row)
    same, variants = [ties], []
    held = 0
    order, begin = _leaders_of_groups(leader, groups.of_row, groups.first.size)
    for left, right, distance in _candidates(looks, groups.first, order, begin):
        keep = looks.same_aspect(left, right)
        left, right, distance = left[keep], right[keep], distance[keep]  # noqa: PLW2901 - narrowed step by step
        delta_e = looks.delta_e(left, right)
        alike = delta_e <= looks.sameness.max_delta_e
        low, high = np.minimum(left, right), np.maximum(left, right)
        same.append((low[alike], high[alike], distance[alike], delta_e[alike]))
        variants.append((low[~alike], high[~alike], distance[~alike], delta_e[~alike]))
        held += variants[-1][0].size
        if held > PRUNE_AT:
            variants = [_nearest(variants)]
            held = variants[0][0].size
    return same, variants


def _leaders_by_colour(looks: Looks, group: Rows) -> tuple[Rows, Found]:
    """Within each group of equal hashes, the first row of each look, for all rows; and what ties the others to it.

    Greedy: the first free row of a group leads, and takes the free rows that look like it. A Python round for each
    colour of the most colourful group, not for each row.
    """
    size = np.bincount(group)
    free = np.flatnonzero(size[group] > 1)
    leader = np.arange(group.size)
    ties: list[Found] = []
    while free.size:
        _, at, place = np.unique(group[free], return_index=True, return_inverse=True)
        first = free[at][place]
        rest = first != free
        first, free = first[rest], free[rest]
        delta_e = looks.delta_e(first, free)
        alike = (delta_e <= looks.sameness.max_delta_e) & looks.same_aspect(first, free)
        taken = free[alike]
        leader[taken] = first[alike]
        ties.append((first[alike], taken, np.zeros(taken.size, dtype=np.int32), delta_e[alike]))
        free = free[~alike]
    if not ties:
        nothing = np.empty(0, dtype=np.int64)
        return leader, (nothing, nothing, nothing.astype(np.int32), nothing.astype(np.float32))
    left, right, distance, delta_e = (np.concatenate(column) for column in zip(*ties, strict=True))
    return leader, (left, right, distance, delta_e)


def _leaders_of_groups(leader: Rows, group: Rows, groups: int) -> tuple[Rows, Rows]:
    """The leaders, group by group, and where those of each group begin (one entry more than groups)."""
    rows = np.flatnonzero(leader == np.arange(leader.size))
    order = rows[np.argsort(group[rows], kind="stable")]
    begin = np.concatenate(([0], np.cumsum(np.bincount(group[rows], minlength=groups))))
    return order, begin


def _candidates(looks: Looks, first: Rows, order: Rows, begin: Rows) -> Iterator[tuple[Rows, Rows, Counts]]:
    """Pairs of leaders whose hashes are near: of one group (they differ in colour), then of two."""
    group = np.searchsorted(begin, np.arange(order.size), side="right") - 1
    for step in range(1, VARIANTS_KEPT + 1):
        left = np.arange(max(0, order.size - step))
        left = left[group[left] == group[left + step]]
        if left.size:
            yield order[left], order[left + step], np.zeros(left.size, dtype=np.int32)
    for left, right, distance in near_pairs(looks.hashes[first], looks.sameness.radius):
        wide = begin[right + 1] - begin[right]
        total = np.concatenate(([0], np.cumsum((begin[left + 1] - begin[left]) * wide)))
        for at in range(0, int(total[-1]), BLOCK):
            spot = np.arange(at, min(at + BLOCK, int(total[-1])))
            pair = np.searchsorted(total, spot, side="right") - 1
            down, across = np.divmod(spot - total[pair], wide[pair])
            yield order[begin[left[pair]] + down], order[begin[right[pair]] + across], distance[pair]


def _nearest(found: list[Found]) -> Found:
    """The pairs that are among the nearest few of either asset."""
    left, right, distance, delta_e = (np.concatenate(column) for column in zip(*found, strict=True))
    one, other = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((other, np.tile(delta_e, 2), np.tile(distance, 2), one))
    _, start, count = np.unique(one[order], return_index=True, return_counts=True)
    place = np.arange(order.size) - np.repeat(start, count)
    keep = np.unique(order[place < VARIANTS_KEPT] % left.size)
    return left[keep], right[keep], distance[keep], delta_e[keep]
