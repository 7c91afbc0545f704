import contextlib
import multiprocessing
import os
import signal
from multiprocessing import forkserver
from pathlib import Path

import pyarrow as pa
import pytest

from packshot.core.errors import UsageError, WorkspaceError
from packshot.storage import faults
from packshot.storage.blobs import BlobStore, blob_id
from packshot.storage.catalog import Catalog
from packshot.storage.lance_tables import LanceTables

APPEND = """
import pyarrow as pa
from packshot.storage.lance_tables import LanceTables
store = LanceTables(place)
have = set(store.read("t", ["n"], schema=pa.schema({"n": pa.int64()}))["n"].to_pylist())
for number in sorted(set(range(6)) - have):
    store.append("t", pa.table({"n": [number]} | ({"late": ["x"]} if number >= 4 else {})))
    tell(str(number))
"""
KEEP = """
from pathlib import Path
from packshot.storage.blobs import BlobStore
store = BlobStore(Path(place))
for number in range(4):
    tell(store.put(bytes([number]) * 9000))
"""
JUDGE = """
from datetime import date
from pathlib import Path
from packshot.storage.catalog import Catalog
catalog = Catalog.open(Path(place))
catalog.add_source("s", "feed.csv", {})
snapshot = catalog.begin_snapshot("s", "digest")
catalog.commit_snapshot(snapshot, 1)
tell("snapshot")
catalog.put_policy("hash", "house", "")
judgement = catalog.begin_judgement("hash", rules_as_of=date(2026, 1, 1), pins={}, wanted={})
catalog.commit_judgement(judgement)
tell("judgement")
catalog.set_current("house", judgement)
tell("current")
catalog.close()
"""
ARMED = """
from packshot.storage import faults
faults._ARMED.update(faults._armed(fault))
told = open(place + ".told", "w")
tell = lambda line: print(line, file=told, flush=True)
"""
OF_TABLES = [
    "append:data-written", "append:before-commit:3", "append:committed:2", "append:synced", "make:written",
    "make:placed", "widen:before-commit", "widen:committed",
]  # fmt: skip
OF_BLOBS = ["blob:half-written:2", "blob:before-rename", "blob:renamed:3"]


@pytest.fixture(scope="module")
def processes():
    """Starts processes that have the stores loaded and have not used them: a fraction of a second each."""
    context = multiprocessing.get_context("forkserver")
    forkserver._forkserver._stop()  # one that runs already has loaded what it was told
    context.set_forkserver_preload(["packshot.storage.lance_tables", "packshot.storage.blobs"])
    yield context
    context.set_forkserver_preload([])
    forkserver._forkserver._stop()  # the workers of later tests would begin with all the memory of Lance


def killed(processes, steps, place, fault):
    """Do the steps in a process that the fault kills; gives what it told."""
    process = processes.Process(target=exec, args=(ARMED + steps, {"place": str(place), "fault": fault}))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return Path(f"{place}.told").read_text("utf-8").split()


def done(steps, place):
    """Do the steps here, as whoever runs the command again; gives what was told."""
    told = []
    exec(steps, {"place": str(place), "tell": told.append})  # noqa: S102 - our own, above
    return told


def rows_of(place):
    return LanceTables(place).read("t", schema=pa.schema({"n": pa.int64()}))["n"].to_pylist()


@pytest.mark.parametrize("point", OF_TABLES)
def test_a_kill_inside_an_append_loses_and_doubles_nothing(processes, tmp_path, point):
    place = tmp_path / "tables"
    told = killed(processes, APPEND, place, f"{point}=kill")
    kept = rows_of(place)
    assert kept in (list(range(len(told))), list(range(len(told) + 1))), "what was told, and at most what was under way"
    assert [*kept, *map(int, done(APPEND, place))] == list(range(6))
    store = LanceTables(place)
    assert store.read("t").to_pydict() == {"n": list(range(6)), "late": [None] * 4 + ["x"] * 2}
    for left in place.glob(".making-*"):
        os.utime(left, (0, 0))
    store.clean("t")
    assert [path.name for path in place.iterdir()] == ["t.lance"], "what the kill left beside the table is swept"


@pytest.mark.parametrize("delay", [0.001, 0.002, 0.004])
def test_a_kill_inside_lance_itself_loses_nothing(processes, tmp_path, delay):
    place = tmp_path / "tables"
    told = killed(processes, APPEND, place, f"append:before-commit:2=kill:{delay}")
    assert rows_of(place)[: len(told)] == list(map(int, told))
    done(APPEND, place)
    assert rows_of(place) == list(range(6))


@pytest.mark.parametrize("what", ["enospc", "eio"])
@pytest.mark.parametrize("point", ["append:data-written", "append:committed:2", "make:written", "widen:committed"])
def test_a_refusing_disk_is_explained_and_the_next_run_goes_on(tmp_path, monkeypatch, point, what):
    with monkeypatch.context() as patch:
        patch.setattr(faults, "_ARMED", faults._armed(f"{point}={what}"))
        with pytest.raises(WorkspaceError, match="disk is full" if what == "enospc" else "failed") as caught:
            done(APPEND, tmp_path)
    assert caught.value.hint
    done(APPEND, tmp_path)
    assert rows_of(tmp_path) == list(range(6))


@pytest.mark.parametrize("point", OF_BLOBS)
def test_a_file_is_there_wholly_or_not_at_all(processes, tmp_path, point):
    place = tmp_path / "blobs"
    told = killed(processes, KEEP, place, f"{point}=kill")
    store = BlobStore(place)
    there = {file.id for file in store.files()}
    assert set(told) <= there
    for id_ in there:
        store.read(id_, verify=True)
    assert done(KEEP, place) == [blob_id(bytes([number]) * 9000) for number in range(4)]
    assert store.sweep(0) == (0 if "renamed" in point else 1)


@pytest.mark.parametrize("what", ["enospc", "eio"])
@pytest.mark.parametrize("point", OF_BLOBS)
def test_a_refusing_disk_leaves_no_file_behind(tmp_path, monkeypatch, point, what):
    store = BlobStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(faults, "_ARMED", faults._armed(f"{point}={what}"))
        with pytest.raises(WorkspaceError):
            done(KEEP, tmp_path)
    for file in store.files():
        store.read(file.id, verify=True)
    assert store.sweep(0) == 0
    assert len(done(KEEP, tmp_path)) == 4


def test_what_is_armed_strikes_once_and_at_its_turn(monkeypatch):
    monkeypatch.setattr(faults, "_ARMED", faults._armed("append:committed:2=enospc,blob:put=hang:0.01"))
    faults.fault("append:committed")
    faults.fault("blob:put")
    with pytest.raises(OSError, match="No space"):
        faults.fault("append:committed")
    faults.fault("append:committed")
    faults.fault("make:written")


def test_with_a_log_a_fault_strikes_once_in_all_processes_and_all_points_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "_LOG", str(tmp_path / "log"))
    for _ in "two processes":
        monkeypatch.setattr(faults, "_ARMED", faults._armed("blob:put:2=eio"))
        faults.fault("blob:put")
        with contextlib.suppress(OSError):
            faults.fault("blob:put")
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    told = [line.split() for line in lines]
    assert {pid for pid, *_ in told} == {str(os.getpid())}
    assert [what for *_, what in told[:4]] == ["-", "eio", "-", "-"]
    assert "eio" not in [what for *_, what in told[4:]]


@pytest.mark.parametrize("point", ["snapshot:before-commit", "judgement:before-commit", "current:before-commit"])
def test_a_kill_inside_the_catalogs_commit_leaves_what_was(processes, tmp_path, point):
    place = tmp_path / "catalog.sqlite"
    told = killed(processes, JUDGE, place, f"{point}=kill")
    with contextlib.closing(Catalog.open(place)) as catalog:
        assert (catalog.committed_snapshots() != []) == ("snapshot" in told)
        assert catalog.currents() == {}
    assert done(JUDGE, place)[-1] == "current"
    with contextlib.closing(Catalog.open(place)) as catalog:
        assert len(catalog.committed_snapshots()) == 1 + ("snapshot" in told)
        assert list(catalog.currents()) == ["house"]


@pytest.mark.parametrize(
    "text",
    ["append:committed", "nowhere:at-all=kill", "append:committed=explode", "current:before-commit=enospc"],
)
def test_a_fault_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        faults._armed(text)
