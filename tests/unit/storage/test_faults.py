import os
import signal
import subprocess
import sys
import textwrap

import pyarrow as pa
import pytest

from packshot.core.errors import UsageError
from packshot.storage import faults
from packshot.storage.blobs import BlobStore, blob_id
from packshot.storage.lance_tables import LanceTables

APPEND = """
    import sys
    import pyarrow as pa
    from packshot.storage.lance_tables import LanceTables
    store = LanceTables(sys.argv[1])
    done = store.version("t")
    try:
        have = set(store.read("t", ["n"], schema=pa.schema({"n": pa.int64()}))["n"].to_pylist())
        for number in range(6):
            if number not in have:
                more = {"late": ["x"]} if number >= 4 else {}
                store.append("t", pa.table({"n": [number]} | more))
                print(number, flush=True)
    except Exception as error:
        print(type(error).__name__, flush=True)
"""
KEEP = """
    import sys
    from pathlib import Path
    from packshot.storage.blobs import BlobStore
    store = BlobStore(Path(sys.argv[1]))
    for number in range(4):
        try:
            print(store.put(bytes([number]) * 9000), flush=True)
        except Exception as error:
            print(type(error).__name__, flush=True)
"""
OF_TABLES = [
    "append:data-written", "append:before-commit:3", "append:committed:2", "append:synced", "make:written",
    "make:placed", "widen:before-commit", "widen:committed",
]  # fmt: skip
OF_BLOBS = ["blob:half-written:2", "blob:before-rename", "blob:renamed:3"]


def started(code, place, fault):
    environment = os.environ | {"PACKSHOT_FAULT": fault}
    command = [sys.executable, "-c", textwrap.dedent(code), str(place)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.split()


@pytest.mark.parametrize("point", OF_TABLES)
def test_a_kill_inside_an_append_loses_and_doubles_nothing(tmp_path, point):
    code, told = started(APPEND, tmp_path, f"{point}=kill")
    assert code == -signal.SIGKILL
    kept = LanceTables(tmp_path).read("t", schema=pa.schema({"n": pa.int64()}))["n"].to_pylist()
    assert kept in (list(range(len(told))), list(range(len(told) + 1))), "what was told, and at most what was under way"
    again, more = started(APPEND, tmp_path, "")
    assert again == 0
    assert [*kept, *map(int, more)] == list(range(6))
    store = LanceTables(tmp_path)
    assert store.read("t").to_pydict() == {"n": list(range(6)), "late": [None] * 4 + ["x"] * 2}
    store.clean("t")
    assert [path.name for path in tmp_path.iterdir()] == ["t.lance"], "what the kill left beside the table is swept"


@pytest.mark.parametrize("delay", [0.001, 0.002, 0.004])
def test_a_kill_inside_lance_itself_loses_nothing(tmp_path, delay):
    code, told = started(APPEND, tmp_path, f"append:before-commit:2=kill:{delay}")
    assert code == -signal.SIGKILL
    kept = LanceTables(tmp_path).read("t")["n"].to_pylist()
    assert kept[: len(told)] == list(map(int, told))
    assert started(APPEND, tmp_path, "")[0] == 0
    assert LanceTables(tmp_path).read("t", ["n"])["n"].to_pylist() == list(range(6))


@pytest.mark.parametrize("what", ["enospc", "eio"])
@pytest.mark.parametrize("point", ["append:data-written", "append:committed:2", "make:written", "widen:committed"])
def test_a_refusing_disk_is_explained_and_the_next_run_goes_on(tmp_path, point, what):
    code, told = started(APPEND, tmp_path, f"{point}={what}")
    assert (code, told[-1]) == (0, "WorkspaceError")
    assert started(APPEND, tmp_path, "")[0] == 0
    assert LanceTables(tmp_path).read("t", ["n"])["n"].to_pylist() == list(range(6))


@pytest.mark.parametrize("what", ["kill", "enospc", "eio"])
@pytest.mark.parametrize("point", OF_BLOBS)
def test_a_file_is_there_wholly_or_not_at_all(tmp_path, point, what):
    code, told = started(KEEP, tmp_path, f"{point}={what}")
    assert code == (-signal.SIGKILL if what == "kill" else 0)
    assert what == "kill" or "WorkspaceError" in told
    store = BlobStore(tmp_path)
    there = {file.id for file in store.files()}
    assert {id_ for id_ in told if id_ != "WorkspaceError"} <= there
    for id_ in there:
        store.read(id_, verify=True)
    again, ids = started(KEEP, tmp_path, "")
    assert (again, ids) == (0, [blob_id(bytes([number]) * 9000) for number in range(4)])
    assert store.sweep(0) == (1 if what == "kill" and "renamed" not in point else 0)


def test_what_is_armed_strikes_once_and_at_its_turn(monkeypatch):
    monkeypatch.setattr(faults, "_ARMED", faults._armed("append:committed:2=enospc,blob:put=hang:0.01"))
    faults.fault("append:committed")
    faults.fault("blob:put")
    with pytest.raises(OSError, match="No space"):
        faults.fault("append:committed")
    faults.fault("append:committed")
    faults.fault("make:written")


@pytest.mark.parametrize("text", ["append:committed", "nowhere:at-all=kill", "append:committed=explode"])
def test_a_fault_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        faults._armed(text)
