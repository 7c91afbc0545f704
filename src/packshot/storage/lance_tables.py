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
from lance.fragment import write_fragments

from packshot.core.errors import WorkspaceError
from packshot.storage import lance_maintenance
from packshot.storage.faults import fault
from packshot.storage.lance_errors import RAISED
from packshot.storage.lance_on_disk import OnDisk
from packshot.storage.place import place_of
from packshot.storage.tables import checked_name, filled, hold_types, plain_rows, wanted_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import pyarrow.compute as pc

    from packshot.storage.lance_in_bucket import InBucket
    from packshot.storage.place import Place
    from packshot.storage.tables import Compacted, Version

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
            fault("append:data-written")
            self._at.sync_data(name, [file.path for fragment in fragments for file in fragment.files])
            with self._at.turn():
                return self._committed(name, dataset, fragments)

    def _committed(self, name: str, dataset: Any, fragments: list[Any]) -> int:
        """Make the written fragments part of the table; gives the version."""
        for tries_left in range(_TRIES, 0, -1):
            fault("append:before-commit")
            transaction = Transaction(dataset.version, LanceOperation.Append(fragments))
            try:
                dataset = lance.LanceDataset.commit(dataset, transaction, storage_options=self._at.options)
            except RAISED:
                # Lance does not say in which way it failed, so look: an answer may have been lost that said yes, and
                # where others have committed since, they were ahead, or so many that it gave up waiting for its turn.
                newest = self._at.opened(name)
                if newest is None:
                    raise
                if not _holds(newest, fragments):
                    if tries_left == 1 or newest.version == dataset.version:
                        raise
                    dataset = newest
                    continue
                dataset = newest
            break
        fault("append:committed")
        self._at.sync_version(name, dataset.version, transaction.uuid)
        fault("append:synced")
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
            wanted = wanted_schema(name, dataset.schema if dataset is not None else None, columns, schema)
            if dataset is None:
                return wanted.empty_table()
            rows: pa.Table = dataset.to_table(_stored(dataset, wanted), filter=where)
        return filled(rows, wanted)

    def take(
        self,
        name: str,
        rows: Sequence[int],
        columns: Sequence[str] | None = None,
        *,
        version: int | None = None,
        schema: pa.Schema | None = None,
    ) -> pa.Table:
        """See `Tables.take`."""
        with self._at.explained(f"reading the table {name}"):
            dataset = self._opened(name, version)
            wanted = wanted_schema(name, dataset.schema if dataset is not None else None, columns, schema)
            if dataset is None or not len(rows):
                return wanted.empty_table()
            found: pa.Table = dataset.take(pa.array(rows, pa.int64()), _stored(dataset, wanted))
        return filled(found, wanted)

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
            wanted = wanted_schema(name, dataset.schema if dataset is not None else None, columns, schema)
        return self._stream(name, dataset, wanted, where, rows) if dataset is not None else iter(())

    def version(self, name: str) -> int:
        """See `Tables.version`."""
        with self._at.explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return int(dataset.version) if dataset is not None else 0

    def schema(self, name: str) -> pa.Schema | None:
        """See `Tables.schema`."""
        with self._at.explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return dataset.schema if dataset is not None else None

    def names(self, prefix: str = "") -> list[str]:
        """See `Tables.names`."""
        return sorted(name for name in self._at.names() if name.startswith(prefix))

    def drop(self, name: str) -> None:
        """See `Tables.drop`."""
        self._at.drop(checked_name(name))

    def compact(self, name: str) -> Compacted | None:
        """See `Tables.compact`."""
        with self._at.explained(f"compacting the table {name}"):
            return lance_maintenance.compact(self._at, checked_name(name))

    def remove(self, name: str, where: pc.Expression) -> int:
        """See `Tables.remove`."""
        with self._at.explained(f"removing rows of the table {name}"):
            return lance_maintenance.remove(self._at, checked_name(name), where)

    def versions(self, name: str) -> list[Version]:
        """See `Tables.versions`."""
        with self._at.explained(f"listing the versions of the table {name}"):
            return lance_maintenance.versions(self._at, checked_name(name))

    def clean(self, name: str, *, keep: Collection[int] = (), older_than_s: float = 0.0) -> int:
        """See `Tables.clean`."""
        with self._at.explained(f"cleaning the table {name}"):
            return lance_maintenance.clean(self._at, checked_name(name), keep, older_than_s)

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
            dataset = self._opened(name)
            if dataset is None:
                dataset = self._at.made(name, schema)
            before = dataset.version
            hold_types(name, schema, dataset.schema)
            lacking = [field for field in schema if dataset.schema.get_field_index(field.name) < 0]
            if not lacking:
                break
            try:
                fault("widen:before-commit")
                with self._at.turn():
                    dataset.add_columns(pa.schema(lacking))
            except RAISED:
                if tries_left == 1 or self.version(name) in {0, before}:
                    raise
                continue  # another process appended or added columns, perhaps these, in between: look again
            fault("widen:committed")
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


def _holds(dataset: Any, fragments: list[Any]) -> bool:
    """Whether the fragments are part of the dataset; the names of their files are like no others."""
    there = {file.path for fragment in dataset.get_fragments() for file in fragment.data_files()}
    return all(file.path in there for fragment in fragments for file in fragment.files)


def _stored(dataset: Any, wanted: pa.Schema) -> list[str]:
    return [column for column in wanted.names if dataset.schema.get_field_index(column) >= 0]
