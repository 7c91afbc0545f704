import pickle
import resource
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from blake3 import blake3

from packshot.core.errors import WorkspaceError
from packshot.storage.blobs import BlobStore, blob_id

DATA = b"\xff\xd8 a picture"
ID = blake3(DATA).hexdigest()


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "blobs")


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_bytes_come_back_by_their_hash(store, tmp_path):
    assert not store.exists(ID)
    assert store.put(DATA) == blob_id(DATA) == ID
    assert store.exists(ID)
    assert store.size(ID) == len(DATA)
    assert store.read(ID, verify=True) == DATA
    with store.open(ID) as file:
        assert file.read() == DATA
    assert files(tmp_path) == [tmp_path / "blobs" / ID[:2] / ID[2:4] / ID]


def test_equal_bytes_are_written_once(store):
    store.put(DATA)
    before = store.path(ID).stat()
    store.put(DATA)
    after = store.path(ID).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_an_empty_file_is_a_file(store):
    id_ = store.put(b"")
    assert store.exists(id_)
    assert store.read(id_, verify=True) == b""


def test_a_file_that_a_power_cut_emptied_is_written_again(store):
    store.put(DATA, sync=False)
    store.path(ID).write_bytes(b"")
    store.put(DATA)
    assert store.read(ID) == DATA


def test_damage_is_noticed_when_asked(store):
    store.put(DATA)
    store.path(ID).write_bytes(DATA[::-1])
    assert store.read(ID) == DATA[::-1]
    with pytest.raises(WorkspaceError, match="damaged"):
        store.read(ID, verify=True)


def test_what_is_missing_is_said(store):
    for ask in (store.read, store.size, store.open):
        with pytest.raises(WorkspaceError, match="missing"):
            ask(ID)


@pytest.mark.parametrize("id_", ["", "../../../etc/passwd", "a" * 63, ID.upper(), ID + "\n", "/" + ID[1:]])
def test_only_hashes_are_ids(store, id_):
    for ask in (store.path, store.read, store.exists, store.size, lambda i: store.put_named(i, b"")):
        with pytest.raises(WorkspaceError, match="is not the id"):
            ask(id_)


def test_named_files_are_replaced_and_carry_their_suffix(tmp_path):
    thumbnails = BlobStore(tmp_path, ".jpg")
    thumbnails.put_named(ID, b"first")
    thumbnails.put_named(ID, b"other")
    assert thumbnails.read(ID) == b"other"
    assert thumbnails.path(ID).name == f"{ID}.jpg"
    assert not BlobStore(tmp_path).exists(ID)


def test_a_batch_is_synced_once(store, monkeypatch):
    synced = []
    monkeypatch.setattr("packshot.storage.folder.sync_file", synced.append)
    ids = [store.put(bytes([number]), sync=False) for number in range(5)]
    assert synced == []
    store.sync()
    assert synced == [store.path(id_) for id_ in ids]
    store.sync()
    assert len(synced) == 5
    store.path(store.put(b"forgotten", sync=False)).unlink()
    monkeypatch.undo()
    store.sync()


def test_a_store_can_be_sent_to_another_process(store):
    store.put(DATA)
    assert pickle.loads(pickle.dumps(store)).read(ID) == DATA  # noqa: S301 - made in this line


def test_unfinished_files_are_ignored_and_swept(store, tmp_path):
    store.put(DATA)
    left = tmp_path / "blobs" / "tmp" / "1-killed"
    left.write_bytes(DATA[:3])
    assert store.sweep(older_than_s=60) == 0
    assert left.exists()
    time.sleep(0.01)
    assert store.sweep(older_than_s=0) == 1
    assert files(tmp_path) == [store.path(ID)]


def test_a_file_in_the_way_is_explained(tmp_path):
    (tmp_path / "blobs").write_text("not a folder")
    with pytest.raises(WorkspaceError, match="not laid out") as caught:
        BlobStore(tmp_path / "blobs").put(DATA)
    assert caught.value.hint


def test_a_full_disk_leaves_nothing_behind(store, tmp_path):
    store.put(DATA)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        with pytest.raises(WorkspaceError, match="disk is full"):
            store.put(b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert files(tmp_path) == [store.path(ID)]


def test_a_killed_writer_leaves_whole_files_only(tmp_path):
    code = """
        import os, sys
        from pathlib import Path
        from packshot.storage.blobs import BlobStore
        store = BlobStore(Path(sys.argv[1]))
        while True:
            store.put(os.urandom(200_000), sync=False)
            print(flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        for _ in range(5):
            writer.stdout.readline()
        writer.kill()
    store = BlobStore(tmp_path)
    store.sweep(older_than_s=0)
    kept = files(tmp_path)
    assert len(kept) >= 5
    for path in kept:
        store.read(path.name, verify=True)


def test_files_of_an_older_packshot_are_found(tmp_path):
    older = tmp_path / ID[:2] / ID[2:4] / f"{ID}.jpg"
    older.parent.mkdir(parents=True)
    older.write_bytes(b"made before")
    thumbnails = BlobStore(tmp_path, ".jpg")
    assert thumbnails.read(ID) == b"made before"
    assert thumbnails.size(ID) == len(b"made before")
    assert [file.id for file in thumbnails.files()] == [ID]
    thumbnails.put_named(ID, b"new")
    assert thumbnails.read(ID) == b"new"
    thumbnails.delete([ID])
    assert files(tmp_path) == []
