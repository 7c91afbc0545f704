import pytest

from packshot.storage.lance_tables import LanceTables
from packshot.testing import every_store


@pytest.fixture(params=["disk", "s3"])
def opened(request, tmp_path):
    if request.param == "disk":
        return lambda: LanceTables(tmp_path / "a new" / "place #1 äö%20")
    place = f"{request.getfixturevalue('bucket')}/a/place"
    return lambda: LanceTables(place)


@pytest.mark.parametrize("holds", every_store.EVERY, ids=lambda holds: holds.__name__)
def test_store(holds, opened):
    holds(opened)
