"""Writes the parts of a large table while the next part is being made."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from types import TracebackType

    from packshot.storage.tables import Tables

WAITING = 2
"""Parts of one table that wait to be written; who makes the next one waits for the first of them."""


class Writer:
    """Appends frames to tables, each table in a thread of its own and in order; use it in a `with` block.

    Leaving the block waits for the last append. What an append raises (WorkspaceError) comes out of a later `append` or
    of leaving the block, whichever is first.
    """

    def __init__(self, tables: Tables) -> None:
        """Append to `tables`."""
        self._tables = tables
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._waiting: dict[str, deque[Future[int]]] = {}

    def __enter__(self) -> Self:
        """Use it in a `with` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for all appends; where the block failed, leave out those that have not begun."""
        for thread in self._threads.values():
            thread.shutdown(wait=True, cancel_futures=error is not None)
        if error is None:
            for waiting in self._waiting.values():
                while waiting:
                    waiting.popleft().result()

    def append(self, name: str, frame: pl.DataFrame, schema: pa.Schema) -> None:
        """Append `frame` to the table `name`; enums become texts. No rows: nothing happens."""
        waiting = self._waiting.setdefault(name, deque())
        while len(waiting) >= WAITING:
            waiting.popleft().result()
        if frame.height:
            if name not in self._threads:
                self._threads[name] = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
            waiting.append(self._threads[name].submit(self._append, name, frame, schema))

    def _append(self, name: str, frame: pl.DataFrame, schema: pa.Schema) -> int:
        return self._tables.append(name, table_of(frame, schema))


def table_of(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """The columns of `schema` out of `frame`, in its types."""
    return pa.Table.from_arrays([_column(frame[field.name], field.type) for field in schema], schema=schema)


def _column(values: pl.Series, kind: pa.DataType) -> pa.Array[Any]:
    # Texts are handed over as views, and copied once, by the cast; Arrow cannot cast enums of views.
    level = pl.CompatLevel.oldest() if isinstance(values.dtype, pl.Enum) else pl.CompatLevel.newest()
    return values.to_arrow(compat_level=level).cast(kind)
