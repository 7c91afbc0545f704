"""Reads a source and commits what changed as one snapshot."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from packshot.collect.digest import SnapshotDigest
from packshot.core.listing import Listing, Placement
from packshot.pipeline.collect_guards import hold_whole, lost_words
from packshot.pipeline.refusing import without_forgotten
from packshot.pipeline.trouble_rows import trouble_table
from packshot.storage.catalog import utc_now
from packshot.storage.current import current_listings, current_placements
from packshot.storage.schemas import LISTINGS, PLACEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.collect.opening import OpenSource
    from packshot.core.trouble import Trouble
    from packshot.pipeline.job import Job
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

EVERY = 500
ROWS_HELD = 10_000
"""Rows of a feed that are objects at once: an object takes ten times what its row takes in columns."""
_META = ("snapshot_id", "seq", "op")


@dataclass(frozen=True, slots=True)
class Collected:
    """What a source gave."""

    changed: bool
    listings: int
    placements: int
    troubles: int


def collect(job: Job, source: OpenSource, *, accept_removals: bool = False) -> Collected:
    """Read `source` whole; when it changed, commit the rows that did, and removals, as one snapshot.

    Raises SourceError where it cannot be read as a whole and UsageError where too many listings or pictures are gone;
    the workspace is then as it was.
    """
    stores = job.stores
    job.progress.stage("collect", None)
    digest = SnapshotDigest()
    listings, placements, troubles = _read(source, digest, job.progress)
    found = Collected(changed=False, listings=listings.height, placements=placements.height, troubles=len(troubles))
    with stores.alone("collect"):
        changed = _commit(job, source, digest, listings, placements, troubles, accept_removals=accept_removals)
    return replace(found, changed=changed)


def _commit(  # noqa: PLR0913, PLR0917 - what was read, in its parts
    job: Job,
    source: OpenSource,
    digest: SnapshotDigest,
    listings: pl.DataFrame,
    placements: pl.DataFrame,
    troubles: list[Trouble],
    *,
    accept_removals: bool,
) -> bool:
    """Whether there was anything to commit."""
    stores = job.stores
    before = stores.catalog.current_snapshot(source.source_id)
    if before is not None and before.digest == digest.hexdigest():
        return False
    known_listings, known_placements = current_of_source(stores, source.source_id)
    listings, placements, refused = without_forgotten(stores.catalog, listings, placements)
    troubles = [*troubles, *refused]
    if not accept_removals:
        hold_whole(known_listings, listings, known_placements, placements)
    for note in lost_words(known_listings, listings):
        source.notes.add(note)
    stores.catalog.add_source(source.source_id, source.uri, {"options": source.mapping_json})
    snapshot = stores.catalog.begin_snapshot(source.source_id, digest.hexdigest())
    stores.tables.append("listings", _changes(known_listings, listings, "listing_id", snapshot, LISTINGS))
    stores.tables.append("placements", _changes(known_placements, placements, "placement_id", snapshot, PLACEMENTS))
    stores.tables.append("troubles", trouble_table(troubles, run_id=job.run_id, at=utc_now(), snapshot_id=snapshot))
    stores.catalog.commit_snapshot(snapshot, digest.rows)
    return True


def current_of_source(stores: Stores, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The listings and placements of one source as they stand."""
    committed = stores.catalog.committed_snapshots()
    listings = current_listings(stores.frame("listings", LISTINGS), committed)
    placements = current_placements(stores.frame("placements", PLACEMENTS), committed)
    mine = pl.col("source_id") == source_id
    return listings.filter(mine), placements.filter(mine)


def addresses_of_source(stores: Stores, source_id: str) -> pl.DataFrame:
    """`uri_key` and `source_uri` of the placements of one source as they stand: what there is to fetch."""
    names = ("source_id", "snapshot_id", "seq", "op", "placement_id", "uri_key", "source_uri")
    table = stores.frame("placements", PLACEMENTS, names).filter(pl.col("source_id") == source_id)
    found = current_placements(table, stores.catalog.committed_snapshots())
    return found.select("uri_key", "source_uri")


def _read(
    source: OpenSource, digest: SnapshotDigest, progress: Progress
) -> tuple[pl.DataFrame, pl.DataFrame, list[Trouble]]:
    listings, placements = _Rows(LISTINGS), _Rows(PLACEMENTS)
    troubles: list[Trouble] = []
    for record in source.records():
        digest.add(record)
        if isinstance(record, Listing):
            listings.add(_listing_row(record, source.source_id))
        elif isinstance(record, Placement):
            placements.add(_placement_row(record, source.source_id))
        else:
            troubles.append(record)
        if digest.rows % EVERY == 0:
            progress.advance(EVERY)
    progress.advance(digest.rows % EVERY, len(troubles))
    return listings.frame(), placements.frame(), troubles


class _Rows:
    """Rows on their way into a frame: a feed of millions is held as columns, and only its last rows as objects."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._parts: list[pa.Table] = [schema.empty_table()]
        self._rows: list[dict[str, object]] = []

    def add(self, row: dict[str, object]) -> None:
        self._rows.append(row)
        if len(self._rows) >= ROWS_HELD:
            self._pack()

    def frame(self) -> pl.DataFrame:
        self._pack()
        found = pl.from_arrow(pa.concat_tables(self._parts))
        assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table always becomes a frame; this tells the types
        return found

    def _pack(self) -> None:
        self._parts.append(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


def _listing_row(listing: Listing, source_id: str) -> dict[str, object]:
    attributes = json.dumps(dict(listing.attributes), ensure_ascii=False, sort_keys=True)
    return {
        "source_id": source_id,
        "listing_id": listing.listing_id,
        "variant_group_id": listing.variant_group_id,
        "title": listing.title,
        "brand": listing.brand,
        "category": listing.category,
        "google_category": listing.google_category,
        "gtin": listing.gtin,
        "attributes": attributes,
    }


def _placement_row(placement: Placement, source_id: str) -> dict[str, object]:
    return {
        "source_id": source_id,
        "placement_id": placement.placement_id,
        "listing_id": placement.listing_id,
        "uri_key": placement.uri_key,
        "source_uri": placement.source_uri,
        "role": placement.role.value,
        "position": placement.position,
        "supplier": placement.supplier,
    }


def _changes(known: pl.DataFrame, read: pl.DataFrame, key: str, snapshot: str, schema: pa.Schema) -> pa.Table:
    """Rows that are new or different as upserts, rows that are gone as deletes, in the order of the source."""
    facts = [name for name in read.columns if name not in _META]
    upserts = read.join(known.select(facts), on=facts, how="anti", nulls_equal=True, maintain_order="left")
    deletes = known.join(read.select(key), on=key, how="anti", maintain_order="left")
    parts: Iterable[pl.DataFrame] = (
        upserts.with_columns(pl.lit("upsert").alias("op")),
        deletes.with_columns(pl.lit("delete").alias("op")),
    )
    rows = pl.concat(frame.select(read.columns) for frame in parts)
    rows = rows.with_columns(pl.lit(snapshot).alias("snapshot_id"), pl.int_range(pl.len(), dtype=pl.Int64).alias("seq"))
    return rows.to_arrow().select(schema.names).cast(schema)
