"""Tombstones of what was forgotten, and which versions of a table hold the same rows, in the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from packshot.storage.catalog_tables import COMPACTION, TOMBSTONE, Tombstone, TombstoneKind
from packshot.storage.catalog_transactions import Transactions, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable


class MarkRecords(Transactions):
    """What must not come back, and what has only been stored anew."""

    def add_tombstones(self, rows: Iterable[Tombstone]) -> None:
        """Keep the tombstones, all or none; one that is there already stays as it is."""
        at = microseconds(self._now())
        with self._write("keeping tombstones") as connection:
            known = {(r.kind, r.key) for r in connection.execute(select(TOMBSTONE.c.kind, TOMBSTONE.c.key))}
            new = {(row.kind.value, row.key): row.because for row in rows}
            values = [
                {"kind": kind, "key": key, "at": at, "because": because}
                for (kind, key), because in new.items()
                if (kind, key) not in known
            ]
            if values:
                connection.execute(TOMBSTONE.insert(), values)

    def tombstones(self, kind: TombstoneKind | str) -> set[str]:
        """The keys of that kind that were forgotten."""
        query = select(TOMBSTONE.c.key).where(TOMBSTONE.c.kind == TombstoneKind(kind).value)
        with self._read("reading the tombstones") as connection:
            return set(connection.execute(query).scalars())

    def record_same_rows(self, name: str, older: int, newer: int) -> None:
        """Say that version `newer` of the table `name` holds the rows of version `older`, only stored otherwise."""
        is_it = (COMPACTION.c.table_name == name, COMPACTION.c.to_version == newer)
        with self._write("recording a compaction") as connection:
            connection.execute(COMPACTION.delete().where(*is_it))
            connection.execute(COMPACTION.insert().values(table_name=name, from_version=older, to_version=newer))

    def same_rows(self) -> dict[str, dict[int, int]]:
        """Table → newer version → the older version that holds the same rows."""
        with self._read("reading the compactions") as connection:
            rows = connection.execute(select(COMPACTION)).all()
        found: dict[str, dict[int, int]] = {}
        for row in rows:
            found.setdefault(row.table_name, {})[row.to_version] = row.from_version
        return found
