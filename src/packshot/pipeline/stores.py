"""The stores of one workspace, opened together."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from packshot.core.errors import NoWorkspace, WorkspaceError
from packshot.pipeline.workspace_place import MARKER, catalog_elsewhere, local_folder
from packshot.storage.blobs import BlobStore
from packshot.storage.catalog import Catalog
from packshot.storage.durable import explained, make_folder
from packshot.storage.lance_tables import LanceTables
from packshot.storage.place import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from packshot.storage.catalog_leases import Lease
    from packshot.storage.place import Place
    from packshot.storage.tables import Tables

CATALOG = "catalog.sqlite"


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a workspace keeps what."""

    root: Path
    """A folder on this machine: the workspace or, of one in an object store, where its catalog and report lie."""
    place: Place
    """The workspace."""
    tables: Tables
    catalog: Catalog
    blobs: BlobStore
    thumbnails: BlobStore

    @classmethod
    def open(cls, place: str | Path, *, create: bool, catalog: str | Path | None = None) -> Self:
        """Open the workspace at `place`, a folder or a URL.

        Args:
            place: Where tables and files are: a folder, or `s3://bucket/prefix`.
            create: Make it where there is none.
            catalog: A file or database URL for what is small and changes. In the workspace's own folder by default; for
                one in an object store a file in this user's data folder, named after the place: it stays on this
                machine.

        Raises:
            WorkspaceError: There is no workspace (unless `create`), something else is there, the catalog is not the one
                it was made with, or it cannot be read or written.
            UsageError, MissingExtra: No workspace can be kept at that URL; its client is not installed.
        """
        found = place_of(place)
        root = found.folder or local_folder(found)
        if catalog is None and found.folder:
            opened = _own_catalog(root, create=create)
        else:
            opened = catalog_elsewhere(found, root, catalog or root / CATALOG, create=create)
        tables = LanceTables(found.below("tables"))
        blobs, thumbnails = BlobStore(found.below("blobs")), BlobStore(found.below("thumbnails"), ".jpg")
        return cls(root, found, tables, opened, blobs, thumbnails)

    def close(self) -> None:
        """Close what is open."""
        self.catalog.close()

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[Lease]:
        """Hold the lease `name` of this workspace: others wait, wherever they run, as long as this process is alive.

        What this thread commits meanwhile is refused with LostLease when another has taken over; `hold()` tells.
        """
        with self.catalog.lease(name) as lease:
            yield lease

    def same_state(self, versions: Mapping[str, int]) -> dict[str, int]:
        """The `versions` of tables, each in place of all later ones that hold the same rows, only stored otherwise."""
        same = self.catalog.same_rows()
        found = {}
        for name, version in versions.items():
            older = same.get(name, {})
            first = version
            while first in older:
                first = older[first]
            found[name] = first
        return found

    def frame(self, name: str, schema: pa.Schema, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows of a table; without the table, no rows in that schema."""
        found = pl.from_arrow(self.tables.read(name, columns, schema=schema))
        assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table always becomes a frame; this tells the types
        return found


def _own_catalog(root: Path, *, create: bool) -> Catalog:
    """The catalog in the workspace's own folder."""
    _hold_catalog(root)
    if not (root / CATALOG).is_file():
        _may_become_a_workspace(root, create=create)
        with explained(f"making the workspace {root}"):
            make_folder(root)
    return Catalog.open(root / CATALOG)


def _hold_catalog(root: Path) -> None:
    """Refuse a workspace whose tables are there and whose catalog is not: a new one would take them for nothing."""
    with explained(f"looking into {root}"):
        catalog, tables = root / CATALOG, root / "tables"
        lost = not catalog.is_file() or catalog.stat().st_size == 0
        if lost and tables.is_dir() and any(tables.iterdir()):
            message = f"The workspace {root} has lost its {CATALOG}."
            raise WorkspaceError(message, "Restore it from a backup, or make a new workspace from the source.")


def _may_become_a_workspace(root: Path, *, create: bool) -> None:
    if not create:
        raise NoWorkspace(str(root))
    with explained(f"looking into {root}"):
        if root.exists() and not root.is_dir():
            raise WorkspaceError(f"{root} is a file.", "Name a folder, or a place where none is yet.")
        if (root / MARKER).is_file():
            message = f"The workspace {root} keeps its catalog elsewhere."
            raise WorkspaceError(message, "Say where: --catalog FILE or URL, as when it was made.")
        if root.is_dir() and any(root.iterdir()):
            message = f"The folder {root} holds something else: there is no {CATALOG} in it."
            raise WorkspaceError(message, "Name an empty folder, or one that packshot made.")
