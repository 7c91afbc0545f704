"""The catalog: what is small, changes, and must change as a whole."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from sqlalchemy import inspect, select

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_judgements import JudgementRecords
from packshot.storage.catalog_labels import LabelRecords
from packshot.storage.catalog_marks import MarkRecords
from packshot.storage.catalog_runs import RunRecords
from packshot.storage.catalog_sources import SourceRecords
from packshot.storage.catalog_tables import FORMAT_VERSION, METADATA, WORKSPACE
from packshot.storage.catalog_transactions import utc_now
from packshot.storage.databases import database_of
from packshot.storage.migrations import migrate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

__all__ = ["Catalog", "utc_now"]


class Catalog(SourceRecords, RunRecords, JudgementRecords, MarkRecords, LabelRecords):
    """Sources, snapshots, passes, runs, policies, judgements, what people say, and which of them are current.

    Every method is one transaction; what it wrote survives a power cut when it returns. Errors are WorkspaceErrors.
    It may be used from many threads and, opened in each, from many processes.
    """

    @classmethod
    def open(cls, place: str | Path, *, now: Callable[[], datetime] = utc_now) -> Self:
        """Open the catalog in a file, or at a URL; make it if need be.

        URLs are `sqlite:////data/shop/catalog.sqlite` and `postgresql+psycopg://user@host/database`.

        A catalog of an older format becomes one of this format; what it was lies beside it then.

        Raises:
            WorkspaceError: It cannot be opened, belongs to a newer packshot or to something else, or is no such URL.
            MissingExtra: It is in PostgreSQL, and packshot[postgres] is not installed.
        """
        catalog = cls(database_of(place), now)
        try:
            catalog._hold_format()
        except BaseException:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Close the connections; the catalog opens them again when it is used again."""
        self._engine.dispose()

    @property
    def writable(self) -> bool:
        """Whether this process may write it, as far as can be told without writing."""
        return self._database.writable

    @property
    def workspace_id(self) -> str:
        """The id that this workspace got when it was made, by which other places know that they belong to it."""
        with self._read("reading the id of the workspace") as connection:
            return str(connection.execute(select(WORKSPACE.c.workspace_id)).scalar_one())

    def _hold_format(self) -> None:
        """Make the tables where there are none, and renew those of an old one; refuse what is newer or not ours."""
        with self._read("opening the catalog") as connection:
            found = set(inspect(connection).get_table_names())
            version = (
                connection.execute(select(WORKSPACE.c.format_version)).scalar() if WORKSPACE.name in found else None
            )
        if version is None and found - set(METADATA.tables):
            raise WorkspaceError(
                f"The database {self._place} holds other tables and is no packshot catalog.",
                "Name another workspace with --workspace.",
            )
        if version == FORMAT_VERSION:
            return
        if version is None:
            self._make()
        elif version < FORMAT_VERSION and not self.writable:
            raise WorkspaceError(
                f"The workspace is read-only, and of format {version}: format {FORMAT_VERSION} is read here.",
                "Open it once as a user who may write it, or read it with the version that made it.",
            )
        elif version < FORMAT_VERSION:
            self._renew()
        else:
            raise WorkspaceError(
                f"A newer packshot made this workspace: its format is {version}, this one reads {FORMAT_VERSION}.",
                "pip install --upgrade packshot",
            )

    def _make(self) -> None:
        with self._write("making the catalog") as connection:
            METADATA.create_all(connection)
            if connection.execute(select(WORKSPACE)).first() is None:
                values = {"format_version": FORMAT_VERSION, "workspace_id": str(uuid.uuid4())}
                connection.execute(WORKSPACE.insert().values(values))

    def _renew(self) -> None:
        with self._write("bringing the catalog to this version's format") as connection:
            version = connection.execute(select(WORKSPACE.c.format_version)).scalar_one()
            if version < FORMAT_VERSION:  # another process may have done it while this one waited
                # The copy is made while no other process can write: it holds what the old version left, nothing newer.
                self._database.back_up(f"format-{version}")
                migrate(connection, version, FORMAT_VERSION)
