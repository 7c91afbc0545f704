"""Cuts rows into shards, runs them on an engine, and runs again alone what a dying worker left unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.pipeline.engine import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from packshot.pipeline.engine import Engine, Outcome, Work


def shards_of(rows: pa.Table, size: int) -> Iterator[Shard]:
    """`rows` in order, `size` to a shard."""
    for number, start in enumerate(range(0, rows.num_rows, size)):
        yield Shard(number, rows.slice(start, size))


def answered(engine: Engine, work: Work, rows: pa.Table, size: int) -> Iterator[Outcome]:
    """Run `work` over `rows`; every row comes back once, in an outcome with tables or, alone, in one without.

    This is the one place that decides about running something again: rows whose worker died run once more, one at a
    time and nothing beside them, so that only the row that kills its worker twice is given up.
    """
    unanswered: list[Shard] = []
    for outcome in engine.run(work, shards_of(rows, size)):
        if outcome.tables is None:
            unanswered.append(outcome.shard)
        else:
            yield outcome
    for shard in unanswered:
        yield from engine.run(work, shards_of(shard.rows, 1), alone=True)
