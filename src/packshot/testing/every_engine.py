"""What every engine must do: the conformance tests, for built-in engines and yours."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.pipeline.engine import Shard, Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.pipeline.engine import Engine

HERE = __name__


def double(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Work for the tests: doubles `n`, says who did it, and dies on the number in `params["deadly"]`."""
    numbers = [int(n) for n in rows.column("n").to_numpy()]
    if params.get("deadly") in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(float(str(params.get("seconds", 0))))
    doubled = [2 * n for n in numbers]
    return {"doubled": pa.table({"n": numbers, "doubled": doubled, "worker": [os.getpid()] * len(numbers)})}


def shards(count: int, size: int = 3) -> list[Shard]:
    """`count` shards of `size` consecutive numbers."""
    return [Shard(i, pa.table({"n": list(range(i * size, (i + 1) * size))})) for i in range(count)]


def gives_every_shard_once(engine: Engine) -> None:
    """Every shard comes back exactly once, with its own answer."""
    seen = {}
    for outcome in engine.run(Work(f"{HERE}:double", {}), shards(20)):
        assert outcome.tables is not None, "no worker died"
        assert outcome.shard.number not in seen, "a shard came back twice"
        seen[outcome.shard.number] = outcome.tables["doubled"].column("doubled").to_pylist()
    assert seen == {i: [2 * n for n in range(3 * i, 3 * i + 3)] for i in range(20)}


def reads_shards_lazily(engine: Engine, most_ahead: int) -> None:
    """No more than `most_ahead` shards are taken before the first answer is asked for."""
    taken = 0

    def counted() -> Iterator[Shard]:
        nonlocal taken
        for shard in shards(1000):
            taken += 1
            yield shard

    answers = engine.run(Work(f"{HERE}:double", {}), counted())
    next(answers)
    assert taken <= most_ahead, f"{taken} shards were taken before the first answer"
    answers.close()  # type: ignore[attr-defined] # engines are generators; stopping early must be harmless


def survives_a_dying_worker(engine: Engine) -> None:
    """A worker's death gives shards without tables; the others are answered, and alone only the culprit is lost."""
    work = Work(f"{HERE}:double", {"deadly": 7})
    outcomes = list(engine.run(work, shards(8)))
    assert sorted(o.shard.number for o in outcomes) == list(range(8)), "every shard comes back"
    lost = [o.shard for o in outcomes if o.tables is None]
    assert 2 in {shard.number for shard in lost}, "the deadly shard is among the lost ones"
    again = {o.shard.number: o.tables for o in engine.run(work, lost, alone=True)}
    assert [number for number, tables in again.items() if tables is None] == [2], "alone, only the culprit is lost"
