import multiprocessing

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage.blobs import BlobStore
from packshot.storage.lance_tables import LanceTables
from packshot.storage.place import place_of, redacted

APPENDS = """
import threading
import pyarrow as pa
from packshot.storage.lance_tables import LanceTables
store = LanceTables(place)
threads = [threading.Thread(target=store.append, args=("t", pa.table({"n": [n]}))) for n in range(first, first + 6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_parallel_appends_from_processes_and_threads_lose_nothing(bucket):
    context = multiprocessing.get_context("spawn")
    spawned = [
        context.Process(target=exec, args=(APPENDS, {"place": bucket, "first": first})) for first in range(0, 12, 6)
    ]
    for process in spawned:
        process.start()
    for process in spawned:
        process.join()
    assert sorted(LanceTables(bucket).read("t")["n"].to_pylist()) == list(range(12))


def test_only_one_makes_a_file_that_must_be_new(bucket):
    place = place_of(f"{bucket}/w")
    assert place.write_new("workspace.json", b"mine")
    assert not place_of(f"{bucket}/w").write_new("workspace.json", b"yours")
    assert place.open("workspace.json").read() == b"mine"


def test_places_inside_a_bucket_do_not_see_each_other(bucket):
    place_of(f"{bucket}/ab").write("x", b"1")
    assert list(place_of(f"{bucket}/a").files()) == []
    assert [file.key for file in place_of(bucket).files()] == ["ab/x"]


@pytest.mark.usefixtures("bucket")
def test_a_store_that_refuses_is_explained():
    with pytest.raises(WorkspaceError, match="no bucket") as caught:
        BlobStore.at("s3://never-made-by-anybody/x").put(b"x")
    assert caught.value.hint
    with pytest.raises(WorkspaceError):
        LanceTables("s3://never-made-by-anybody/x").names()


def test_without_credentials_it_says_so(bucket, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(WorkspaceError, match="may not be") as caught:
        BlobStore.at(f"{bucket}/x").put(b"x")
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint


def test_what_lets_somebody_in_is_taken_out_of_texts(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "abc/def+ghi")
    text = redacted("GET https://me:pw@host/x?X-Amz-Signature=1&y=2 by abc/def+ghi failed")
    assert text == "GET https://host/x by … failed"
