"""What every engine must do: the conformance tests, for built-in engines and yours."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from packshot.core.errors import WorkspaceError
from packshot.pipeline.at_hand import NO_ROW, announce
from packshot.pipeline.engine import LossKind, Shard, Work
from packshot.pipeline.sharding import answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.pipeline.engine import Engine

HERE = __name__
ABSURD_BYTES = 1 << 46
"""More memory than any limit allows."""


def double(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Work for the tests: doubles `n`, says who did it, and meets what `params` say at one number each.

    `deadly` kills its worker, `hangs` never returns and holds the interpreter meanwhile, as a decoder may, `greedy`
    asks for absurdly much memory, `full` raises WorkspaceError; every row takes `seconds`.
    """
    numbers = _numbers(rows)
    for row, number in enumerate(numbers):
        announce(row)
        if number == params.get("deadly"):
            os.kill(os.getpid(), signal.SIGKILL)
        if number == params.get("hangs"):
            ctypes.PyDLL(None).sleep(3600)
        if number == params.get("greedy"):
            np.empty(ABSURD_BYTES, np.uint8)
        if number == params.get("full"):
            raise WorkspaceError("The disk is full.", "Free some space.")
        time.sleep(float(str(params.get("seconds", 0))))
    announce(NO_ROW)
    doubled = [2 * n for n in numbers]
    return {"doubled": pa.table({"n": numbers, "doubled": doubled, "worker": [os.getpid()] * len(numbers)})}


def _numbers(table: pa.Table) -> list[int]:
    return [int(n) for n in table.column("n").to_numpy()]


def environment(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Work for the tests: says what the variable `params["name"]` is where it runs."""
    return {"environment": pa.table({"value": [os.environ.get(str(params["name"]))] * rows.num_rows})}


def page_faults(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """Work for the tests: writes two buffers of `params["bytes"]` for each row, frees them, counts what that cost."""
    size, counts = int(str(params["bytes"])), []
    for _ in _numbers(rows):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        buffers = [b"x" * size for _ in range(2)]
        counts.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
        del buffers
    return {"faults": pa.table({"count": counts})}


def shards(count: int, size: int = 3) -> list[Shard]:
    """`count` shards of `size` consecutive numbers."""
    return [Shard(i, pa.table({"n": list(range(i * size, (i + 1) * size))})) for i in range(count)]


def gives_every_shard_once(engine: Engine) -> None:
    """Every shard comes back exactly once, with its own answer."""
    seen = {}
    for outcome in engine.run(Work(f"{HERE}:double", {}), shards(20)):
        assert outcome.lost is None, "no worker died"
        assert outcome.tables is not None, "what is not lost has an answer"
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


def _rows_come_back(engine: Engine, params: Mapping[str, object]) -> dict[int, LossKind]:
    """Run 24 numbers the way a run does: each comes back once; gives why those without an answer have none."""
    answers: list[int] = []
    given_up: dict[int, LossKind] = {}
    for outcome in answered(engine, Work(f"{HERE}:double", params), pa.table({"n": list(range(24))}), 3):
        if outcome.tables is not None:
            table = outcome.tables["doubled"]
            assert table["doubled"].to_pylist() == [2 * n for n in _numbers(table)], "another row's answer"
            answers += _numbers(table)
            continue
        (number,) = _numbers(outcome.shard.rows)
        assert outcome.lost is not None, "a shard without tables says how it was lost"
        assert number not in given_up, f"{number} was given up twice"
        given_up[number] = outcome.lost.kind
    assert sorted([*answers, *given_up]) == list(range(24)), "every row comes back once"
    return given_up


def loses_only_the_shard_of_a_dying_worker(engine: Engine) -> None:
    """A worker's death loses the shard that it was at, and nobody else's; alone, other shards are answered."""
    work = Work(f"{HERE}:double", {"deadly": 7})
    outcomes = {o.shard.number: o for o in engine.run(work, shards(8))}
    assert sorted(outcomes) == list(range(8)), "every shard comes back"
    assert [number for number, outcome in sorted(outcomes.items()) if outcome.lost] == [2], "only the culprit's is lost"
    assert outcomes[2].lost is not None
    assert outcomes[2].lost.kind is LossKind.CRASHED
    assert outcomes[2].lost.row in {1, None}, "the row at hand, or an honest None"
    again = {o.shard.number: o.lost for o in engine.run(work, shards(4), alone=True)}
    assert [number for number, lost in sorted(again.items()) if lost] == [2], "the same when run alone"


def a_death_costs_one_row(engine: Engine) -> None:
    """Of the rows of a lost shard only the one that kills again is given up."""
    assert _rows_come_back(engine, {"deadly": 7}) == {7: LossKind.CRASHED}


def a_hang_costs_one_row(engine: Engine) -> None:
    """A row that never ends, with the interpreter held, is given up. Give the engine a limit of a second or so."""
    assert _rows_come_back(engine, {"hangs": 10}) == {10: LossKind.TIMED_OUT}


def a_greedy_row_costs_one_row(engine: Engine) -> None:
    """A row that asks for more memory than there may be is given up."""
    assert _rows_come_back(engine, {"greedy": 4}) == {4: LossKind.OUT_OF_MEMORY}


def what_the_work_raises_ends_the_run(engine: Engine) -> None:
    """An error that the work raises on purpose comes out whole, and the engine can be used again."""
    with pytest.raises(WorkspaceError) as raised:
        _rows_come_back(engine, {"full": 13})
    assert (raised.value.message, raised.value.hint) == ("The disk is full.", "Free some space.")
    assert _rows_come_back(engine, {}) == {}


CONTRACT = (
    gives_every_shard_once,
    loses_only_the_shard_of_a_dying_worker,
    a_death_costs_one_row,
    a_hang_costs_one_row,
    a_greedy_row_costs_one_row,
    what_the_work_raises_ends_the_run,
)
"""What is asked of an engine with two workers, 1.5 seconds a row and 1 GB; `reads_shards_lazily` stands apart."""
