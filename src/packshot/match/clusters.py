"""Clusters of the same picture around a representative, and which picture of each stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.keep import keep_list

if TYPE_CHECKING:
    from packshot.match.hamming import Rows

SCHEMA = pl.Schema(
    {
        "cluster_id": pl.String,
        "asset_id": pl.String,
        "is_representative": pl.Boolean,
        "keep": pl.Boolean,
        "reason": pl.String,
    }
)


def clusters(matches: pl.DataFrame, assets: pl.DataFrame) -> pl.DataFrame:
    """Give the keep list: `cluster_id asset_id is_representative keep reason`, sorted by cluster and asset.

    `matches` is what `find_matches` gives; only `same` counts. `assets` has `asset_id width_px height_px` and, where
    known, what `keep_list` reads. Every member matches its representative (whose id is the cluster's), so two members
    are at most twice the radius apart, and a chain of small steps never joins two different pictures. The result does
    not depend on the order of the rows.
    """
    pairs = matches.filter(pl.col("kind") == MatchKind.SAME.value)
    if pairs.is_empty():
        return SCHEMA.to_frame()
    ids = pl.concat([pairs["asset_a"], pairs["asset_b"]]).unique().sort()
    known = pl.DataFrame({"asset_id": ids}).with_row_index("node")
    nodes = (
        pairs.join(known, left_on="asset_a", right_on="asset_id")
        .join(known, left_on="asset_b", right_on="asset_id", suffix="_b")
        .sort("node", "node_b")
    )
    a, b = nodes["node"].to_numpy().astype(np.int64), nodes["node_b"].to_numpy().astype(np.int64)
    one, two = np.concatenate([a, b]), np.concatenate([b, a])
    nearness = np.tile(np.lexsort((nodes["delta_e"].to_numpy(), nodes["distance"].to_numpy())).argsort(), 2)
    leader = _nearest_leader(one, two, nearness, ids.len())
    members = pl.DataFrame({"asset_id": ids, "cluster_id": ids.gather(leader)})
    members = members.filter(pl.len().over("cluster_id") > 1)
    return keep_list(members, assets).select(
        "cluster_id",
        "asset_id",
        is_representative=pl.col("asset_id") == pl.col("cluster_id"),
        keep="keep",
        reason="reason",
    )


def _nearest_leader(one: Rows, two: Rows, nearness: Rows, count: int) -> Rows:
    """The leader of each node of the graph with the edges `one` to `two` (both directions).

    Greedy leaders in order of their number of matches, then of their id; each other node goes to its nearest leader.
    Nodes that come before all their free neighbours lead at once, which gives the same leaders as going one by one.
    """
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((np.arange(count), -np.bincount(one, minlength=count)))] = np.arange(count)
    free, leads = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    while free.any():
        live = free[one] & free[two]
        first = np.full(count, count, dtype=np.int64)
        np.minimum.at(first, one[live], rank[two[live]])
        fresh = free & (rank < first)
        leads |= fresh
        free &= ~fresh
        free[two[fresh[one]]] = False
    ties = ~leads[one] & leads[two]
    best = np.full(count, np.iinfo(np.int64).max)
    key = nearness[ties] * count + rank[two[ties]]
    np.minimum.at(best, one[ties], key)
    chosen = np.argsort(rank)[best % count]
    return np.where(leads, np.arange(count), chosen)
