"""The pictures of each listing that may go out, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.choose.reasons import RANKS
from packshot.pipeline.current_rows import current_troubles, placed, unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from packshot.app.tables import Reader

LEFT_OUT = {
    "no_picture": "it has no picture that could be read",
    "no_main": "no picture may be its main one",
    "main_address": "its main picture cannot be written",
}
"""Why a listing is left out of a channel's feed."""
_SEVERITY = {"show": 0, "fix": 1, "review": 2, "block": 3}
_NEVER = "block"
_NO_ADDRESS = 9


@dataclass(frozen=True)
class Chosen:
    """What goes out, sorted by listing, the main picture first."""

    pictures: pl.DataFrame
    """`listing_id title source_uri feed verdict place`, a row for each picture; `feed` is where its feed lies."""
    without: list[tuple[str, str, str, str | None]]
    """Listings without a main picture: id, why, detail, and the verdict of the best picture for it."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """The pictures one by one."""
        return self.pictures.iter_rows(named=True)

    def mains(self) -> Iterator[dict[str, Any]]:
        """The main pictures one by one."""
        return self.pictures.filter(pl.col("place") == 0).iter_rows(named=True)


def chosen_pictures(reader: Reader, policy: str | None, also: Collection[str]) -> Chosen:
    """The galleries of `policy`, and behind each the pictures whose verdict is one of `also` (`fix`, `review`).

    Where no picture may be main, the mildest of those leads: the feed's own main picture before the others. A picture
    with the verdict block is never among them, none that could not be fetched or decoded, and none that is the same as
    one before it.
    """
    allowed = {"show", *also} - {_NEVER}
    galleries = reader.galleries(policy, ("listing_id", "slot", "placement_id", "asset_id", "reason"))
    verdicts = reader.verdicts(policy, ("placement_id", "listing_id", "asset_id", "source_uri", "role",
                                        "verdict_as_main", "verdict_as_secondary"))  # fmt: skip
    now = placed(reader.stores)
    feeds = {id_: source.uri for id_, source in reader.stores.catalog.sources().items()}
    where = now.placements.select(
        "placement_id", "position", feed=pl.col("source_id").replace_strict(feeds, default="", return_dtype=pl.String)
    )
    known = (
        verdicts.filter(pl.col("asset_id").is_not_null())
        .join(unreadable(current_troubles(reader.stores, now.placements)), on="placement_id", how="anti")
        .join(where, on="placement_id", how="inner")
        .join(galleries.select("placement_id", "slot").drop_nulls(), on="placement_id", how="left")
        .join(reader.matches(policy).clusters.select("asset_id", "cluster_id"), on="asset_id", how="left")
    )
    pictures = _ordered(known, allowed).join(_titles(now.listings), on="listing_id", how="left", maintain_order="left")
    return Chosen(
        pictures.select("listing_id", "title", "source_uri", "feed", "verdict", "place"),
        _without(now.listings, known, pictures, galleries),
    )


def _ordered(known: pl.DataFrame, allowed: Collection[str]) -> pl.DataFrame:
    """The pictures that go out, each with its `place` (0 is the main one) and its `verdict` there."""
    slot = pl.col("slot").cast(pl.Int64, strict=False)  # null for main and rejected
    is_main = pl.col("slot") == "main"
    last = 1_000_000
    rows = known.with_columns(
        able=pl.col("verdict_as_main").is_in(list(allowed)) & ~pl.col("role").is_in(list(RANKS)),
        chosen_main=(is_main & pl.col("verdict_as_main").is_in(list(allowed))).fill_null(value=False),
        order=pl.when(is_main).then(0).otherwise(slot).fill_null(last),
        severity=pl.col("verdict_as_main").replace_strict(_SEVERITY, default=_NO_ADDRESS, return_dtype=pl.Int32),
    )
    mains = (
        rows.filter("able")
        .sort("listing_id", ~pl.col("chosen_main"), "severity", "order", pl.col("role") != "main", "position",
              "placement_id", nulls_last=True)
        .unique("listing_id", keep="first", maintain_order=True)
    )  # fmt: skip
    mains = mains.with_columns(place=pl.lit(0, pl.Int64), verdict=pl.col("verdict_as_main"))
    others = (
        rows.join(mains.select("placement_id"), on="placement_id", how="anti")
        .join(mains.select("listing_id"), on="listing_id", how="semi")
        .filter(pl.col("verdict_as_secondary").is_in(list(allowed)))
        # What choosing turned down although it may be shown stays out: a repeat, or one too many.
        .filter((pl.col("order") < last) | (pl.col("verdict_as_secondary") != "show"))
        .sort("listing_id", "order", "position", "placement_id", nulls_last=True)
        .with_columns(verdict=pl.col("verdict_as_secondary"))
    )
    others = others.with_columns(place=pl.int_range(1, pl.len() + 1).over("listing_id"))
    look = pl.coalesce("cluster_id", "asset_id")
    return (
        pl.concat([mains, others.select(mains.columns)])
        .sort("listing_id", "place")
        .with_columns(look=look)
        .unique(["listing_id", "look"], keep="first", maintain_order=True)
    )


def _titles(listings: pl.DataFrame) -> pl.DataFrame:
    return listings.select("listing_id", "title").unique("listing_id", keep="first", maintain_order=True)


def _without(
    listings: pl.DataFrame, known: pl.DataFrame, pictures: pl.DataFrame, galleries: pl.DataFrame
) -> list[tuple[str, str, str, str | None]]:
    severity = pl.col("verdict_as_main").replace_strict(_SEVERITY, default=_NO_ADDRESS, return_dtype=pl.Int32)
    able = known.filter(~pl.col("role").is_in(list(RANKS))).sort("listing_id", severity)
    best = able.unique("listing_id", keep="first", maintain_order=True).select("listing_id", "verdict_as_main")
    said = galleries.filter(pl.col("slot") == "main").select("listing_id", "reason").unique("listing_id", keep="first")
    rows = (
        listings.select("listing_id")
        .unique(maintain_order=True)
        .join(pictures.select("listing_id"), on="listing_id", how="anti")
        .join(best, on="listing_id", how="left", maintain_order="left")
        .join(said, on="listing_id", how="left", maintain_order="left")
        .join(known.select("listing_id").unique().with_columns(seen=pl.lit(True)), on="listing_id", how="left")
        .sort("listing_id")
    )
    return [
        (listing_id, LEFT_OUT["no_main" if seen else "no_picture"], reason or "", verdict)
        for listing_id, verdict, reason, seen in rows.iter_rows()
    ]
