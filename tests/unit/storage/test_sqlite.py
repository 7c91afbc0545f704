import contextlib
import multiprocessing
import os
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url

from packshot.core.errors import WorkspaceError
from packshot.storage import sqlite
from packshot.storage.catalog import Catalog

NOBODY = 65534


@pytest.fixture
def folder():
    """One that an unprivileged user may enter, unlike those that pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="packshot-ro #?%20-"))
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def look(place, told):
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        catalog = Catalog.open(place)
        told.send(f"{catalog.writable} {' '.join(catalog.sources())}")
        catalog.add_source("new", "x", {})
    except WorkspaceError as error:
        told.send(f"{error.message} {error.hint}")


def looked(place):
    """What a user without the right to write sees, line by line."""
    ours, theirs = multiprocessing.Pipe()
    # A fork, since this Python may lie where that user must not look.
    process = multiprocessing.get_context("fork").Process(target=look, args=(place, theirs))
    process.start()
    theirs.close()
    process.join()
    told = []
    with contextlib.suppress(EOFError):
        while True:
            told.append(ours.recv())
    return told


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
    seen, refused = looked(place)
    assert seen == "False s"
    assert "may not be written" in refused
    assert "Give this user read and write access" in refused
    assert sorted(folder.iterdir()) == before


def test_a_read_only_folder_is_read_while_another_writes(folder):
    place = folder / "catalog.sqlite"
    catalog = Catalog.open(place)
    catalog.add_source("s", "feed.csv", {})
    assert (folder / "catalog.sqlite-wal").stat().st_size > 0
    read_only(folder)
    assert looked(place)[0] == "False s", "what is only in the log so far is seen"
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
    folder.chmod(0o755)
    (told,) = looked(folder / "copy" / "catalog.sqlite")
    assert "cannot be opened for reading only" in told
    assert "as a user who may write it" in told


def test_a_folder_that_may_not_be_entered_is_explained(folder):
    Catalog.open(folder / "catalog.sqlite").close()
    folder.chmod(0o700 if os.geteuid() == 0 else 0)
    (told,) = looked(folder / "catalog.sqlite")
    assert "may not be written or read" in told


def test_an_old_format_is_not_renewed_where_it_may_not_be_written(folder):
    place = folder / "catalog.sqlite"
    Catalog.open(place).close()
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE workspace SET format_version = 1")
    connection.close()
    read_only(folder)
    (told,) = looked(place)
    assert "is read-only, and of format 1" in told


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


def test_a_file_that_another_makes_at_this_moment_may_be_written(tmp_path, monkeypatch):
    file, looked = tmp_path / "catalog.sqlite", os.access

    def slow(path, mode):
        found = looked(path, mode)
        if path == file:
            file.touch()  # another process opens the workspace, too
        return found

    monkeypatch.setattr("packshot.storage.sqlite.os.access", slow)
    assert sqlite.Sqlite(make_url(f"sqlite:///{file}")).writable
