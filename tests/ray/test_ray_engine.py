import os
import signal

import pytest

import packshot
from packshot.core.errors import EngineError
from packshot.engines.ray import AHEAD, RayEngine
from packshot.pipeline.engine import EngineOptions, LossKind, Work
from packshot.testing import every_engine

SLOW = Work(f"{every_engine.HERE}:double", {"seconds": 0.3})


def test_ray_gives_every_shard_once(engine):
    every_engine.gives_every_shard_once(engine)


def test_ray_reads_shards_lazily(engine):
    every_engine.reads_shards_lazily(engine, most_ahead=2 * AHEAD + 1)


def test_ray_survives_a_dying_worker(engine):
    every_engine.survives_a_dying_worker(engine)


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


def test_a_lost_node_costs_the_shards_it_had(ground):
    more = ground.nodes.add_node(num_cpus=2, object_store_memory=100_000_000)
    ground.nodes.wait_for_nodes()
    engine = RayEngine.open(EngineOptions(workers=4, address=ground.address))
    try:
        outcomes = engine.run(SLOW, every_engine.shards(24))
        found = [next(outcomes) for _ in range(6)]
        ground.nodes.remove_node(more, allow_graceful=False)
        found += outcomes
    finally:
        engine.close()
    assert sorted(outcome.shard.number for outcome in found) == list(range(24))
    assert sum(outcome.tables is None for outcome in found) <= 2 * AHEAD


def test_what_work_raises_comes_as_it_is(engine):
    with pytest.raises(KeyError, match="n"):
        list(engine.run(Work(f"{every_engine.HERE}:double", {}), [every_engine.Shard(0, every_engine.pa.table({}))]))


def test_a_node_that_sees_other_files_is_refused_before_it_works(engine, tmp_path):
    params = {"blobs": str(tmp_path), "thumbnails": str(tmp_path), "probe": "0" * 64, "base": "", "pictures": []}
    with pytest.raises(EngineError, match="does not see") as told:
        engine.hold(Work("packshot.pipeline.same_place:hold_same", params))
    assert "same path" in told.value.hint


def test_closing_leaves_the_cluster_as_it_was(ground):
    for _ in range(2):
        engine = RayEngine.open(EngineOptions(workers=1, address=ground.address))
        assert len(list(engine.run(SLOW, every_engine.shards(1)))) == 1
        engine.close()


def test_another_version_on_a_node_is_named(ground, monkeypatch):
    monkeypatch.setattr(packshot, "__version__", "99.0")
    with pytest.raises(EngineError, match=r"node .* has packshot .* on Python") as told:
        RayEngine.open(EngineOptions(address=ground.address))
    assert "packshot 99.0" in told.value.hint
