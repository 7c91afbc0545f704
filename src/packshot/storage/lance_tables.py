"""Tables as Lance datasets, on a local disk or in an object store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

# Lance writes its warnings to stderr, into the progress bar; read once, when it is imported.
os.environ.setdefault("LANCE_LOG", "error")

import lance
from lance import LanceOperation, Transaction
from lance.commit import CommitConflictError
from lance.fragment import write_fragments

from packshot.core.errors import WorkspaceError
from packshot.storage.lance_on_disk import OnDisk
from packshot.storage.place import place_of
from packshot.storage.tables import checked_name, filled, hold_types, plain_rows, wanted_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow.compute as pc

    from packshot.storage.lance_in_bucket import InBucket
    from packshot.storage.place import Place

_TRIES = 30
"""How often a commit that others got ahead of is tried again; Lance itself tries 20 times within each."""
_READ_BUFFER_BYTES = 64 << 20
"""What a streaming read may hold ahead of its reader."""


class LanceTables:
    """The `Tables` contract on Lance; nothing is written before the first append.

    On a disk every append syncs its data before the commit that names it, and the commit before it returns; in an
    object store a put is kept when it is answered. Instances are cheap, and may be used from many threads; processes
    must be spawned, not forked.
    """

    def __init__(self, place: str | Path | Place) -> None:
        """Use a folder or a prefix in an object store, `s3://bucket/prefix`.

        Raises:
            UsageError: Tables cannot be kept at that URL.
            MissingExtra: What speaks to that object store is not installed.
        """
        self._at = _datasets(place_of(place) if isinstance(place, str | Path) else place)

    def append(self, name: str, rows: pa.Table) -> int:
        """See `Tables.append`."""
        if rows.num_rows == 0 or rows.num_columns == 0:
            return self.version(name)
        rows = plain_rows(name, rows)
        with self._at.explained(f"appending {rows.num_rows:,} rows to the table {name}"):
            dataset = self._with_columns(name, rows.schema)
            fragments = write_fragments(rows, dataset, mode="append", storage_options=self._at.options)
            self._at.sync_data(name, [file.path for fragment in fragments for file in fragment.files])
            with self._at.turn():
                return self._committed(name, dataset, fragments)

    def _committed(self, name: str, dataset: Any, fragments: list[Any]) -> int:
        """Make the written fragments part of the table; gives the version."""
        for tries_left in range(_TRIES, 0, -1):
            transaction = Transaction(dataset.version, LanceOperation.Append(fragments))
            try:
                dataset = lance.LanceDataset.commit(dataset, transaction, storage_options=self._at.options)
            except CommitConflictError:
                if tries_left == 1:
                    raise
                dataset = self._at.opened(name)
            else:
                break
        self._at.sync_version(name, dataset.version, transaction.uuid)
        return int(dataset.version)

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        where: pc.Expression | None = None,
        schema: pa.Schema | None = None,
    ) -> pa.Table:
        """See `Tables.read`."""
        with self._at.explained(f"reading the table {name}"):
            dataset = self._opened(name, version)
            wanted = wanted_schema(name, dataset.schema if dataset else None, columns, schema)
            if dataset is None:
                return wanted.empty_table()
            rows: pa.Table = dataset.to_table(_stored(dataset, wanted), filter=where)
        return filled(rows, wanted)

    def batches(  # noqa: PLR0913 - see `Tables.batches`
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        where: pc.Expression | None = None,
        schema: pa.Schema | None = None,
        rows: int = 16_384,
    ) -> Iterator[pa.RecordBatch]:
        """See `Tables.batches`."""
        with self._at.explained(f"reading the table {name}"):
            dataset = self._opened(name, version)
            wanted = wanted_schema(name, dataset.schema if dataset else None, columns, schema)
        return self._stream(name, dataset, wanted, where, rows) if dataset else iter(())

    def version(self, name: str) -> int:
        """See `Tables.version`."""
        with self._at.explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return int(dataset.version) if dataset else 0

    def schema(self, name: str) -> pa.Schema | None:
        """See `Tables.schema`."""
        with self._at.explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return dataset.schema if dataset else None

    def names(self, prefix: str = "") -> list[str]:
        """See `Tables.names`."""
        return sorted(name for name in self._at.names() if name.startswith(prefix))

    def drop(self, name: str) -> None:
        """See `Tables.drop`."""
        self._at.drop(checked_name(name))

    def _opened(self, name: str, version: int | None = None) -> Any | None:
        """The dataset, at its newest or a given version; None where there is none (yet)."""
        name = checked_name(name)
        if version == 0:
            return None
        dataset = self._at.opened(name, version)
        if dataset is None and version is not None:
            raise WorkspaceError(f"There is no table {name} any more.", "Judge again, to read what there is now.")
        return dataset

    def _with_columns(self, name: str, schema: pa.Schema) -> Any:
        """The dataset at its newest version, made or widened so that it has the columns of `schema`."""
        for tries_left in range(_TRIES, 0, -1):
            dataset = self._opened(name) or self._at.made(name, schema)
            hold_types(name, schema, dataset.schema)
            lacking = [field for field in schema if dataset.schema.get_field_index(field.name) < 0]
            if not lacking:
                break
            try:
                with self._at.turn():
                    dataset.add_columns(pa.schema(lacking))
            except CommitConflictError:
                if tries_left == 1:
                    raise
                continue  # another process appended or added columns, perhaps these, in between: look again
            self._at.sync_version(name, dataset.version)
            break
        return dataset

    def _stream(
        self, name: str, dataset: Any, wanted: pa.Schema, where: pc.Expression | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        with self._at.explained(f"reading the table {name}"):
            stream = dataset.to_batches(
                _stored(dataset, wanted),
                filter=where,
                batch_size=rows,
                strict_batch_size=True,
                batch_readahead=2,
                fragment_readahead=1,
                io_buffer_size=_READ_BUFFER_BYTES,
            )
        while True:
            with self._at.explained(f"reading the table {name}"):
                batch = next(stream, None)
            if batch is None:
                return
            yield from filled(pa.Table.from_batches([batch]), wanted).to_batches()


def _datasets(place: Place) -> OnDisk | InBucket:
    from packshot.storage.folder import Folder

    if isinstance(place, Folder):
        return OnDisk(Path(place.location))
    from packshot.storage.bucket import Bucket
    from packshot.storage.lance_in_bucket import InBucket

    if isinstance(place, Bucket):
        return InBucket(place)
    raise WorkspaceError(f"Tables cannot be kept at {place.location}.", "Name a folder, or s3://bucket/prefix.")


def _stored(dataset: Any, wanted: pa.Schema) -> list[str]:
    return [column for column in wanted.names if dataset.schema.get_field_index(column) >= 0]
