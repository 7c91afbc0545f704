"""An SQLite database that survives power cuts and is shared by processes, and what its refusals mean."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
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


def sqlite_engine(url: URL) -> Engine:
    """An engine in WAL mode that syncs every commit, waits for other writers, and holds foreign keys."""
    engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


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


def back_up(url: URL, name: str) -> Path | None:
    """Copy the committed state of a database to a file beside it, `catalog.sqlite` to `catalog-NAME.sqlite`.

    The copy is there wholly or not at all, and on the disk. It replaces one of that name. None for a database that is
    in no file.
    """
    if not url.database or url.database == ":memory:":
        return None
    file = Path(url.database)
    copy = file.with_name(f"{file.stem}-{name}{file.suffix}")
    unfinished = file.with_name(f"{copy.name}.tmp")
    with explained(f"copying {file.name} to {copy.name}"):
        try:
            with contextlib.closing(sqlite3.connect(file)) as source, contextlib.closing(_new(unfinished)) as target:
                source.backup(target)
            sync_file(unfinished)
            unfinished.replace(copy)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(copy.parent)
    return copy


def _new(file: Path) -> sqlite3.Connection:
    file.unlink(missing_ok=True)
    return sqlite3.connect(file)


@contextlib.contextmanager
def sql_explained(doing: str, place: str) -> Iterator[None]:
    """Turn a database error raised inside into a WorkspaceError; `place` is the URL without its password."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY
        if code in _DAMAGED:
            raise WorkspaceError(
                f"The catalog {place} is damaged or is not an SQLite database.",
                "Restore it from a backup, or start a new workspace with --workspace.",
            ) from error
        if code in _BUSY:
            raise WorkspaceError(
                f"The catalog {place} is in use: {doing} waited {_BUSY_S:.0f} seconds for another process.",
                "Run the command again when the other has finished.",
            ) from error
        if code == sqlite3.SQLITE_CANTOPEN:
            raise WorkspaceError(
                f"The catalog {place} cannot be opened.",
                "Its folder must exist, and this user must be able to read and write it.",
            ) from error
        raise workspace_error(_ERRNO.get(code), doing, str(error.orig)) from error
