import pytest

from packshot.evaluate import suite
from packshot.testing import every_measure

MEASURES = suite.all_measures()


@pytest.mark.parametrize("name", MEASURES)
def test_measure_follows_the_contract(name):
    every_measure.follows_the_contract(MEASURES[name])
