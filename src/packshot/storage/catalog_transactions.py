"""The transactions that every part of the catalog is written in, and how values lie in its columns."""

from __future__ import annotations

import contextlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from packshot.storage.sqlite import WRITES, sql_explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection, Engine, Table

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Transactions:
    """A database, a clock, and transactions whose errors say what to do."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] = utc_now) -> None:
        """Use an engine whose tables are there."""
        self._engine = engine
        self._now = now
        self._place = engine.url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def _write(self, doing: str) -> Iterator[Connection]:
        with (
            sql_explained(doing, self._place),
            self._engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextlib.contextmanager
    def _read(self, doing: str) -> Iterator[Connection]:
        with sql_explained(doing, self._place), self._engine.connect() as connection:
            yield connection

    def _new_id(self) -> str:
        """An id that sorts by time and can be the name of a folder."""
        return f"{self._now().astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


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


def time_of(us: int) -> datetime:
    """A stored time, in UTC."""
    return _EPOCH + timedelta(microseconds=us)


def time_or_none(us: int | None) -> datetime | None:
    """A stored time, or none."""
    return None if us is None else time_of(us)
