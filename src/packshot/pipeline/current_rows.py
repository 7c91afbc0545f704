"""What the workspace holds now: current listings, placements with their assets, measurements and troubles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.evaluate.suite import all_measures, wanted
from packshot.storage.current import (
    current_fetches,
    current_listings,
    current_measurements,
    current_placements,
    measured_column,
    one_per_key,
)
from packshot.storage.schemas import ARROW_OF_KIND, ASSETS, FETCHES, LISTINGS, MEASUREMENT_KEYS, PLACEMENTS, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.pipeline.stores import Stores


@dataclass(frozen=True, slots=True)
class Placed:
    """Listings and placements as they stand."""

    listings: pl.DataFrame
    placements: pl.DataFrame
    """With `asset_id`, null where the picture was never had."""


def placed(stores: Stores) -> Placed:
    """Read what is placed now, of all sources."""
    committed = stores.catalog.committed_snapshots()
    listings = current_listings(stores.frame("listings", LISTINGS), committed)
    placements = current_placements(stores.frame("placements", PLACEMENTS), committed)
    fetched = current_fetches(stores.frame("fetches", FETCHES)).select("uri_key", "asset_id")
    placements = placements.join(fetched, on="uri_key", how="left", maintain_order="left")
    return Placed(listings, placements)


def measurement_schema() -> pa.Schema:
    """The table `measurements` with every column of every installed measure."""
    outputs = [output for measure in all_measures().values() for output in measure.outputs]
    columns = [pa.field(output.name, ARROW_OF_KIND[output.kind]) for output in outputs]
    return pa.schema([*MEASUREMENT_KEYS, *columns])


def measured(stores: Stores, columns: Iterable[str] | None = None) -> pl.DataFrame:
    """One row for each measured asset, with `columns` (all by default) and a column `measured:<measure>` for each."""
    measures = all_measures()
    asked = None if columns is None else set(columns)
    columns_of = {
        name: [output.name for output in measure.outputs if asked is None or output.name in asked]
        for name, measure in measures.items()
    }
    versions = {name: version for name, version in wanted(measures).items() if columns_of[name]}
    names = ["asset_id", "pass_id", "failed", *(column for name in versions for column in columns_of[name])]
    table = stores.frame("measurements", measurement_schema(), names)
    return current_measurements(table, stores.catalog.passes(), versions, columns_of)


def has_columns() -> dict[str, str]:
    """Measured column → the column that says whether its measure has a row."""
    return {o.name: measured_column(name) for name, measure in all_measures().items() for o in measure.outputs}


def current_assets(stores: Stores, placements: pl.DataFrame) -> pl.DataFrame:
    """The rows of `assets` that are placed now, in the order of their first placement."""
    ids = placements.select("asset_id").drop_nulls().unique(maintain_order=True)
    assets = one_per_key(stores.frame("assets", ASSETS), "asset_id")
    return ids.join(assets, on="asset_id", how="inner", maintain_order="left")


def current_troubles(stores: Stores, placements: pl.DataFrame) -> pl.DataFrame:
    """The troubles that still hold: the columns of `troubles`, and `listing_id`; one row for each place concerned."""
    troubles = stores.frame("troubles", TROUBLES).unique(
        ("stage", "kind", "asset_id", "measure", "uri_key", "snapshot_id", "detail"), keep="last", maintain_order=True
    )
    snapshots = [source.current_snapshot_id for source in stores.catalog.sources().values()]
    of_feeds = troubles.filter((pl.col("stage") == "collect") & pl.col("snapshot_id").is_in(snapshots))
    of_feeds = of_feeds.with_columns(pl.lit(None, dtype=pl.String).alias("listing_id"))
    places = placements.select("uri_key", "asset_id", "source_uri", "placement_id", "listing_id")
    failing = current_fetches(stores.frame("fetches", FETCHES)).filter(pl.col("status") != "ok")
    of_files = (
        troubles.filter(pl.col("stage") == "fetch")
        .join(
            failing.select("uri_key", "status"), left_on=["uri_key", "kind"], right_on=["uri_key", "status"], how="semi"
        )
        .unique("uri_key", keep="last", maintain_order=True)
        .drop("asset_id", "source_uri", "placement_id")
        .join(places, on="uri_key", how="inner", maintain_order="left")
    )
    of_pictures = (
        _of_pictures(stores, troubles)
        .drop("uri_key", "source_uri", "placement_id")
        .join(places, on="asset_id", how="inner", maintain_order="left")
    )
    names = [*TROUBLES.names, "listing_id"]
    return pl.concat(part.select(names) for part in (of_feeds, of_files, of_pictures))


def _of_pictures(stores: Stores, troubles: pl.DataFrame) -> pl.DataFrame:
    """Troubles of decoding, for assets that lack any measure; and of measures, for assets that still lack theirs."""
    versions = wanted(all_measures())
    found = measured(stores, [measure.outputs[0].name for measure in all_measures().values()])
    flags = {measured_column(name): name for name in versions if measured_column(name) in found.columns}
    lacking = (
        found.select("asset_id", *flags)
        .rename(flags)
        .unpivot(index="asset_id", variable_name="measure", value_name="there")
        .filter(~pl.col("there"))
    )
    of_measures = troubles.filter(pl.col("stage") == "measure").join(lacking, on=["asset_id", "measure"], how="semi")
    of_measures = of_measures.unique(("asset_id", "measure"), keep="last", maintain_order=True)
    complete = found.join(lacking, on="asset_id", how="anti")
    of_decoding = troubles.filter(pl.col("stage") == "decode").join(complete, on="asset_id", how="anti")
    return pl.concat([of_decoding.unique("asset_id", keep="last", maintain_order=True), of_measures])
