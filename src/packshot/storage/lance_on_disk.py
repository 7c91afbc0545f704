"""Lance datasets in a folder on a local disk: made safely, synced, and mended when they are opened."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import uuid
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lance

from packshot.core.errors import WorkspaceError
from packshot.storage import lance_versions
from packshot.storage.durable import explained, make_folder, sync_folder
from packshot.storage.faults import fault
from packshot.storage.lance_errors import disk_refusal, lance_explained

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".lance"
MAKING = ".making-"
DROPPED = ".dropped-"
_MAKING_S = 3600.0
"""An unfinished table of that age has been left by somebody who is gone."""


class OnDisk:
    """Where `LanceTables` finds its datasets on a disk. Lance syncs nothing itself: `sync_…` does."""

    options: dict[str, str] | None = None
    """What Lance's client is told."""

    def __init__(self, root: Path) -> None:
        """Use the folder `root`."""
        self._root = root
        self._looked_at: set[str] = set()

    def explained(self, doing: str) -> AbstractContextManager[None]:
        """Turn what Lance raises inside into a WorkspaceError."""
        return lance_explained(doing, disk_refusal)

    def turn(self) -> AbstractContextManager[None]:
        """Writers need not wait for each other: Lance sorts it out."""
        return nullcontext()

    def opened(self, name: str, version: int | None = None) -> Any | None:
        """The dataset, at its newest or a given version; None where there is none (yet)."""
        folder = self._folder(name)
        if not folder.exists():
            return None
        if name not in self._looked_at:
            lance_versions.step_back(folder)
            self._looked_at.add(name)
        if version is not None and not lance_versions.manifest(folder, version).exists():
            raise no_version(name, version)
        return lance.dataset(folder, version=version)

    def made(self, name: str, schema: pa.Schema) -> Any:
        """A new dataset without rows, or the one that another process made in the meantime."""
        folder = self._folder(name)
        make_folder(folder.parent)
        # Made beside its place and moved there, which fails if there is one: Lance's own mode="create" overwrites
        # what another process has made, and filled, since it looked.
        making = folder.with_name(f"{MAKING}{uuid.uuid4().hex}")
        try:
            dataset = lance.write_dataset(schema.empty_table(), making, mode="create")
            lance_versions.sync_version(making, dataset.version)
            fault("make:written")
            making.rename(folder)
            fault("make:placed")
        except OSError as error:
            shutil.rmtree(making, ignore_errors=True)
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
        sync_folder(folder.parent)
        return lance.dataset(folder)

    def sync_data(self, name: str, files: list[str]) -> None:
        """Wait until these new data files are on the disk."""
        lance_versions.sync_data(self._folder(name), files)

    def sync_deletions(self, name: str) -> None:
        """Wait until the files that say which rows were removed are on the disk."""
        lance_versions.sync_deletions(self._folder(name))

    def sync_version(self, name: str, version: int, transaction: str | None = None) -> None:
        """Wait until this version (and its transaction, by uuid) is on the disk."""
        lance_versions.sync_version(self._folder(name), version, transaction)

    def names(self) -> list[str]:
        """The names of all datasets."""
        found = []
        with explained("listing the tables"):
            for folder, below, _ in os.walk(self._root, onerror=_unless_absent):
                tables = [entry for entry in below if entry.endswith(SUFFIX)]
                below[:] = [entry for entry in below if entry not in tables and not entry.startswith(".")]
                paths = [Path(folder, entry).relative_to(self._root) for entry in tables]
                found += [path.as_posix().removesuffix(SUFFIX) for path in paths]
        return found

    def drop(self, name: str) -> None:
        """Delete a dataset with all its versions; nothing happens where there is none."""
        folder = self._folder(name)
        with explained(f"deleting the table {name}"):
            if folder.exists():
                # Renamed first: a reader finds all of the table or none, even if this process dies while deleting.
                folder.rename(folder.with_name(f"{DROPPED}{uuid.uuid4().hex}"))
                fault("drop:renamed")
                sync_folder(folder.parent)
            for remains in folder.parent.glob(f"{DROPPED}*"):
                shutil.rmtree(remains, ignore_errors=True)  # another process may be at it; what stays is not a table
        self._looked_at.discard(name)

    def sweep(self, name: str, older_than_s: float) -> None:
        """Delete torn versions of a dataset, and what was left of making and dropping others beside it."""
        folder = self._folder(name)
        for remains in folder.parent.glob(f"{DROPPED}*"):
            shutil.rmtree(remains, ignore_errors=True)
        for path in [*folder.parent.glob(f"{MAKING}*"), *(folder / lance_versions.VERSIONS).glob("*.broken")]:
            with contextlib.suppress(FileNotFoundError):  # another process has just finished it
                # What somebody is making right now is not touched, however little is to be kept.
                if path.stat().st_mtime <= time.time() - max(older_than_s, _MAKING_S * path.is_dir()):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        sync_folder(folder / lance_versions.VERSIONS)
        sync_folder(folder.parent)

    def _folder(self, name: str) -> Path:
        return self._root / f"{name}{SUFFIX}"


def no_version(name: str, version: int) -> WorkspaceError:
    """The error for a version that is not there."""
    return WorkspaceError(
        f"The table {name} has no version {version}.",
        "It was cleaned up, or belongs to another workspace: judge again to read the newest.",
    )


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
