import datetime as dt
import os
import sqlite3

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog import Catalog
from packshot.storage.catalog_tables import FORMAT_VERSION

START = dt.datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=dt.UTC)


class Clock:
    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def place(tmp_path):
    return tmp_path / "catalog #1 ?äö%20.sqlite"


@pytest.fixture
def catalog(place, clock):
    catalog = Catalog.open(place, now=clock)
    yield catalog
    catalog.close()


def test_a_policy_is_kept_once(catalog):
    catalog.put_policy("h", "house", "a = 1")
    catalog.put_policy("h", "house", "changed without a new hash")
    assert catalog.policy("h").toml == "a = 1"
    assert catalog.policy("h").policy_id == "house"
    assert catalog.policy("none") is None


def test_all_is_there_after_opening_again(catalog, place):
    catalog.add_source("s", "feed.csv", {})
    catalog.commit_snapshot(catalog.begin_snapshot("s", "d"), rows=1)
    again = Catalog.open(place)
    assert again.committed_snapshots() == catalog.committed_snapshots()
    again.close()


def test_a_url_names_the_same_file(tmp_path):
    by_url = Catalog.open(f"sqlite:///{tmp_path}/catalog.sqlite")
    by_url.put_policy("h", "house", "x")
    by_path = Catalog.open(tmp_path / "catalog.sqlite")
    assert by_path.policy("h").policy_id == "house"
    by_url.close()
    by_path.close()


def test_commits_are_synced_and_shared(catalog):
    with catalog._engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 30_000]


def test_a_newer_workspace_is_refused(catalog, place):
    catalog.close()
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE workspace SET format_version = ?", (FORMAT_VERSION + 1,))
    connection.close()
    with pytest.raises(WorkspaceError, match="newer packshot") as caught:
        Catalog.open(place)
    assert "upgrade" in caught.value.hint


def test_other_databases_are_refused(tmp_path):
    with sqlite3.connect(tmp_path / "other") as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    with pytest.raises(WorkspaceError, match="no packshot catalog"):
        Catalog.open(tmp_path / "other")
    (tmp_path / "text").write_text("not a database, but long enough to be read as one " * 40)
    with pytest.raises(WorkspaceError, match="damaged"):
        Catalog.open(tmp_path / "text")
    with pytest.raises(WorkspaceError, match="cannot be opened"):
        Catalog.open(tmp_path / "no folder" / "catalog")
    with pytest.raises(WorkspaceError, match="mysql"):
        Catalog.open("mysql://user:secret@host/db")
    with pytest.raises(WorkspaceError, match="URL"):
        Catalog.open("not a url")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_explained(catalog, place):
    catalog.close()
    place.chmod(0o400)
    place.parent.chmod(0o500)
    with pytest.raises(WorkspaceError) as caught:
        Catalog.open(place).add_source("s", "x", {})
    assert caught.value.hint


def test_a_full_disk_is_explained_and_loses_nothing(catalog):
    catalog.add_source("s", "feed.csv", {})
    with catalog._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(WorkspaceError, match="disk is full"):
        catalog.put_policy("h", "house", "x" * 100_000)
    assert catalog.policy("h") is None
    assert catalog.source("s").uri == "feed.csv"
