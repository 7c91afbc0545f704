"""Sources and their snapshots, in the catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_leases import LeaseRecords
from packshot.storage.catalog_life import Life
from packshot.storage.catalog_tables import SNAPSHOT, SOURCE, SnapshotRow, SourceRow
from packshot.storage.catalog_transactions import as_json, begun, microseconds, put_once, time_or_none
from packshot.storage.faults import fault
from packshot.storage.processes import this_process

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Row


class SourceRecords(LeaseRecords):
    """Where listings come from, and what was read there."""

    def add_source(self, source_id: str, uri: str, mapping: Mapping[str, str]) -> None:
        """Make the source known, or update its address (without credentials) and column mapping."""
        values = {"uri_redacted": uri, "mapping_json": as_json(mapping)}
        with self._write("adding a source") as connection:
            if not put_once(connection, SOURCE, {"source_id": source_id}, values):
                connection.execute(SOURCE.update().where(SOURCE.c.source_id == source_id).values(values))

    def source(self, source_id: str) -> SourceRow | None:
        """The source of that id; None where it was never added."""
        return self.sources().get(source_id)

    def sources(self) -> dict[str, SourceRow]:
        """All sources, by id."""
        with self._read("reading the sources") as connection:
            rows = connection.execute(select(SOURCE).order_by(SOURCE.c.source_id)).all()
        return {
            r.source_id: SourceRow(r.source_id, r.uri_redacted, json.loads(r.mapping_json), r.current_snapshot_id)
            for r in rows
        }

    def begin_snapshot(self, source_id: str, digest: str) -> str:
        """Give the id under which the rows of a new snapshot are stored; nobody sees them before its commit."""
        snapshot_id = self._new_id()
        values = {"snapshot_id": snapshot_id, "source_id": source_id, "digest": digest, "process": str(this_process())}
        with self._write("beginning a snapshot") as connection:
            connection.execute(SNAPSHOT.insert().values(values))
        return snapshot_id

    def commit_snapshot(self, snapshot_id: str, rows: int) -> None:
        """Make a complete snapshot of `rows` rows the source's current one; a second commit changes nothing.

        Raises LostLease, and commits nothing, where this thread has lost a lease that it works under.
        """
        with self._commit("committing a snapshot") as connection:
            found = connection.execute(select(SNAPSHOT).where(SNAPSHOT.c.snapshot_id == snapshot_id)).one_or_none()
            if found is None:
                raise WorkspaceError(f"There is no snapshot {snapshot_id}.", "Read the source again.")
            if found.ordinal is not None:
                return
            last = connection.execute(select(func.max(SNAPSHOT.c.ordinal))).scalar()
            values = {"rows": rows, "committed_at": microseconds(self._now()), "ordinal": (last or 0) + 1}
            connection.execute(SNAPSHOT.update().where(SNAPSHOT.c.snapshot_id == snapshot_id).values(values))
            source = SOURCE.update().where(SOURCE.c.source_id == found.source_id)
            connection.execute(source.values(current_snapshot_id=snapshot_id))
            fault("snapshot:before-commit")
        fault("snapshot:committed")

    def current_snapshot(self, source_id: str) -> SnapshotRow | None:
        """The last committed snapshot of a source; its digest tells whether the source has changed."""
        ids = select(SOURCE.c.current_snapshot_id).where(SOURCE.c.source_id == source_id)
        with self._read("reading a snapshot") as connection:
            row = connection.execute(select(SNAPSHOT).where(SNAPSHOT.c.snapshot_id.in_(ids))).one_or_none()
        return _snapshot(row) if row is not None else None

    def committed_snapshots(self) -> list[str]:
        """The ids of all committed snapshots, the oldest first: only their rows count."""
        return [row.snapshot_id for row in self.snapshots()]

    def snapshots(self) -> list[SnapshotRow]:
        """All committed snapshots, in the order in which they were committed."""
        query = select(SNAPSHOT).where(SNAPSHOT.c.ordinal.is_not(None)).order_by(SNAPSHOT.c.ordinal)
        with self._read("reading the snapshots") as connection:
            return [_snapshot(row) for row in connection.execute(query)]

    def abandoned_snapshots(self) -> list[str]:
        """The ids of the snapshots that were begun and never committed, and whose process is gone."""
        query = select(SNAPSHOT).where(SNAPSHOT.c.ordinal.is_(None)).order_by(SNAPSHOT.c.snapshot_id)
        with self._read("reading the snapshots") as connection:
            life = Life(connection, self._now())
            return [r.snapshot_id for r in connection.execute(query) if life.gone(r.process, begun(r.snapshot_id))]

    def delete_snapshots(self, ids: Collection[str]) -> None:
        """Forget these snapshots, all or none; WorkspaceError where one of them was committed."""
        mine = SNAPSHOT.c.snapshot_id.in_(ids)
        with self._commit("deleting snapshots") as connection:
            if connection.execute(select(SNAPSHOT).where(mine, SNAPSHOT.c.ordinal.is_not(None))).first() is not None:
                raise WorkspaceError("A committed snapshot cannot be deleted.", "Its rows are what is shown.")
            connection.execute(SNAPSHOT.delete().where(mine))


def _snapshot(row: Row[Any]) -> SnapshotRow:
    return SnapshotRow(row.snapshot_id, row.source_id, row.digest, row.rows, time_or_none(row.committed_at))
