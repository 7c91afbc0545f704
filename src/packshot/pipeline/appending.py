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


class Appender:
    """Rows on their way into tables. Tables are committed in the order in which they were named."""

    def __init__(self, tables: Tables, names: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> None:
        """Collect rows for the tables `names`; what the first ones say must be true before the later ones are."""
        self._tables = tables
        self._waiting: dict[str, list[pa.Table]] = {name: [] for name in names}
        self._clock = clock
        self._since = clock()

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Take rows; commit when there are many of them or the last commit was long ago."""
        for name, rows in tables.items():
            if rows.num_rows:
                self._waiting[name].append(rows)
        many = any(sum(part.num_rows for part in parts) >= ROWS for parts in self._waiting.values())
        if many or self._clock() - self._since >= SECONDS:
            self.commit()

    def commit(self) -> None:
        """Commit what is waiting."""
        for name, parts in self._waiting.items():
            if parts:
                self._tables.append(name, pa.concat_tables(parts))
                parts.clear()
        self._since = self._clock()
