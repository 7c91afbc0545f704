import csv
import secrets
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

import packshot
from packshot.engines.ray import RayEngine
from packshot.pipeline.engine import EngineOptions, WorkerLimits

VOLATILE = {"run_id", "at", "pass_id", "seq"}
TABLES = ("listings", "placements", "assets", "measurements", "matches", "clusters", "findings", "verdicts")
TABLES = (*TABLES, "galleries", "troubles")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.ray)


@dataclass
class Ground:
    """A Ray of our own, of nodes on this machine."""

    address: str
    nodes: object


@pytest.fixture(scope="session")
def ground():
    """A head with two cores; it asks for a token, since Ray listens on more than loopback."""
    with pytest.MonkeyPatch.context() as patch:  # before ray is imported: it reads them then
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_health_check_period_ms", "1000")  # a node that is gone is missed within seconds
        patch.setenv("RAY_health_check_failure_threshold", "4")
        cluster_utils = pytest.importorskip("ray.cluster_utils", reason="the extra `ray` is not installed")
        nodes = cluster_utils.Cluster(initialize_head=True, head_node_args=node_arguments(2))
        yield Ground(nodes.address, nodes)
        nodes.shutdown()


def node_arguments(cores):
    return {"num_cpus": cores, "include_dashboard": False, "object_store_memory": 100_000_000}


@pytest.fixture(scope="session")
def connected(ground):
    """Holds one connection of this process: with one for each engine, Ray starts its processes anew each time."""
    engine = RayEngine.open(EngineOptions(1, ground.address))
    yield
    engine.close()


@pytest.fixture(scope="module")
def engine(ground, connected):  # noqa: ARG001 - it is held
    engine = RayEngine.open(EngineOptions(2, ground.address, WorkerLimits(row_seconds=1.5, memory_bytes=1 << 30)))
    yield engine
    engine.close()


def drawn(number, size=240):
    random = np.random.default_rng(number)
    picture = np.full((size, size, 3), 255, np.uint8)
    for _ in range(12):
        centre = random.integers(size // 6, size - size // 6, 2).tolist()
        colour = tuple(random.integers(0, 220, 3).tolist())
        cv2.ellipse(picture, centre, (size // 8, size // 12), 0, 0, 360, colour, -1, cv2.LINE_AA)
    return cv2.imencode(".jpg", picture)[1].tobytes()


@pytest.fixture
def feed(tmp_path):
    """Writes a feed of so many pictures: one in ten is there twice, one is broken, one is missing."""

    def write(pictures):
        folder = tmp_path / "shop"
        folder.mkdir()
        for number in range(pictures):
            (folder / f"p{number}.jpg").write_bytes(drawn(number - number % 10 if number % 10 == 1 else number))
        (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
        with (folder / "feed.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("product_id", "image_path", "image_role"))
            rows.writerows((f"L{n // 3}", f"p{n}.jpg", "") for n in range(pictures))
            rows.writerows([("X", "broken.jpg", "main"), ("X", "missing.jpg", "")])
        return folder / "feed.csv"

    return write


def as_it_stands(workspace):
    """Every table, by key: what must be the same wherever the shards ran."""
    with packshot.Workspace(workspace) as place:
        tables = {name: place.table(name) for name in TABLES}
    kept = {name: table.select(c for c in table.columns if c not in VOLATILE) for name, table in tables.items()}
    return {name: sorted(map(repr, table.rows(named=True))) for name, table in kept.items()}


@pytest.fixture
def tables_of():
    return as_it_stands
