import os

import pytest

from packshot.engines.ray import RayEngine
from packshot.pipeline.engine import EngineOptions

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/ray" in str(item.path):
            item.add_marker(pytest.mark.ray)


@pytest.fixture(scope="session")
def cluster():
    """A Ray of two cores on loopback, which nobody's closing stops; its address."""
    ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")
    ray.init(
        address="local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=200_000_000,
        _node_ip_address="127.0.0.1",
    )
    yield ray.get_runtime_context().gcs_address
    ray.shutdown()


@pytest.fixture(scope="module")
def engine(cluster):  # noqa: ARG001 - it must be there
    engine = RayEngine.open(EngineOptions(workers=2))
    yield engine
    engine.close()
