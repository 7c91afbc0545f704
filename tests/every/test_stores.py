import pytest

from packshot.storage.lance_tables import LanceTables
from packshot.testing import every_store


@pytest.fixture(params=["lance on disk"])
def opened(tmp_path):
    return lambda: LanceTables(tmp_path / "a new" / "place #1 äö%20")


@pytest.mark.parametrize("holds", every_store.EVERY, ids=lambda holds: holds.__name__)
def test_store(holds, opened):
    holds(opened)
