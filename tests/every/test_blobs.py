import pytest

from packshot.storage.blobs import BlobStore
from packshot.testing import every_blobs


@pytest.fixture(params=["disk", "s3"])
def opened(request, tmp_path):
    place = str(tmp_path / "a new" / "place #1 äö%20")
    if request.param == "s3":
        place = f"{request.getfixturevalue('bucket')}/a place/äö%20"
    return lambda suffix="": BlobStore.at(place + ("/beside" if suffix else "/blobs"), suffix)


@pytest.mark.parametrize("holds", every_blobs.EVERY, ids=lambda holds: holds.__name__)
def test_blobs(holds, opened):
    holds(opened)
