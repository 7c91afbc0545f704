"""Tables as Lance datasets in a folder on a local disk."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import uuid
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
from packshot.storage import lance_versions
from packshot.storage.durable import explained, make_folder, sync_folder, workspace_error
from packshot.storage.tables import checked_name, filled, hold_types, plain_rows, wanted_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow.compute as pc

_SUFFIX = ".lance"
_MAKING = ".making-"
_DROPPED = ".dropped-"
_TRIES = 30
"""How often a commit that others got ahead of is tried again; Lance itself tries 20 times within each."""
_READ_BUFFER_BYTES = 64 << 20
"""What a streaming read may hold ahead of its reader."""


class LanceTables:
    """The `Tables` contract on Lance; nothing is written before the first append.

    Lance syncs nothing itself, so every append syncs its data before the commit that names it, and the commit
    before it returns. Instances are cheap, and may be used from many threads; processes must be spawned, not forked.
    """

    def __init__(self, root: str | Path) -> None:
        """Use the folder `root`.

        Raises:
            WorkspaceError: `root` is a URL.
        """
        if "://" in str(root):
            raise WorkspaceError(f"Tables cannot be kept at {root}.", "Name a folder on a local disk.")
        self._root = Path(root).absolute()
        self._looked_at: set[str] = set()

    def append(self, name: str, rows: pa.Table) -> int:
        """See `Tables.append`."""
        if rows.num_rows == 0 or rows.num_columns == 0:
            return self.version(name)
        rows = plain_rows(name, rows)
        with _lance_explained(f"appending {rows.num_rows:,} rows to the table {name}"):
            dataset = self._with_columns(name, rows.schema)
            fragments = write_fragments(rows, dataset, mode="append")
            folder = self._folder(name)
            lance_versions.sync_data(folder, [file.path for fragment in fragments for file in fragment.files])
            for tries_left in range(_TRIES, 0, -1):
                transaction = Transaction(dataset.version, LanceOperation.Append(fragments))
                try:
                    dataset = lance.LanceDataset.commit(dataset, transaction)
                except CommitConflictError:
                    if tries_left == 1:
                        raise
                    dataset = lance.dataset(folder)
                else:
                    break
            lance_versions.sync_version(folder, dataset.version, transaction.uuid)
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
        with _lance_explained(f"reading the table {name}"):
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
        with _lance_explained(f"reading the table {name}"):
            dataset = self._opened(name, version)
            wanted = wanted_schema(name, dataset.schema if dataset else None, columns, schema)
        return self._stream(name, dataset, wanted, where, rows) if dataset else iter(())

    def version(self, name: str) -> int:
        """See `Tables.version`."""
        with _lance_explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return int(dataset.version) if dataset else 0

    def schema(self, name: str) -> pa.Schema | None:
        """See `Tables.schema`."""
        with _lance_explained(f"opening the table {name}"):
            dataset = self._opened(name)
            return dataset.schema if dataset else None

    def names(self, prefix: str = "") -> list[str]:
        """See `Tables.names`."""
        found = []
        with explained("listing the tables"):
            for folder, below, _ in os.walk(self._root, onerror=_unless_absent):
                tables = [entry for entry in below if entry.endswith(_SUFFIX)]
                below[:] = [entry for entry in below if entry not in tables and not entry.startswith(".")]
                paths = [Path(folder, entry).relative_to(self._root) for entry in tables]
                found += [path.as_posix().removesuffix(_SUFFIX) for path in paths]
        return sorted(name for name in found if name.startswith(prefix))

    def drop(self, name: str) -> None:
        """See `Tables.drop`."""
        folder = self._folder(name)
        with explained(f"deleting the table {name}"):
            if folder.exists():
                # Renamed first: a reader finds all of the table or none, even if this process dies while deleting.
                folder.rename(folder.with_name(f"{_DROPPED}{uuid.uuid4().hex}"))
                sync_folder(folder.parent)
            for remains in folder.parent.glob(f"{_DROPPED}*"):
                shutil.rmtree(remains, ignore_errors=True)  # another process may be at it; what stays is not a table
        self._looked_at.discard(name)

    def _folder(self, name: str) -> Path:
        return self._root / f"{checked_name(name)}{_SUFFIX}"

    def _opened(self, name: str, version: int | None = None) -> Any | None:
        """The dataset, at its newest or a given version; None where there is none (yet)."""
        folder = self._folder(name)
        if version == 0:
            return None
        if not folder.exists():
            if version is None:
                return None
            raise WorkspaceError(f"There is no table {name} any more.", "Judge again, to read what there is now.")
        if name not in self._looked_at:
            lance_versions.step_back(folder)
            self._looked_at.add(name)
        if version is not None and not lance_versions.manifest(folder, version).exists():
            raise WorkspaceError(
                f"The table {name} has no version {version}.",
                "It was cleaned up, or belongs to another workspace: judge again to read the newest.",
            )
        return lance.dataset(folder, version=version)

    def _with_columns(self, name: str, schema: pa.Schema) -> Any:
        """The dataset at its newest version, made or widened so that it has the columns of `schema`."""
        folder = self._folder(name)
        for tries_left in range(_TRIES, 0, -1):
            dataset = self._opened(name) or self._made(folder, schema)
            hold_types(name, schema, dataset.schema)
            lacking = [field for field in schema if dataset.schema.get_field_index(field.name) < 0]
            if not lacking:
                break
            try:
                dataset.add_columns(pa.schema(lacking))
            except CommitConflictError:
                if tries_left == 1:
                    raise
                continue  # another process appended or added columns, perhaps these, in between: look again
            lance_versions.sync_version(folder, dataset.version)
            break
        return dataset

    def _made(self, folder: Path, schema: pa.Schema) -> Any:
        """A new dataset without rows, or the one that another process made in the meantime."""
        make_folder(folder.parent)
        # Made beside its place and moved there, which fails if there is one: Lance's own mode="create" overwrites
        # what another process has made, and filled, since it looked.
        making = folder.with_name(f"{_MAKING}{uuid.uuid4().hex}")
        try:
            dataset = lance.write_dataset(schema.empty_table(), making, mode="create")
            lance_versions.sync_version(making, dataset.version)
            making.rename(folder)
        except OSError as error:
            shutil.rmtree(making, ignore_errors=True)
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        sync_folder(folder.parent)
        return lance.dataset(folder)

    def _stream(
        self, name: str, dataset: Any, wanted: pa.Schema, where: pc.Expression | None, rows: int
    ) -> Iterator[pa.RecordBatch]:
        with _lance_explained(f"reading the table {name}"):
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
            with _lance_explained(f"reading the table {name}"):
                batch = next(stream, None)
            if batch is None:
                return
            yield from filled(pa.Table.from_batches([batch]), wanted).to_batches()


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _stored(dataset: Any, wanted: pa.Schema) -> list[str]:
    return [column for column in wanted.names if dataset.schema.get_field_index(column) >= 0]


@contextlib.contextmanager
def _lance_explained(doing: str) -> Iterator[None]:
    """Turn whatever Lance, Arrow or the system raises inside into a WorkspaceError."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, NotImplementedError, pa.ArrowException) as error:
        raise workspace_error(_errno(error), doing, _said(error)) from error


def _errno(error: Exception) -> int | None:
    """The errno behind an error.

    Lance raises OSError, ValueError or ArrowInvalid without one, and has the number of the system's refusal in its
    text only, always in the form that Rust's standard library gives it: `(os error 28)`.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None


def _said(error: Exception) -> str:
    """What Lance says, without the places in its own source files."""
    return re.sub(r",? (location: )?/\S+\.rs:\d+:\d+", "", str(error))
