import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage import sqlite
from packshot.storage.catalog import Catalog

LOOK = """
import sys
from pathlib import Path
from packshot.core.errors import WorkspaceError
from packshot.storage.catalog import Catalog
catalog = Catalog.open(Path(sys.argv[1]))
print(catalog.writable, *catalog.sources())
try:
    catalog.add_source("new", "x", {})
except WorkspaceError as error:
    print(error.message, "|", error.hint)
"""


@pytest.fixture
def folder():
    """One that an unprivileged user may enter, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="packshot-ro #?%20-"))
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def looked(place):
    """What a user without the right to write sees."""
    unprivileged = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, place], capture_output=True, text=True, check=False, cwd="/", **unprivileged
    )
    return done.stdout + done.stderr


def read_only(folder):
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)


def test_a_read_only_folder_is_read(folder):
    place = folder / "catalog.sqlite"
    catalog = Catalog.open(place)
    catalog.add_source("s", "feed.csv", {})
    catalog.close()
    read_only(folder)
    before = sorted(folder.iterdir())
    told = looked(place)
    assert told.startswith("False s\n"), told
    assert "may not be written" in told
    assert "Give this user read and write access" in told
    assert sorted(folder.iterdir()) == before


def test_a_read_only_folder_is_read_while_another_writes(folder):
    place = folder / "catalog.sqlite"
    catalog = Catalog.open(place)
    catalog.add_source("s", "feed.csv", {})
    assert (folder / "catalog.sqlite-wal").stat().st_size > 0
    read_only(folder)
    assert looked(place).startswith("False s\n"), "what is only in the log so far is seen"
    catalog.close()


def test_a_log_that_cannot_be_read_is_not_passed_over(folder):
    place = folder / "catalog.sqlite"
    catalog = Catalog.open(place)
    catalog.add_source("s", "feed.csv", {})
    (folder / "copy").mkdir()
    for name in ("catalog.sqlite", "catalog.sqlite-wal"):
        shutil.copyfile(folder / name, folder / "copy" / name)
    catalog.close()
    read_only(folder / "copy")
    told = looked(folder / "copy" / "catalog.sqlite")
    assert told.startswith("False s\n") or "cannot be opened" in told, told


def test_an_old_format_is_not_renewed_where_it_may_not_be_written(folder):
    place = folder / "catalog.sqlite"
    Catalog.open(place).close()
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE workspace SET format_version = 1")
    connection.close()
    read_only(folder)
    assert "is read-only, and of format 1" in looked(place)


def test_a_database_in_use_is_waited_for_and_then_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "_BUSY_S", 0.2)
    catalog = Catalog.open(tmp_path / "catalog.sqlite")
    other = sqlite3.connect(tmp_path / "catalog.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    assert catalog.sources() == {}, "who reads does not wait"
    with pytest.raises(WorkspaceError, match="in use"):
        catalog.add_source("s", "feed.csv", {})
    monkeypatch.setattr(sqlite, "_BUSY_S", 30.0)
    patient = Catalog.open(tmp_path / "catalog.sqlite")
    soon = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    soon.start()
    patient.add_source("s", "feed.csv", {})
    soon.join()
    assert list(catalog.sources()) == ["s"]
    for one in (catalog, patient, other):
        one.close()


def test_a_damaged_page_is_explained(tmp_path):
    place = tmp_path / "catalog.sqlite"
    catalog = Catalog.open(place)
    for number in range(200):
        catalog.put_policy(f"h{number}", "house", "x" * 500)
    catalog.close()
    whole = place.read_bytes()
    place.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(WorkspaceError, match="damaged") as caught:
        Catalog.open(place).runs()
    assert "backup" in caught.value.hint
    place.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WorkspaceError, match="damaged"):
        Catalog.open(place).policy("h199")
