"""Measured columns too large to be held for all assets: read for some assets at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.suite import all_measures, wanted
from packshot.pipeline.current_rows import measurement_schema
from packshot.pipeline.held_passes import held_passes
from packshot.pipeline.joining import with_columns_of
from packshot.storage.current import current_measurements
from packshot.storage.schemas import MEASUREMENT_KEYS

if TYPE_CHECKING:
    from collections.abc import Collection

    from packshot.pipeline.stores import Stores

KEYS = ("asset_id", "pass_id", "failed")


class MeasuredLater:
    """Where the values of some measured columns stand, of all assets, and a way to read those of a few.

    Holds some hundred bytes for each asset, however large the values are. All reads are of the state in which the
    table was at first.
    """

    def __init__(self, stores: Stores, columns: Collection[str]) -> None:
        """Find the rows that hold `columns`, as `current_rows.measured` would."""
        self._tables = stores.tables
        self._version = stores.tables.version("measurements")
        outputs = {
            name: [o.name for o in measure.outputs if o.name in columns] for name, measure in all_measures().items()
        }
        self._columns = {name: found for name, found in outputs.items() if found}
        versions = {name: version for name, version in wanted(all_measures()).items() if name in self._columns}
        stored = self._tables.read("measurements", KEYS, version=self._version, schema=MEASUREMENT_KEYS)
        keys = pl.DataFrame(stored).with_columns(
            pl.int_range(pl.len(), dtype=pl.Int64).alias(name) for name in self._columns
        )
        places = current_measurements(keys, held_passes(stores), versions, {name: [name] for name in versions})
        self._places = places.select("asset_id", *self._columns)

    def of(self, assets: pl.Series) -> pl.DataFrame:
        """`asset_id` and the columns, null where not measured: a row for each of `assets`, which names each once."""
        rows = with_columns_of(pl.DataFrame({"asset_id": assets}), self._places, "asset_id")
        found = rows.select("asset_id")
        for measure, names in self._columns.items():
            found = found.with_columns(self._taken(rows[measure], names))
        return found

    def _taken(self, places: pl.Series, names: list[str]) -> list[pl.Series]:
        """The columns `names` of the rows that stand at `places`; null where the place is."""
        there = places.is_not_null()
        schema = measurement_schema()
        rows = self._tables.take(
            "measurements", places.drop_nulls().to_list(), names, version=self._version, schema=schema
        )
        spots = pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series()
        values = pl.DataFrame(rows)
        return [values[name].gather(spots) for name in names]
