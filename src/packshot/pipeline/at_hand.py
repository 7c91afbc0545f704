"""Which row of a shard is being worked on: told by the work, heard by whoever supervises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NO_ROW = -1
"""Told between rows: before the first, after the last, while an answer is put together."""


def _nobody(row: int) -> None:
    """Nobody listens: tests, and engines that do not supervise."""


_listener: Callable[[int], None] = _nobody


def announce(row: int) -> None:
    """Say that the row number `row` of the shard is begun now, or that none is at hand (`NO_ROW`).

    Work calls it once for each row: a supervisor then knows what a process died of, and for how long it has been at
    one row. Costs less than a microsecond, and nothing where nobody listens.
    """
    _listener(row)


def listen(listener: Callable[[int], None]) -> None:
    """Let `listener` hear every announcement made in this process from now on; engines call it in their workers."""
    global _listener  # noqa: PLW0603 - one process works on one row at a time
    _listener = listener
