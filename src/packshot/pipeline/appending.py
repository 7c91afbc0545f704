"""Collects what workers give and commits it now and then: every 10,000 rows or 30 seconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packshot.storage.tables import Tables

ROWS = 10_000
SECONDS = 30.0
PACKED_ROWS = 1_000
"""From so many rows on, what workers gave is put into one piece: a row in a table of sixteen takes several times as
much memory as in one of a thousand, and leaves it in crumbs."""


class Appender:
    """Rows on their way into tables. Tables are committed in the order in which they were named."""

    def __init__(self, tables: Tables, names: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> None:
        """Collect rows for the tables `names`; what the first ones say must be true before the later ones are."""
        self._tables = tables
        self._waiting: dict[str, list[pa.Table]] = {name: [] for name in names}
        self._loose: dict[str, list[pa.Table]] = {name: [] for name in names}
        self._clock = clock
        self._since = clock()

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Take rows; commit when there are many of them or the last commit was long ago."""
        for name, rows in tables.items():
            if rows.num_rows:
                self._loose[name].append(rows)
                if _rows(self._loose[name]) >= PACKED_ROWS:
                    self._pack(name)
        many = any(_rows(self._waiting[name]) + _rows(self._loose[name]) >= ROWS for name in self._waiting)
        if many or self._clock() - self._since >= SECONDS:
            self.commit()

    def commit(self) -> None:
        """Commit what is waiting."""
        for name, parts in self._waiting.items():
            self._pack(name)
            if parts:
                self._tables.append(name, pa.concat_tables(parts))
                parts.clear()
        self._since = self._clock()

    def _pack(self, name: str) -> None:
        if loose := self._loose[name]:
            self._waiting[name].append(pa.concat_tables(loose).combine_chunks())
            loose.clear()


def _rows(parts: list[pa.Table]) -> int:
    return sum(part.num_rows for part in parts)
