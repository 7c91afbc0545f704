"""The workspace as it was when something was judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pyarrow.compute as pc

from packshot.core.errors import WorkspaceError
from packshot.pipeline.current_rows import Placed, current_troubles
from packshot.pipeline.joining import with_columns_of
from packshot.storage.current import current_listings, current_placements
from packshot.storage.schemas import LISTINGS, PLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    import pyarrow as pa

    from packshot.pipeline.stores import Stores
    from packshot.storage.catalog_tables import JudgementRow
    from packshot.storage.tables import Tables

BY_TIME = frozenset({"fetches", "troubles", "measurements"})
"""The pinned tables whose rows say when they were written."""


@dataclass(frozen=True, slots=True)
class Then:
    """What the workspace held for one judgement."""

    placed: Placed
    troubles: pl.DataFrame
    notes: tuple[str, ...]
    """What could not be told exactly."""


def as_of(stores: Stores, judgement: JudgementRow, assets: pl.DataFrame) -> Then:
    """Listings, placements and troubles as they stood when `judgement` was made.

    `assets` says which picture each placement had then (`placement_id asset_id`): the verdicts do.

    Listings and placements come from the snapshots that were committed then, everything else from the table versions
    that the judgement pinned. Where such a version has been cleaned away, rows count by the time they were written.
    """
    tables = _TablesAsOf(stores.tables, judgement)
    pinned = replace(stores, tables=cast("Tables", tables))  # only reads are asked of it below
    snapshots = stores.catalog.snapshots()[: judgement.pins.get("snapshots", 0)]
    committed = [row.snapshot_id for row in snapshots]
    listings = current_listings(pinned.frame("listings", LISTINGS), committed)
    placements = current_placements(pinned.frame("placements", PLACEMENTS), committed)
    found = Placed(listings, with_columns_of(placements, assets, "placement_id"))
    last_of_source = {row.source_id: row.snapshot_id for row in snapshots}
    troubles = current_troubles(pinned, found.placements, set(last_of_source.values()))
    return Then(found, troubles, tuple(sorted(tables.notes)))


class _TablesAsOf:
    """Reads tables at the versions that a judgement pinned."""

    def __init__(self, tables: Tables, judgement: JudgementRow) -> None:
        self._tables = tables
        self._judgement = judgement
        self.notes: set[str] = set()

    def version(self, name: str) -> int:
        return self._judgement.pins.get(name, self._tables.version(name))

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        where: pc.Expression | None = None,
        schema: pa.Schema | None = None,
    ) -> pa.Table:
        version = self._judgement.pins.get(name) if name in BY_TIME else None
        if version is None:
            return self._tables.read(name, columns, where=where, schema=schema)
        try:
            return self._tables.read(name, columns, version=version, where=where, schema=schema)
        except WorkspaceError:
            # Cleaned away: what is read instead raises where the table itself cannot be read.
            self.notes.add(f"The old state of the table {name} was told by the time of its rows.")
            then = pc.field("at") <= self._judgement.at
            where = then if where is None else where & then
            return self._tables.read(name, columns, where=where, schema=schema)
