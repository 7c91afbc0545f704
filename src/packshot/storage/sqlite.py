"""An SQLite database that survives power cuts and is shared by processes, and what its refusals mean."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from packshot.core.errors import WorkspaceError
from packshot.storage.durable import explained, sync_file, sync_folder, workspace_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

WRITES = "packshot_writes"
"""The execution option of a connection whose transaction will write."""

_BUSY_S = 30.0
_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY = 0xFF
"""The primary part of an extended SQLite error code."""


class Sqlite:
    """A database in a file on a local disk."""

    def __init__(self, url: URL) -> None:
        """Use the file of that URL; nothing is opened before it is used."""
        self._url = url
        self.place = url.set(query={}).render_as_string(hide_password=True)
        self._file = Path(url.database) if url.database and url.database != ":memory:" else None
        self.writable = self._file is None or _may_write(self._file)

    def engine(self) -> Engine:
        """An engine in WAL mode that syncs every commit, waits for other writers, and holds foreign keys."""
        if self.writable or self._file is None:
            engine = create_engine(self._url, connect_args={"timeout": _BUSY_S})
            event.listen(engine, "connect", _prepare)
        else:
            engine = create_engine("sqlite://", creator=functools.partial(_only_read, self._file), poolclass=QueuePool)
        event.listen(engine, "begin", _begin)
        return engine

    @contextlib.contextmanager
    def explained(self, doing: str) -> Iterator[None]:
        """Turn a database error raised inside into a WorkspaceError that says what to do."""
        try:
            yield
        except DBAPIError as error:
            raise self._error(error.orig, doing) from error

    def back_up(self, name: str) -> None:
        """Copy the committed state to a file beside it, `catalog.sqlite` to `catalog-NAME.sqlite`.

        The copy is there wholly or not at all, and on the disk. It replaces one of that name.
        """
        if self._file is None:
            return
        file = self._file
        copy = file.with_name(f"{file.stem}-{name}{file.suffix}")
        unfinished = file.with_name(f"{copy.name}.tmp")
        with self._copy_explained(f"copying {file.name} to {copy.name}"):
            try:
                unfinished.unlink(missing_ok=True)
                with (
                    contextlib.closing(sqlite3.connect(file)) as source,
                    contextlib.closing(sqlite3.connect(unfinished)) as target,
                ):
                    source.backup(target)
                sync_file(unfinished)
                unfinished.replace(copy)
            finally:
                unfinished.unlink(missing_ok=True)
            sync_folder(copy.parent)

    @contextlib.contextmanager
    def _copy_explained(self, doing: str) -> Iterator[None]:
        try:
            with explained(doing):
                yield
        except sqlite3.Error as error:
            raise self._error(error, doing) from error

    def _error(self, error: BaseException | None, doing: str) -> WorkspaceError:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code in _DAMAGED:
            return WorkspaceError(
                f"The catalog {self.place} is damaged or is not an SQLite database.",
                "Restore it from a backup, or start a new workspace with --workspace.",
            )
        if code in _BUSY:
            return WorkspaceError(
                f"The catalog {self.place} is in use: {doing} waited {_BUSY_S:.0f} seconds for another process.",
                "Run the command again when the other has finished.",
            )
        if code == sqlite3.SQLITE_CANTOPEN and not self.writable:
            return WorkspaceError(
                f"The catalog {self.place} cannot be opened for reading only: a process that wrote it was killed.",
                "Look into it once as a user who may write it, for example with `packshot runs`.",
            )
        if code == sqlite3.SQLITE_CANTOPEN:
            return WorkspaceError(
                f"The catalog {self.place} cannot be opened.",
                "Its folder must exist, and this user must be able to read and write it.",
            )
        return workspace_error(_ERRNO.get(code), doing, str(error))


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin transactions late and deferred, which makes two writers fail: `_begin` does it instead.
    connection.isolation_level = None
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for its lock here as it does elsewhere, and another process may be entering WAL mode too.
    until = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY not in _BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _may_write(file: Path) -> bool:
    """Whether SQLite can write the file: for that it needs to make others beside it."""
    # Asked in this order: another process may make the file in between, and it is writable then.
    return os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))


def _only_read(file: Path) -> sqlite3.Connection:
    """A connection that reads a file which this process may not write.

    SQLite would make two files beside it. Where no writer has left its log, all is in the file itself, and it can be
    read as one that does not change. Where there is a log, it is read, with the help of the writer's files.
    """
    log = file.with_name(file.name + "-wal")
    with explained(f"looking for {log}"):
        mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    connection = sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?{mode}", timeout=_BUSY_S, uri=True, check_same_thread=False
    )
    connection.isolation_level = None
    return connection
