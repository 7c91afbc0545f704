"""Every source keeps the contract and does what its own examples say."""

import pytest

from packshot.collect.source import Source
from packshot.plugins import discover
from packshot.testing.every_source import every_example, gives_what_its_example_says, keeps_the_contract

EXAMPLES = [pytest.param(kind, example, id=f"{kind}: {example.why}") for kind, example in every_example()]


@pytest.fixture(params=["disk", "object store"])
def folder(request, tmp_path):
    """An empty folder on disk, then an empty prefix of an object store."""
    if request.param == "disk":
        yield tmp_path
        return
    memory = pytest.importorskip("fsspec.implementations.memory", reason="fsspec is not installed")
    yield "memory://shop/feeds/"
    memory.MemoryFileSystem.store.clear()
    memory.MemoryFileSystem.pseudo_dirs[:] = [""]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(kind, example, folder):
    gives_what_its_example_says(kind, example, folder)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_contract(kind, example, folder):
    keeps_the_contract(kind, example, folder)


@pytest.mark.parametrize(("kind", "source"), discover("sources", Source).items())
def test_examples_show_what_is_not_taken(kind, source):
    assert any(example.troubles or example.refused for example in source.examples), kind
    assert any(example.listings for example in source.examples), kind
