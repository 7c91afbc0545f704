import pytest

from packshot import plugins
from packshot.evaluate.check import Check
from packshot.evaluate.measure import Measure
from packshot.testing import every_check

CHECKS = plugins.discover("checks", Check)
OUTPUTS = {
    output.name: output for measure in plugins.discover("measures", Measure).values() for output in measure.outputs
}


@pytest.mark.parametrize("name", CHECKS)
def test_check_follows_the_contract(name):
    every_check.follows_the_contract(name, CHECKS[name], OUTPUTS)


def test_names_of_checks_measures_and_columns_never_clash():
    measures = plugins.discover("measures", Measure)
    assert not set(CHECKS) & ({*measures} | {*OUTPUTS})
