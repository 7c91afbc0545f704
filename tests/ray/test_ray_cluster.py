import pytest

import packshot
from packshot.core.errors import EngineError
from packshot.engines.ray import AHEAD, RayEngine
from packshot.pipeline.engine import EngineOptions, Work
from packshot.testing import every_engine

SLOW = Work(f"{every_engine.HERE}:double", {"seconds": 0.3})
pytestmark = pytest.mark.usefixtures("connected")


def test_a_lost_node_costs_the_shards_it_had(ground):
    more = ground.nodes.add_node(num_cpus=1, object_store_memory=100_000_000)
    ground.nodes.wait_for_nodes()
    engine = RayEngine.open(EngineOptions(workers=3, address=ground.address))
    try:
        outcomes = engine.run(SLOW, every_engine.shards(16))
        found = [next(outcomes) for _ in range(4)]
        ground.nodes.remove_node(more, allow_graceful=False)
        found += outcomes
    finally:
        engine.close()
    assert sorted(outcome.shard.number for outcome in found) == list(range(16))
    assert sum(outcome.tables is None for outcome in found) <= AHEAD


def test_another_version_on_a_node_is_named_and_the_cluster_stays_as_it_was(ground, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(packshot, "__version__", "99.0")
        with pytest.raises(EngineError, match=r"node .* has packshot .* on Python") as told:
            RayEngine.open(EngineOptions(address=ground.address))
    assert "packshot 99.0" in told.value.hint
    engine = RayEngine.open(EngineOptions(workers=1, address=ground.address))
    assert len(list(engine.run(SLOW, every_engine.shards(1)))) == 1
    engine.close()
