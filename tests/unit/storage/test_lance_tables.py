import errno
import fcntl
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading

import lance
import pyarrow as pa
import pytest

from packshot.core.errors import UsageError, WorkspaceError
from packshot.storage import lance_versions
from packshot.storage.durable import explained, workspace_error
from packshot.storage.lance_tables import LanceTables


def numbers(*values):
    return pa.table({"n": pa.array(values, pa.int64())})


def append_many(root, first, count):
    store = LanceTables(root)
    for number in range(first, first + count):
        store.append("t", numbers(number))


@pytest.fixture
def three(tmp_path):
    """A table of three appends, and the file of its newest version."""
    append_many(tmp_path, 0, 3)
    return lance_versions.manifest(tmp_path / "t.lance", LanceTables(tmp_path).version("t"))


@pytest.mark.parametrize("tear", [
    lambda whole: whole[:0],
    lambda whole: whole[:5],
    lambda whole: whole[:-1],
    lambda whole: bytes(len(whole)),
    lambda whole: whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2),
    lambda whole: whole[3:],
], ids=["empty", "cut short", "a byte short", "zeros", "half zeros", "start lost"])  # fmt: skip
def test_a_torn_version_is_moved_aside(tmp_path, three, tear):
    three.write_bytes(tear(three.read_bytes()))
    torn = three.read_bytes()
    store = LanceTables(tmp_path)
    assert store.read("t")["n"].to_pylist() == [0, 1]
    assert three.with_name(f"{three.name}.broken").read_bytes() == torn, "kept, to be looked at"
    store.append("t", numbers(9))
    assert LanceTables(tmp_path).read("t")["n"].to_pylist() == [0, 1, 9]


def test_appending_is_what_finds_the_torn_version(tmp_path, three):
    three.write_bytes(b"")
    LanceTables(tmp_path).append("t", numbers(9))
    assert LanceTables(tmp_path).read("t")["n"].to_pylist() == [0, 1, 9]


def test_two_torn_versions_are_moved_aside(tmp_path, three):
    three.write_bytes(b"")
    lance_versions.manifests(tmp_path / "t.lance")[1].write_bytes(b"")
    assert LanceTables(tmp_path).read("t")["n"].to_pylist() == [0]


def test_whole_versions_are_left_alone(tmp_path, three):
    before = sorted(three.parent.iterdir())
    assert all(lance_versions.is_whole(path) for path in lance_versions.manifests(tmp_path / "t.lance"))
    assert LanceTables(tmp_path).read("t").num_rows == 3
    assert sorted(three.parent.iterdir()) == before


@pytest.mark.usefixtures("three")
def test_when_no_version_is_whole_nothing_is_begun_anew(tmp_path):
    for path in lance_versions.manifests(tmp_path / "t.lance"):
        path.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="damaged"):
            LanceTables(tmp_path).append("t", numbers(9))
    for path in lance_versions.manifests(tmp_path / "t.lance"):
        path.unlink()
    with pytest.raises(WorkspaceError, match="damaged"):
        LanceTables(tmp_path).append("t", numbers(9))


def test_what_is_no_table_is_not_written_into(tmp_path):
    (tmp_path / "t.lance").mkdir()
    (tmp_path / "t.lance" / "notes.txt").write_text("mine")
    with pytest.raises(WorkspaceError):
        LanceTables(tmp_path).append("t", numbers(1))
    assert [path.name for path in (tmp_path / "t.lance").iterdir()] == ["notes.txt"]


def test_a_table_that_another_made_first_is_kept(tmp_path):
    late = LanceTables(tmp_path)
    assert late.version("t") == 0
    append_many(tmp_path, 0, 2)
    late._at.made("t", numbers(1).schema)
    assert late.append("t", numbers(2)) > 2
    assert late.read("t")["n"].to_pylist() == [0, 1, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["t.lance"]


def test_everything_is_synced_before_an_append_returns(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_ino), real(fd))[1])
    store = LanceTables(tmp_path / "w")
    for rows in (numbers(1), numbers(2), numbers(3).append_column("x", pa.array(["x"]))):
        synced.clear()
        before = set(tmp_path.rglob("*"))
        store.append("t", rows)
        new = set(tmp_path.rglob("*")) - before
        made = {path for path in new if path.suffix in {".lance", ".manifest", ".txn"}}
        assert {path.suffix for path in made} == {".lance", ".manifest", ".txn"}
        assert {path.stat().st_ino for path in made | {path.parent for path in new}} <= set(synced)
        (data,) = (path for path in made if path.parent.name == "data")
        version = lance_versions.manifest(tmp_path / "w" / "t.lance", store.version("t"))
        assert synced.index(data.stat().st_ino) < synced.index(version.stat().st_ino)


def test_two_processes_may_append_at_once(tmp_path):
    code = """
        import sys
        import pyarrow as pa
        from packshot.storage.lance_tables import LanceTables
        store = LanceTables(sys.argv[1])
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(int(sys.argv[2]), int(sys.argv[2]) + 10):
            store.append("t", pa.table({"n": [number]}))
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "0"], **pipes) as one, subprocess.Popen([*command, "100"], **pipes) as other:
        assert [writer.stdout.readline() for writer in (one, other)] == ["ready\n"] * 2
        for writer in (one, other):
            writer.stdin.write("go\n")
            writer.stdin.flush()
        assert [writer.wait() for writer in (one, other)] == [0, 0]
    got = LanceTables(tmp_path).read("t")["n"].to_pylist()
    assert sorted(got) == [*range(10), *range(100, 110)]
    assert [n for n in got if n < 100] == list(range(10)), "each writer's rows in its own order"


def failing_commits(monkeypatch, *, done, ahead=None):
    """The first commit fails: after it was `done`, or before; `ahead` is what another writer does first."""
    commit, left = lance.LanceDataset.commit, [1]

    def failing(dataset, transaction, **more):
        if not left:
            return commit(dataset, transaction, **more)
        left.clear()
        if ahead:
            ahead()
        if done:
            commit(dataset, transaction, **more)
        raise RuntimeError("no answer")

    monkeypatch.setattr(lance.LanceDataset, "commit", failing)


@pytest.mark.usefixtures("three")
def test_a_commit_whose_answer_is_lost_is_not_made_again(tmp_path, monkeypatch):
    store = LanceTables(tmp_path)
    failing_commits(monkeypatch, done=True)
    assert store.append("t", pa.table({"n": [3]})) == store.version("t")
    assert store.read("t")["n"].to_pylist() == [0, 1, 2, 3]


@pytest.mark.usefixtures("three")
def test_a_commit_that_gave_up_because_of_others_is_tried_again(tmp_path, monkeypatch):
    other = LanceTables(tmp_path)
    store = LanceTables(tmp_path)
    failing_commits(monkeypatch, done=False, ahead=lambda: other.append("t", pa.table({"n": [4]})))
    store.append("t", pa.table({"n": [3]}))
    assert store.read("t")["n"].to_pylist() == [0, 1, 2, 4, 3]


@pytest.mark.usefixtures("three")
def test_a_commit_that_fails_by_itself_is_an_error(tmp_path, monkeypatch):
    store = LanceTables(tmp_path)
    failing_commits(monkeypatch, done=False)
    with pytest.raises(WorkspaceError, match="no answer"):
        store.append("t", pa.table({"n": [3]}))
    assert store.read("t")["n"].to_pylist() == [0, 1, 2]


def test_a_killed_writer_loses_nothing_it_was_told_is_kept(tmp_path):
    code = """
        import sys
        import pyarrow as pa
        from packshot.storage.lance_tables import LanceTables
        store = LanceTables(sys.argv[1])
        number = 0
        while True:
            store.append("t", pa.table({"n": [number], "text": ["x" * 100_000]}))
            print(number, flush=True)
            number += 1
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
        told = [int(writer.stdout.readline()) for _ in range(8)]
        writer.kill()
        told += [int(line) for line in writer.stdout.read().split()]
        assert writer.stderr.read() == "", "Lance says nothing on its own"
    store = LanceTables(tmp_path)
    got = store.read("t")["n"].to_pylist()
    assert got in (told, [*told, len(told)]), "all that was told, and at most the append under way"
    store.append("t", pa.table({"n": [-1], "text": ["after"]}))
    assert LanceTables(tmp_path).read("t", ["n"])["n"].to_pylist() == [*got, -1]


@pytest.mark.usefixtures("three")
def test_a_full_disk_is_explained_and_loses_nothing(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    noise = pa.table({"n": pa.array(range(100_000)), "text": pa.array([os.urandom(20).hex() for _ in range(100_000)])})
    store = LanceTables(tmp_path)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        with pytest.raises(WorkspaceError, match="disk is full"):
            store.append("t", noise)
        with pytest.raises(WorkspaceError, match="disk is full"):
            store.append("new", noise)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert store.read("t", ["n"])["n"].to_pylist() == [0, 1, 2]
    store.append("t", noise)
    store.append("new", noise)
    assert store.read("new", []).num_rows == 100_000


def test_what_is_in_the_way_is_explained(tmp_path):
    (tmp_path / "t.lance").write_text("a file")
    (tmp_path / "folder").write_text("a file")
    store = LanceTables(tmp_path)
    for refused in (
        lambda: store.append("t", numbers(1)),
        lambda: store.version("t"),
        lambda: store.append("folder/t", numbers(1)),
        lambda: LanceTables(tmp_path / "folder").append("t", numbers(1)),
    ):
        with pytest.raises(WorkspaceError, match="not laid out") as caught:
            refused()
        assert caught.value.hint


@pytest.mark.usefixtures("three")
def test_damaged_data_is_explained(tmp_path):
    for path in (tmp_path / "t.lance" / "data").iterdir():
        path.write_bytes(b"")
    with pytest.raises(WorkspaceError) as caught:
        LanceTables(tmp_path).read("t")
    assert ".rs:" not in str(caught.value)
    with pytest.raises(WorkspaceError):
        list(LanceTables(tmp_path).batches("t"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.usefixtures("three")
def test_a_read_only_folder_is_explained(tmp_path):
    folders = [path for path in (tmp_path, *tmp_path.rglob("*")) if path.is_dir()]
    for folder in folders:
        folder.chmod(0o500)
    try:
        for name in ("t", "new"):
            with pytest.raises(WorkspaceError, match="may not be written"):
                LanceTables(tmp_path).append(name, numbers(1))
        assert LanceTables(tmp_path).read("t").num_rows == 3
    finally:
        for folder in folders:
            folder.chmod(0o700)


@pytest.mark.parametrize("url", ["gs://bucket/shop", "s3://", "s3://key:secret@bucket/x", "s3://bucket/x?token=secret"])
def test_a_url_that_is_no_place_is_refused(url):
    with pytest.raises(UsageError) as caught:
        LanceTables(url)
    assert caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("three")
def test_an_unfinished_drop_leaves_no_table(tmp_path):
    (tmp_path / "t.lance").rename(tmp_path / ".dropped-by-a-killed-process")
    store = LanceTables(tmp_path)
    assert store.names() == []
    store.append("u", numbers(1))
    store.drop("u")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOTDIR, errno.EMFILE, errno.EIO, None]
)
def test_every_refusal_has_a_hint(number):
    error = workspace_error(number, "writing a file", "what the system said")
    assert error.message
    assert error.hint
    with pytest.raises(WorkspaceError), explained("writing a file"):
        raise OSError(number, "what the system said")


@pytest.mark.usefixtures("three")
def test_cleaning_takes_what_an_append_left_a_week_ago(tmp_path):
    (data, *_) = (tmp_path / "t.lance" / "data").iterdir()
    old, new = data.with_name("0" * 40 + ".lance"), data.with_name("1" * 40 + ".lance")
    store = LanceTables(tmp_path)
    for pinned in ([version.number for version in store.versions("t")], ()):
        for path in (old, new):
            path.write_bytes(data.read_bytes())
        os.utime(old, (0, 0))
        store.clean("t", keep=pinned)
        assert not old.exists()
        assert new.exists(), "whoever is appending now needs it"
    assert store.read("t")["n"].to_pylist() == [0, 1, 2]


OPENED = """
from packshot.storage.lance_tables import LanceTables
import pyarrow as pa
for number in range(first, first + 5):
    LanceTables(place).append("t", pa.table({"n": [number]}))
"""


def test_processes_that_open_a_torn_table_at_once_lose_nothing(tmp_path, three):
    three.write_bytes(b"")
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=exec, args=(OPENED, {"place": str(tmp_path), "first": n})) for n in (100, 200)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    got = LanceTables(tmp_path).read("t")["n"].to_pylist()
    assert sorted(got) == [0, 1, *range(100, 105), *range(200, 205)]
    assert len(list(three.parent.glob("*.broken"))) == 1


def test_a_version_that_another_wrote_anew_is_not_moved_aside(three):
    """It waits while another process mends the table, and then looks again."""
    dataset, whole = three.parents[1], three.read_bytes()
    three.write_bytes(b"")
    descriptor = os.open(three.parent, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    moved = []
    other = threading.Thread(target=lambda: moved.append(lance_versions.step_back(dataset)))
    other.start()
    other.join(0.3)
    assert other.is_alive(), "it waits"
    three.write_bytes(whole)
    os.close(descriptor)
    other.join()
    assert moved == [[]]
    assert three.exists()
