"""Keeping a workspace small and quick: deletes what nobody needs, and stores tables anew in fewer, larger files."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from packshot.core.errors import UsageError
from packshot.pipeline.forgetting import doomed, forget, subjects_of
from packshot.pipeline.waste import pins, running, waste
from packshot.storage.catalog import utc_now
from packshot.storage.catalog_leases import COMMIT
from packshot.storage.catalog_tables import TombstoneKind
from packshot.storage.durable import explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packshot.pipeline.forgetting import Doomed
    from packshot.pipeline.stores import Stores
    from packshot.pipeline.waste import Keeping, Waste
    from packshot.telemetry import Progress

REPORT = "report"
"""The folder, in the workspace, of the report that a run writes."""
UPKEEP = "upkeep"
"""The lease under which things are deleted; a run begins under it, so that nothing is deleted under a run."""
OF_SNAPSHOTS = ("listings", "placements", "troubles")
LARGE = ("listings", "placements", "fetches", "assets", "measurements", "relations", "troubles", "banks")
VECTORS = "vectors/"


@dataclass(frozen=True, slots=True)
class Swept:
    """What was (or would be) deleted and stored anew; `as_dict` is what `packshot gc --json` prints."""

    dry_run: bool
    judgements: int
    tables: int
    """Derived tables of no judgement."""
    snapshots: int
    """Readings of feeds that were never committed."""
    blobs: int
    blob_bytes: int
    thumbnails: int
    thumbnail_bytes: int
    leftovers: int = 0
    """Unfinished files of killed processes."""
    compacted: list[str] = field(default_factory=list)
    """Tables whose small parts were merged."""
    cleaned_bytes: int = 0
    """Freed from old versions of tables."""

    def as_dict(self) -> dict[str, object]:
        """The same as JSON values."""
        return asdict(self)


@contextlib.contextmanager
def undisturbed(stores: Stores, doing: str) -> Iterator[None]:
    """Hold the workspace alone: no run is going on, and none begins before this is over.

    Raises UsageError while a run is going on.
    """
    with stores.catalog.lease(UPKEEP):
        going_on = running(stores)
        if going_on:
            raise UsageError(
                f"A run is going on ({', '.join(going_on)}): {doing} would take things away under it.",
                "Wait for it, or end it; runs that were killed do not count.",
            )
        yield


def gc(stores: Stores, keeping: Keeping, progress: Progress, *, dry_run: bool = False) -> Swept:
    """Delete what nobody needs and compact the tables; safe to be killed, and to be run again.

    Raises UsageError while a run is going on.
    """
    with undisturbed(stores, "cleaning up"):
        found = waste(stores, keeping, utc_now())
        told = Swept(
            dry_run=dry_run,
            judgements=len(found.judgements),
            tables=len(found.tables),
            snapshots=len(found.snapshots),
            blobs=len(found.blobs),
            blob_bytes=found.blob_bytes,
            thumbnails=len(found.thumbnails),
            thumbnail_bytes=found.thumbnail_bytes,
        )
        if dry_run:
            return told
        leftovers = _delete(stores, found, keeping, progress)
        compacted, freed = _compact(stores, keeping, progress)
    return replace(told, leftovers=leftovers, compacted=compacted, cleaned_bytes=freed)


def _delete(stores: Stores, found: Waste, keeping: Keeping, progress: Progress) -> int:
    """Delete what was found; gives how many unfinished files went besides."""
    progress.stage("delete", len(found.tables) + len(found.blobs) + len(found.thumbnails))
    # The catalog forgets a judgement before its tables go: killed in between, they are the remains of an unknown one.
    if found.judgements:
        stores.catalog.delete_judgements(found.judgements)
    for name in found.tables:
        stores.tables.drop(name)
        progress.advance(1)
    if found.snapshots:
        # The rows first: without its row in the catalog nobody would know that a reading was never finished.
        for name in OF_SNAPSHOTS:
            where = pc.field("snapshot_id").isin(list(found.snapshots))
            if stores.tables.version(name) and stores.tables.read(name, [], where=where).num_rows:
                stores.tables.remove(name, where)
        stores.catalog.delete_snapshots(found.snapshots)
    stores.blobs.delete(found.blobs)
    stores.thumbnails.delete(found.thumbnails)
    progress.advance(len(found.blobs) + len(found.thumbnails))
    grace = 3600 * keeping.grace_hours
    return stores.blobs.sweep(grace) + stores.thumbnails.sweep(grace)


def _compact(stores: Stores, keeping: Keeping, progress: Progress) -> tuple[list[str], int]:
    """Merge the small parts of the large tables and clean all tables; which were merged, and the bytes freed."""
    names, pinned, merged, freed = stores.tables.names(), pins(stores), [], 0
    progress.stage("compact", len(names))
    for name in names:
        with stores.alone(COMMIT):
            done = stores.tables.compact(name) if name in LARGE or name.startswith(VECTORS) else None
            if done is not None:
                # Before anybody looks for a judgement of the newer version: what it was made from has not changed.
                stores.catalog.record_same_rows(name, done.older, done.newer)
                merged.append(name)
        freed += stores.tables.clean(name, keep=pinned.get(name, set()), older_than_s=3600 * keeping.grace_hours)
        progress.advance(1)
    return merged, freed


def forget_names(  # noqa: PLR0913 - what, why and how
    stores: Stores, names: Iterable[str], progress: Progress, *, because: str, kind: str | None, dry_run: bool
) -> Doomed:
    """Forget what `names` name; with `dry_run`, only say what would go.

    Raises UsageError for names that are unknown or stand for several things, and while a run is going on.
    """
    subjects = subjects_of(stores, names, TombstoneKind(kind) if kind else None)
    if dry_run:
        return doomed(stores, subjects)
    with undisturbed(stores, "forgetting"):
        found = doomed(stores, subjects)
        _delete_report(stores)
        return forget(stores, found, because, progress)


def _delete_report(stores: Stores) -> None:
    """Delete the workspace's own report: its pages and thumbnails show what is to be forgotten."""
    folder = stores.root / REPORT
    with explained(f"deleting the report {folder}"):
        if folder.is_dir():
            shutil.rmtree(folder)
