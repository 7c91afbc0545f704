"""The smallest of what benchmarks/durability/kill_matrix.py does."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks/durability"))
from kill_matrix import Matrix
from kill_runs import inside
from kill_scenarios import Scenario

FAULTS = ("blob:half-written:2=hang:120", "append:before-commit@0.6=kill:0.001", "judgement:before-commit=kill")


def test_killed_in_a_file_in_a_commit_and_in_the_catalog_it_loses_nothing(tmp_path):
    told = Matrix(tmp_path, 40).told(Scenario("again and again", FAULTS, in_turn=True))
    assert told.wrong == []
    assert ("worker", "blob:half-written") in told.deaths
    assert ("driver", "judgement:before-commit") in told.deaths
    kills = [inside(point) for who, point in told.deaths if who == "driver"]
    assert len(kills) >= 2, "once by a clock, mostly in the commit of a table, and once before that of the judgement"
    assert told.decoded == 0, "all was measured before the last kill"
