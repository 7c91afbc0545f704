"""Every source keeps the contract and does what its own examples say."""

import pytest

from packshot.collect.source import Source
from packshot.plugins import discover
from packshot.testing.every_source import every_example, gives_what_its_example_says, keeps_the_contract

EXAMPLES = [pytest.param(kind, example, id=f"{kind}: {example.why}") for kind, example in every_example()]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind, example, tmp_path):
    gives_what_its_example_says(kind, example, tmp_path)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_contract(kind, example, tmp_path):
    keeps_the_contract(kind, example, tmp_path)


@pytest.mark.parametrize(("kind", "source"), discover("sources", Source).items())
def test_examples_show_what_is_not_taken(kind, source):
    assert any(example.troubles or example.refused for example in source.examples), kind
    assert any(example.listings for example in source.examples), kind
