"""A few scenarios of benchmarks/durability/kill_matrix.py."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks/durability"))
from kill_matrix import Matrix
from kill_runs import inside
from kill_scenarios import Scenario


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    return Matrix(tmp_path_factory.mktemp("matrix"), 40)


def test_two_runs_are_killed_inside_a_commit_and_while_a_worker_writes_a_file(matrix):
    told = matrix.told(Scenario("", ("append:before-commit@0.5=kill:0.001", "blob:half-written@0.7=hang:120")))
    assert told.wrong == []
    places = {(who, inside(point)) for who, point in told.deaths}
    assert ("driver", "commit of a table") in places
    assert ("worker", "blob write") in places


def test_a_worker_is_killed_in_the_middle_of_a_file(matrix):
    told = matrix.told(Scenario("", ("blob:half-written@0.2=kill",)))
    assert told.wrong == []
    assert told.deaths == [("worker", "blob:half-written")]
    assert told.decoded == 0, "the run went on and was complete"
