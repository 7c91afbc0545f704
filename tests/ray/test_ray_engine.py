import os
import signal

import pytest

from packshot.core.errors import EngineError
from packshot.engines.ray import AHEAD
from packshot.pipeline.engine import LossKind, Work
from packshot.testing import every_engine

SLOW = Work(f"{every_engine.HERE}:double", {"seconds": 0.3})


@pytest.mark.parametrize("holds", every_engine.CONTRACT, ids=lambda holds: holds.__name__)
def test_ray(engine, holds):
    holds(engine)


def test_ray_reads_shards_lazily(engine):
    every_engine.reads_shards_lazily(engine, most_ahead=2 * AHEAD + 1)


def test_a_killed_seat_costs_its_shards_and_is_replaced(engine):
    outcomes = engine.run(SLOW, every_engine.shards(12))
    found = [next(outcomes)]
    os.kill(next(seat.pid for seat in engine._seats if seat.pid), signal.SIGKILL)
    found += outcomes
    lost = [outcome for outcome in found if outcome.tables is None]
    assert sorted(outcome.shard.number for outcome in found) == list(range(12))
    assert 1 <= len(lost) <= AHEAD
    assert {(one.lost.kind, one.lost.row) for one in lost} == {(LossKind.CRASHED, None)}
    assert all(one.tables is not None for one in engine.run(SLOW, [one.shard for one in lost], alone=True))


def test_a_node_that_sees_other_files_is_refused_before_it_works(engine, tmp_path):
    params = {
        "blobs": str(tmp_path),
        "thumbnails": str(tmp_path),
        "probe": "0" * 64,
        "base": {"root": "/", "allowed": []},
        "pictures": [],
    }
    with pytest.raises(EngineError, match="does not see") as told:
        engine.hold(Work("packshot.pipeline.same_place:hold_same", params))
    assert "same path" in told.value.hint
