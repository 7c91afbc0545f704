"""A catalog in PostgreSQL, shared by hosts, and what the server's refusals mean."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError

from packshot.core.errors import MissingExtra, WorkspaceError
from packshot.storage.durable import workspace_error
from packshot.storage.sqlite import WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

_WRITERS = 0x7061636B73686F74
"""The advisory lock of those who write: the text `packshot` as a number."""
_BUSY_MS = 30_000
_CONNECT_S = 10
_FULL, _READ_ONLY, _DENIED, _NO_LOCK, _CANCELLED = "53100", "25006", "42501", "55P03", "57014"
_NO_ACCESS = "28"
"""The class of SQLSTATEs for a wrong name or password."""


class Postgres:
    """A database on a server, by a URL such as `postgresql+psycopg://user@host/database`."""

    writable = True

    def __init__(self, url: URL) -> None:
        """Use the database at that URL; it is not opened before it is used."""
        self._url = url
        self.place = _shown(url)

    def engine(self) -> Engine:
        """An engine whose writing transactions come one after another, as they do in SQLite."""
        if importlib.util.find_spec("psycopg") is None:
            raise MissingExtra("A catalog in PostgreSQL", "postgres")
        # A connection that the server or a firewall has closed meanwhile is opened anew instead of failing a run.
        wait = {"connect_timeout": _CONNECT_S, "options": f"-c lock_timeout={_BUSY_MS}"}
        query = {name: value for name, value in self._url.query.items() if name in wait}
        engine = create_engine(self._url, pool_pre_ping=True, connect_args={**wait, **query})
        event.listen(engine, "begin", _begin)
        return engine

    @contextlib.contextmanager
    def explained(self, doing: str) -> Iterator[None]:
        """Turn a database error raised inside into a WorkspaceError that says what to do."""
        try:
            yield
        except DBAPIError as error:
            raise self._error(error, doing) from error

    def back_up(self, name: str) -> None:
        """Do nothing: the server keeps the old format until the new one is committed, and its backups are its own."""

    def _error(self, error: DBAPIError, doing: str) -> WorkspaceError:
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if not state or state.startswith(("08", "57P")):
            return WorkspaceError(
                f"The catalog {self.place} cannot be reached, or the connection was lost: {doing} failed.",
                "See that the server runs and takes connections from here, then run the same command again.",
            )
        if state.startswith(_NO_ACCESS):
            return WorkspaceError(
                f"The server of the catalog {self.place} refuses this user.",
                "See that name and password are right; PGPASSWORD or ~/.pgpass may hold the password.",
            )
        if state in {_NO_LOCK, _CANCELLED}:
            return WorkspaceError(
                f"The catalog {self.place} is in use: {doing} waited {_BUSY_MS // 1000} seconds for another process.",
                "Run the command again when the other has finished.",
            )
        number = {_FULL: errno.ENOSPC, _READ_ONLY: errno.EROFS, _DENIED: errno.EACCES}.get(state)
        return workspace_error(number, f"{doing} in the catalog {self.place}", _first_line(error))


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")


def _shown(url: URL) -> str:
    """The URL without its password, and without what comes after it: a password may stand there, too."""
    return url.set(query={}).render_as_string(hide_password=True)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]
