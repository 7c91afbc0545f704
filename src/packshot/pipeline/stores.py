"""The stores of one workspace, opened together."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from packshot.core.errors import WorkspaceError
from packshot.storage.blobs import BlobStore
from packshot.storage.catalog import Catalog
from packshot.storage.durable import explained, make_folder
from packshot.storage.lance_tables import LanceTables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from packshot.storage.catalog_leases import Lease
    from packshot.storage.tables import Tables

CATALOG = "catalog.sqlite"


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a workspace keeps what."""

    root: Path
    tables: Tables
    catalog: Catalog
    blobs: BlobStore
    thumbnails: BlobStore

    @classmethod
    def open(cls, root: Path, *, create: bool) -> Self:
        """Open the workspace in the folder `root`.

        Raises WorkspaceError where there is none (unless `create`), where the folder holds something else, or where it
        cannot be read or written.
        """
        root = root.absolute()
        _hold_catalog(root)
        if not (root / CATALOG).is_file():
            _may_become_a_workspace(root, create=create)
            with explained(f"making the workspace {root}"):
                make_folder(root)
        catalog = Catalog.open(root / CATALOG)
        thumbnails = BlobStore(root / "thumbnails", ".jpg")
        return cls(root, LanceTables(root / "tables"), catalog, BlobStore(root / "blobs"), thumbnails)

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

    def frame(self, name: str, schema: pa.Schema, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """The rows of a table; without the table, no rows in that schema."""
        found = pl.from_arrow(self.tables.read(name, columns, schema=schema))
        assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table always becomes a frame; this tells the types
        return found


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
        raise WorkspaceError(
            f"There is no workspace in {root}.", "Make one: packshot run SOURCE --workspace " + str(root)
        )
    with explained(f"looking into {root}"):
        if root.exists() and not root.is_dir():
            raise WorkspaceError(f"{root} is a file.", "Name a folder, or a place where none is yet.")
        if root.is_dir() and any(root.iterdir()):
            message = f"The folder {root} holds something else: there is no {CATALOG} in it."
            raise WorkspaceError(message, "Name an empty folder, or one that packshot made.")
