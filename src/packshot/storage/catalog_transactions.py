"""The transactions that every part of the catalog is written in, and how values lie in its columns."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from packshot.storage.sqlite import WRITES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection, Table

    from packshot.storage.databases import Database

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_TIME = "%Y%m%dT%H%M%S"


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Transactions:
    """A database, a clock, and transactions whose errors say what to do."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        """Use a database whose tables are there; `now` tells the time."""
        self._database = database
        self._engine = database.engine()
        self._now = now
        self._place = database.place
        self._threads = threading.local()

    @contextlib.contextmanager
    def _write(self, doing: str) -> Iterator[Connection]:
        with (
            self._database.explained(doing),
            self._engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def _read(self, doing: str) -> Iterator[Connection]:
        with self._database.explained(doing), self._engine.connect() as connection:
            yield connection

    def _new_id(self) -> str:
        """An id that sorts by time and can be the name of a folder."""
        return f"{self._now().astimezone(UTC):{_ID_TIME}}-{secrets.token_hex(4)}"


def put_once(connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> bool:
    """Insert a row unless its key is there; gives whether it was inserted. The transaction must be a writing one."""
    ((column, value),) = key.items()
    if connection.execute(select(table.c[column]).where(table.c[column] == value)).first() is not None:
        return False
    connection.execute(table.insert().values({**key, **values}))
    return True


def as_json(value: Mapping[str, object]) -> str:
    """JSON text: equal mappings give equal text."""
    return json.dumps(dict(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def microseconds(time: datetime) -> int:
    """A time as it is stored: microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def begun(new_id: str) -> int:
    """When an id was given, in microseconds since 1970; by the id itself, to the second."""
    return microseconds(datetime.strptime(new_id.partition("-")[0], _ID_TIME).replace(tzinfo=UTC))


def time_of(us: int) -> datetime:
    """A stored time, in UTC."""
    return _EPOCH + timedelta(microseconds=us)


def time_or_none(us: int | None) -> datetime | None:
    """A stored time, or none."""
    return None if us is None else time_of(us)
