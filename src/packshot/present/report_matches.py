"""Pages of pictures that are the same: what is kept and why, and what is alike but no fault."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.present.report_copies import copies, copy_page, in_banks
from packshot.present.report_site import Page, Pager, paged
from packshot.present.report_word import said_of_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from packshot.present.report_site import Site
    from packshot.present.report_view import View

Row = dict[str, Any]
_PLACES = 6


def clusters(view: View) -> pl.DataFrame:
    """`cluster_id, size, dropped` of every cluster of two or more pictures, the largest first."""
    return (
        view.data.clusters.group_by("cluster_id")
        .agg(size=pl.len(), dropped=(~pl.col("keep").fill_null(value=False)).sum())
        .filter(pl.col("size") > 1)
        .sort(["size", "cluster_id"], descending=[True, False])
    )


def reused(view: View) -> list[str]:
    """Assets that are placed more than once with the same bytes, those with the most placements first."""
    exact = view.data.matches.filter((pl.col("kind") == "exact") & (pl.col("asset_a") == pl.col("asset_b")))
    assets = exact["asset_a"].unique().to_list()
    return sorted(assets, key=lambda asset: (-len(view.of_asset.get(asset, [])), asset))


def match_pages(view: View, site: Site) -> Iterator[Page]:
    """Clusters, files that are placed more than once, edited copies, and colour variants."""
    limits = view.limits
    every = clusters(view)
    shown = every.head(limits.clusters)["cluster_id"].to_list()
    paths = paged("matches", "index", len(shown), limits.clusters_per_page)
    again = reused(view)
    variants = view.data.matches.filter(pl.col("kind") == "variant").sort("asset_a", "asset_b")
    totals = {
        "clusters": every.height,
        "shown_clusters": len(shown),
        "dropped": int(every["dropped"].sum()),
        "reused": len(again),
        "variants": variants.height,
        "copies": copies(view).height + in_banks(view).height,
        "searched": bool(view.data.measurements["keypoint_count"].is_not_null().any()),
    }
    for number in range(1, len(paths) + 1):
        part = shown[(number - 1) * limits.clusters_per_page : number * limits.clusters_per_page]
        yield Page(paths[number - 1], "matches.html", partial(_clusters, view, part, Pager(number, paths), totals))
    more = {"assets": again[: limits.clusters], "totals": totals}
    yield Page("matches/reused.html", "reused.html", lambda: more | {"placed": partial(_placed, view)})
    yield from copy_page(view, site, totals, partial(_placed, view))
    pairs = variants.head(limits.variants).to_dicts()
    yield Page(
        "matches/variants.html",
        "variants.html",
        lambda: {"pairs": pairs, "totals": totals, "placed": partial(_placed, view)},
    )


def _clusters(view: View, ids: Sequence[str], pager: Pager, totals: Row) -> Row:
    members: dict[str, list[Row]] = {cluster: [] for cluster in ids}
    rows = view.data.clusters.filter(pl.col("cluster_id").is_in(ids)).sort(
        pl.col("keep").fill_null(value=False), "is_representative", "asset_id", descending=[True, True, False]
    )
    distances, said = _distances(view, rows["asset_id"]), said_of_pairs(view)
    for row in rows.iter_rows(named=True):
        match = distances.get((row["cluster_id"], row["asset_id"]))
        told = {"match": match, "said": said.get((row["cluster_id"], row["asset_id"]))}
        members[row["cluster_id"]].append(row | told | {"places": _placed(view, row["asset_id"])})
    most = view.limits.pictures_per_listing
    groups = [{"rows": rows[:most], "more": max(0, len(rows) - most)} for rows in members.values()]
    return {"clusters": groups, "pager": pager, "totals": totals}


def _distances(view: View, assets: pl.Series) -> dict[tuple[str, str], Row]:
    """The matches among `assets`, by both orders of their ids."""
    among = view.data.matches.filter(
        (pl.col("kind") != "variant")
        & (pl.col("asset_a") != pl.col("asset_b"))
        & pl.col("asset_a").is_in(assets.implode())
        & pl.col("asset_b").is_in(assets.implode())
    )
    found: dict[tuple[str, str], Row] = {}
    for row in among.sort("asset_a", "asset_b", "kind").iter_rows(named=True):
        found.setdefault((row["asset_a"], row["asset_b"]), row)
        found.setdefault((row["asset_b"], row["asset_a"]), row)
    return found


def _placed(view: View, asset: str) -> Row:
    """Where an asset is placed: the first few places and how many more there are."""
    rows = view.of_asset.get(asset, [])
    return {
        "rows": [row | {"link": view.link(row["listing_id"])} for row in rows[:_PLACES]],
        "more": max(0, len(rows) - _PLACES),
        "total": len(rows),
    }
