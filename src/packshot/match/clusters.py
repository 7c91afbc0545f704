"""Clusters of the same picture around a representative, and which picture of each stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.keep import keep_list

if TYPE_CHECKING:
    from packshot.match.hamming import Rows
    from packshot.match.peoples_word import Settled

SCHEMA = pl.Schema(
    {
        "cluster_id": pl.String,
        "asset_id": pl.String,
        "is_representative": pl.Boolean,
        "keep": pl.Boolean,
        "reason": pl.String,
    }
)


def clusters(matches: pl.DataFrame, assets: pl.DataFrame, told: Settled | None = None) -> pl.DataFrame:
    """Give the keep list: `cluster_id asset_id is_representative keep reason`, sorted by cluster and asset.

    `matches` is what `find_matches` gives; only `same` counts. `assets` has `asset_id width_px height_px` and, where
    known, what `keep_list` reads. Every member matches its representative (whose id is the cluster's), so two members
    are at most twice the radius apart, and a chain of small steps never joins two different pictures. The result does
    not depend on the order of the rows.

    `told` is what people said of pairs, with which `matches` were made: what they confirmed is always in one cluster,
    what they split is never.
    """
    pairs = matches.filter(pl.col("kind") == MatchKind.SAME.value)
    if pairs.is_empty():
        return SCHEMA.to_frame()
    ids = pl.concat([pairs["asset_a"], pairs["asset_b"]]).unique().sort()
    known = pl.DataFrame({"asset_id": ids}).with_row_index("node")
    nodes = pairs.join(known, left_on="asset_a", right_on="asset_id").join(
        known, left_on="asset_b", right_on="asset_id", suffix="_b"
    )
    group, apart = _said(known, told)
    if told is not None:
        nodes = _of_groups(nodes, group)
    nodes = nodes.sort("node", "node_b")
    a, b = nodes["node"].to_numpy().astype(np.int64), nodes["node_b"].to_numpy().astype(np.int64)
    one, two = np.concatenate([a, b]), np.concatenate([b, a])
    nearness = np.tile(np.lexsort((nodes["delta_e"].to_numpy(), nodes["distance"].to_numpy())).argsort(), 2)
    leader = _leaders_apart(one, two, nearness, ids.len(), apart)[group]
    members = pl.DataFrame({"asset_id": ids, "cluster_id": ids.gather(leader)})
    members = members.filter(pl.len().over("cluster_id") > 1)
    return keep_list(members, assets).select(
        "cluster_id",
        "asset_id",
        is_representative=pl.col("asset_id") == pl.col("cluster_id"),
        keep="keep",
        reason="reason",
    )


def _said(known: pl.DataFrame, told: Settled | None) -> tuple[Rows, tuple[Rows, Rows]]:
    """The node that stands for the group of each node, and the pairs of such nodes that are kept apart."""
    none = np.empty(0, dtype=np.int64)
    if told is None:
        return np.arange(known.height), (none, none)
    named = known.join(told.groups(), on="asset_id", how="left", maintain_order="left")
    named = named.with_columns(pl.coalesce("group", "asset_id").alias("group"))
    named = named.with_columns(pl.col("node").min().over("group").alias("stands"))
    nodes = named.select("group", pl.col("stands").cast(pl.Int64)).unique("group")
    apart = told.apart().filter(pl.col("group_a") < pl.col("group_b"))
    apart = apart.join(nodes, left_on="group_a", right_on="group").join(
        nodes, left_on="group_b", right_on="group", suffix="_b"
    )
    pairs = apart.sort("stands", "stands_b")
    return named["stands"].to_numpy().astype(np.int64), (pairs["stands"].to_numpy(), pairs["stands_b"].to_numpy())


def _of_groups(nodes: pl.DataFrame, group: Rows) -> pl.DataFrame:
    """The pairs between groups of confirmed pictures, each once, with its nearest members' likeness."""
    a, b = (group[nodes[name].to_numpy().astype(np.int64)] for name in ("node", "node_b"))
    between = nodes.with_columns(node=pl.Series(np.minimum(a, b)), node_b=pl.Series(np.maximum(a, b)))
    between = between.filter(pl.col("node") != pl.col("node_b")).sort("distance", "delta_e", nulls_last=True)
    return between.unique(("node", "node_b"), keep="first", maintain_order=True)


def _leaders_apart(one: Rows, two: Rows, nearness: Rows, count: int, apart: tuple[Rows, Rows]) -> Rows:
    """As `_nearest_leader`, where no two nodes that are kept `apart` follow one leader.

    Of two such the farther one loses its tie to that leader, until there are none; a round for each tie at most.
    """
    left, right = apart
    while True:
        leader = _nearest_leader(one, two, nearness, count)
        clash = leader[left] == leader[right]
        if not clash.any():
            return leader
        x, y, of = left[clash], right[clash], leader[left[clash]]
        keys = one * count + two
        order = np.argsort(keys)
        far = [nearness[order[np.searchsorted(keys, node * count + of, sorter=order)]] for node in (x, y)]
        loser = np.where(far[0] > far[1], x, y)
        stays = ~np.isin(keys, np.concatenate([loser * count + of, of * count + loser]))
        one, two, nearness = one[stays], two[stays], nearness[stays]


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
