"""The databases that a catalog can be kept in, by URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from packshot.core.errors import WorkspaceError
from packshot.storage.postgres import Postgres
from packshot.storage.sqlite import Sqlite

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Engine

_HOW = "sqlite:////folder/catalog.sqlite, or postgresql+psycopg://user@host/database"


class Database(Protocol):
    """What a catalog asks of a database."""

    place: str
    """Where it is, for people; without its password."""
    writable: bool
    """Whether this process may write it."""

    def engine(self) -> Engine:
        """An engine whose committed transactions survive power cuts, and whose writing ones (WRITES) come one by one.

        Raises MissingExtra where its driver is not installed.
        """
        ...

    def explained(self, doing: str) -> AbstractContextManager[None]:
        """Turn a database error raised inside into a WorkspaceError that says what to do."""
        ...

    def back_up(self, name: str) -> None:
        """Copy the committed state to where it can be found again by `name`, before a new format is made of it."""
        ...


def database_of(place: str | Path) -> Database:
    """The database in a file, or at a URL; nothing is opened.

    Raises:
        WorkspaceError: It is no URL, or that of a database that packshot does not know.
    """
    try:
        url = make_url(place) if isinstance(place, str) else URL.create("sqlite", database=str(place))
    except ArgumentError:
        # Not from the error: it may quote the URL, and with it a password.
        raise WorkspaceError("The catalog's URL cannot be read.", f"Write {_HOW}") from None
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return Sqlite(url)
    if url.drivername == "postgresql+psycopg":
        return Postgres(url)
    raise WorkspaceError(f"The catalog cannot be kept in {url.drivername}.", f"Write {_HOW}")
