"""Cuts rows into shards, runs them on an engine, and decides what becomes of the rows of a lost shard."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.pipeline.engine import LossKind, Lost, Outcome, Shard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packshot.pipeline.engine import Engine, Work


def shards_of(rows: pa.Table, size: int) -> Iterator[Shard]:
    """`rows` in order, `size` to a shard."""
    for number, start in enumerate(range(0, rows.num_rows, size)):
        yield Shard(number, rows.slice(start, size))


def answered(engine: Engine, work: Work, rows: pa.Table, size: int) -> Iterator[Outcome]:
    """Run `work` over `rows`; every row comes back once, in an outcome with tables or, alone, in a lost one.

    This is the one place that decides about running something again. A row that took too long is given up at once. A
    row at which its worker died may be innocent (somebody killed the worker, the machine was out of memory): it runs
    once more at the end, alone, and is given up when that worker dies, too. The other rows of a lost shard run again
    together; one by one where nobody knows which row was at hand.
    """
    suspects: list[pa.Table] = []
    waiting: Iterable[Shard] = shards_of(rows, size)
    while True:
        again: list[pa.Table] = []
        for outcome in engine.run(work, waiting):
            if outcome.lost is None:
                yield outcome
                continue
            culprit, others = _parted(outcome.shard.rows, outcome.lost)
            again += others
            if culprit is None:
                continue
            if outcome.lost.kind is LossKind.TIMED_OUT:
                yield Outcome(Shard(outcome.shard.number, culprit), None, outcome.lost)
            else:
                suspects.append(culprit)
        if not again:
            break
        waiting = _numbered(again)
    if suspects:
        yield from engine.run(work, _numbered(suspects), alone=True)


def _numbered(tables: Iterable[pa.Table]) -> Iterator[Shard]:
    return itertools.starmap(Shard, enumerate(tables))


def _parted(rows: pa.Table, lost: Lost) -> tuple[pa.Table | None, list[pa.Table]]:
    """The row that was at hand, if that is known, and the others as the shards in which they run again."""
    row = 0 if rows.num_rows == 1 else lost.row
    if row is None:
        return None, [rows.slice(number, 1) for number in range(rows.num_rows)]
    others = pa.concat_tables([rows.slice(0, row), rows.slice(row + 1)])
    return rows.slice(row, 1), [others] if others.num_rows else []
