"""What the workspace holds now: current listings, placements with their assets, measurements and troubles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from packshot.evaluate.asked import is_costly
from packshot.evaluate.relations import flag, relations_here
from packshot.evaluate.suite import all_measures, readable_measures, wanted
from packshot.pipeline.held_passes import held_passes
from packshot.pipeline.joining import with_columns_of
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
    from collections.abc import Collection, Iterable, Sequence

    from packshot.pipeline.stores import Stores

TOLD = frozenset({"brand", "gtin", "attributes"})
"""What a feed tells of listings and placements and nothing is judged or chosen by: much of what is stored of them."""
FEW = 10_000
"""Up to so many keys are looked for while a table is read; more are sorted out afterwards."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Listings and placements as they stand."""

    listings: pl.DataFrame
    placements: pl.DataFrame
    """With `asset_id`, null where the picture was never had."""


def placed(
    stores: Stores, committed: Sequence[str] | None = None, *, whole: bool = False, also: Collection[str] = ()
) -> Placed:
    """Read what is placed now, of all sources; by these `committed` snapshots instead of all.

    With `whole`, the columns that only people read come, too; `also` names those of them that are wanted.
    """
    left_out = frozenset() if whole else TOLD - set(also)
    committed = stores.catalog.committed_snapshots() if committed is None else committed
    done_with = () if whole else ("snapshot_id", "seq", "op")
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader") as beside:
        fetched = beside.submit(_fetched, stores)
        placements = stores.frame("placements", PLACEMENTS, [n for n in PLACEMENTS.names if n not in left_out])
        placements = current_placements(placements, committed).drop(done_with)
        listings = stores.frame("listings", LISTINGS, [n for n in LISTINGS.names if n not in left_out])
        return Placed(
            current_listings(listings, committed).drop(done_with),
            with_columns_of(placements, fetched.result(), "uri_key"),
        )


def _fetched(stores: Stores) -> pl.DataFrame:
    fetches = stores.frame("fetches", FETCHES, ("uri_key", "seq", "status", "asset_id"))
    return current_fetches(fetches).select("uri_key", "asset_id")


def measurement_schema() -> pa.Schema:
    """The table `measurements` with every column that any known measure fills."""
    outputs = [output for measure in readable_measures().values() for output in measure.outputs]
    columns = [pa.field(output.name, ARROW_OF_KIND[output.kind]) for output in outputs]
    return pa.schema([*MEASUREMENT_KEYS, *columns])


def measured(
    stores: Stores, columns: Iterable[str] | None = None, *, of_assets: pl.Series | None = None
) -> pl.DataFrame:
    """One row for each measured asset, with `columns` (all by default) and a column `measured:<measure>` for each.

    What was measured is read also where the models that measured it are not installed.
    `of_assets` names the only assets that are wanted; few of them are found many times faster than all are read.
    """
    measures = readable_measures()
    asked = None if columns is None else set(columns)
    columns_of = {
        name: [output.name for output in measure.outputs if asked is None or output.name in asked]
        for name, measure in measures.items()
    }
    versions = {name: version for name, version in wanted(measures).items() if columns_of[name]}
    names = ["asset_id", "pass_id", "failed", *(column for name in versions for column in columns_of[name])]
    table = _of_keys(stores, "measurements", measurement_schema(), names, "asset_id", of_assets)
    return current_measurements(table, held_passes(stores), versions, columns_of)


def has_columns() -> dict[str, str]:
    """As `has_measures`, and with the relations between pictures and listings that can be made here."""
    return has_measures() | {name: flag(name) for name in relations_here()}


def has_measures() -> dict[str, str]:
    """Measured column → the column that says whether its measure has a row."""
    return {o.name: measured_column(name) for name, measure in readable_measures().items() for o in measure.outputs}


def assessable(facts: pl.DataFrame) -> frozenset[str]:
    """The columns that can be judged: what is measured here, and what was measured of any of these placements.

    A picture that was looked at where the models are keeps its verdict where they are not.
    """
    here = {output.name for measure in all_measures().values() for output in measure.outputs}
    stored = {
        output.name
        for name, measure in readable_measures().items()
        if _is_there(facts, measured_column(name))
        for output in measure.outputs
    }
    compared = {
        name
        for name, relation in relations_here().items()
        if relation.measure in all_measures() or _is_there(facts, flag(name))
    }
    return frozenset(here | stored | compared)


def _is_there(facts: pl.DataFrame, column: str) -> bool:
    """Whether a flag holds of any row."""
    return column in facts.columns and bool(facts[column].any())


def readable_columns() -> frozenset[str]:
    """Every column that can be read: of all known measures, and the relations that can be made here."""
    outputs = {output.name for measure in readable_measures().values() for output in measure.outputs}
    return frozenset(outputs | set(relations_here()))


def current_assets(stores: Stores, placements: pl.DataFrame) -> pl.DataFrame:
    """The rows of `assets` that are placed now, in the order of their first placement."""
    ids = placements.select("asset_id").drop_nulls().unique(maintain_order=True)
    assets = one_per_key(stores.frame("assets", ASSETS), "asset_id")
    return ids.join(assets, on="asset_id", how="inner", maintain_order="left")


def unreadable(troubles: pl.DataFrame) -> pl.DataFrame:
    """`placement_id` of those whose picture could not be fetched or decoded, by what `current_troubles` gives."""
    found = troubles.filter(pl.col("stage").is_in(["fetch", "decode"]))
    return found.select("placement_id").drop_nulls().unique()


def current_troubles(
    stores: Stores, placements: pl.DataFrame, snapshots: Collection[str] | None = None
) -> pl.DataFrame:
    """The troubles that still hold: the columns of `troubles`, and `listing_id`; one row for each place concerned.

    Bad rows of feeds are those of the `snapshots` given, by default of the one that each source stands at.
    """
    troubles = stores.frame("troubles", TROUBLES)
    if troubles.is_empty():
        return troubles.with_columns(pl.lit(None, dtype=pl.String).alias("listing_id"))
    troubles = troubles.unique(
        ("stage", "kind", "asset_id", "measure", "uri_key", "source_uri", "snapshot_id", "detail"),
        keep="last",
        maintain_order=True,
    )
    if snapshots is None:
        snapshots = [s.current_snapshot_id for s in stores.catalog.sources().values() if s.current_snapshot_id]
    of_feeds = troubles.filter((pl.col("stage") == "collect") & pl.col("snapshot_id").is_in(list(snapshots)))
    of_feeds = of_feeds.with_columns(pl.lit(None, dtype=pl.String).alias("listing_id"))
    places = placements.select("uri_key", "asset_id", "source_uri", "placement_id", "listing_id")
    of_fetches = troubles.filter(pl.col("stage") == "fetch")
    named = ("uri_key", "seq", "status")
    fetches = _of_keys(stores, "fetches", FETCHES, named, "uri_key", of_fetches["uri_key"])
    failing = current_fetches(fetches).filter(pl.col("status") != "ok")
    of_files = (
        of_fetches.join(
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
    measures = all_measures()
    versions = wanted(measures)
    names = ("asset_id", "pass_id", "failed")
    rows = _of_keys(stores, "measurements", measurement_schema(), names, "asset_id", troubles["asset_id"])
    found = current_measurements(rows, held_passes(stores), versions, dict.fromkeys(versions, ()))
    flags = {measured_column(name): name for name in versions if measured_column(name) in found.columns}
    lacking = (
        found.select("asset_id", *flags)
        .rename(flags)
        .unpivot(index="asset_id", variable_name="measure", value_name="there")
        .filter(~pl.col("there"))
    )
    of_measures = troubles.filter(pl.col("stage") == "measure").join(lacking, on=["asset_id", "measure"], how="semi")
    of_measures = of_measures.unique(("asset_id", "measure"), keep="last", maintain_order=True)
    # Whatever decodes has all that is always measured; what is costly may not have been asked for.
    always = [name for name, measure in measures.items() if not is_costly(measure)]
    complete = found.join(lacking.filter(pl.col("measure").is_in(always)), on="asset_id", how="anti")
    of_decoding = troubles.filter(pl.col("stage") == "decode").join(complete, on="asset_id", how="anti")
    return pl.concat([of_decoding.unique("asset_id", keep="last", maintain_order=True), of_measures])


def _of_keys(  # noqa: PLR0913, PLR0917 - a read, and which keys
    stores: Stores, name: str, schema: pa.Schema, columns: Sequence[str], key: str, keys: pl.Series | None
) -> pl.DataFrame:
    """The rows of a table whose `key` is one of `keys`; all rows where that is None."""
    if keys is None:
        return stores.frame(name, schema, columns)
    some = keys.drop_nulls().unique()
    if some.len() > FEW:
        wanted_keys = pl.DataFrame({key: some})
        parts = (_frame(pa.Table.from_batches([b])) for b in stores.tables.batches(name, columns, schema=schema))
        found = [part.join(wanted_keys, on=key, how="semi", maintain_order="left") for part in parts]
        return pl.concat([_frame(schema.empty_table().select(list(columns))), *found])
    if some.is_empty() or stores.tables.version(name) == 0:
        return _frame(schema.empty_table().select(list(columns)))
    return _frame(stores.tables.read(name, columns, schema=schema, where=pc.field(key).isin(some.to_list())))


def _frame(rows: pa.Table) -> pl.DataFrame:
    found = pl.from_arrow(rows)
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table always becomes a frame; this tells the types
    return found
