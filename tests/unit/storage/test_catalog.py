import datetime as dt
import os
import sqlite3
import subprocess
import sys
import textwrap
import threading

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog import Catalog
from packshot.storage.catalog_tables import FORMAT_VERSION, JudgementState, RunState

DAY = dt.date(2026, 11, 22)
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


def judged(catalog, policy="house"):
    catalog.put_policy(f"hash of {policy}", policy, "rules = []")
    return catalog.begin_judgement(f"hash of {policy}", rules_as_of=DAY, pins={"measurements": 3}, wanted={"size": 1})


def test_a_source_is_known_by_its_id(catalog):
    assert catalog.source("s") is None
    catalog.add_source("s", "feed.csv", {"id": "sku"})
    catalog.add_source("s", "moved/feed.csv", {"id": "SKU ä"})
    source = catalog.source("s")
    assert (source.uri, source.mapping, source.current_snapshot_id) == ("moved/feed.csv", {"id": "SKU ä"}, None)
    assert list(catalog.sources()) == ["s"]


def test_a_snapshot_counts_when_it_is_committed(catalog, clock):
    catalog.add_source("s", "feed.csv", {})
    first = catalog.begin_snapshot("s", "digest 1")
    torn = catalog.begin_snapshot("s", "digest 2")
    assert catalog.current_snapshot("s") is None
    assert catalog.committed_snapshots() == []
    catalog.commit_snapshot(first, rows=7)
    clock.time -= dt.timedelta(days=1)
    later = catalog.begin_snapshot("s", "digest 3")
    catalog.commit_snapshot(later, rows=8)
    assert catalog.committed_snapshots() == [first, later], "in order of commit, though the clock went back"
    catalog.commit_snapshot(first, rows=7)
    now = catalog.current_snapshot("s")
    assert (now.snapshot_id, now.digest, now.rows, now.committed_at) == (later, "digest 3", 8, clock.time)
    assert catalog.source("s").current_snapshot_id == later
    assert torn not in catalog.committed_snapshots()
    assert len({first, torn, later}) == 3


def test_a_snapshot_needs_its_source(catalog):
    with pytest.raises(WorkspaceError):
        catalog.begin_snapshot("nobody", "digest")
    with pytest.raises(WorkspaceError):
        catalog.commit_snapshot("nothing", rows=1)


def test_equal_measures_are_one_pass(catalog):
    one = catalog.open_pass({"blur": 1, "size": 2})
    assert catalog.open_pass({"size": 2, "blur": 1}) == one
    other = catalog.open_pass({"size": 2, "blur": 2})
    assert other != one
    assert catalog.passes() == {one: {"blur": 1, "size": 2}, other: {"blur": 2, "size": 2}}


def test_a_run_tells_how_it_goes(catalog, clock):
    run = catalog.start_run("hash", {"policy": "house", "shards": [1, 2]})
    clock.time += dt.timedelta(seconds=30)
    catalog.heartbeat(run, {"decoded": 100})
    (row,) = catalog.runs()
    assert (row.run_id, row.state, row.counters, row.plan["shards"]) == (
        run,
        RunState.RUNNING,
        {"decoded": 100},
        [1, 2],
    )
    assert (row.started_at, row.heartbeat) == (START, clock.time)
    catalog.finish_run(run, RunState.FINISHED, {"decoded": 200})
    (row,) = catalog.runs()
    assert (row.state, row.counters, row.plan_hash) == (RunState.FINISHED, {"decoded": 200}, "hash")
    with pytest.raises(WorkspaceError):
        catalog.heartbeat("nobody", {})


def test_a_policy_is_kept_once(catalog):
    catalog.put_policy("h", "house", "a = 1")
    catalog.put_policy("h", "house", "changed without a new hash")
    assert catalog.policy("h").toml == "a = 1"
    assert catalog.policy("h").policy_id == "house"
    assert catalog.policy("none") is None


def test_a_judgement_shows_only_when_committed(catalog):
    judgement = judged(catalog)
    assert catalog.judgement(judgement).state == JudgementState.BUILDING
    with pytest.raises(WorkspaceError):
        catalog.set_current("house", judgement)
    assert catalog.current("house") is None
    catalog.commit_judgement(judgement)
    catalog.set_current("house", judgement, match_generation="m1", choice_id="c1")
    current = catalog.current("house")
    assert (current.judgement_id, current.match_generation, current.choice_id) == (judgement, "m1", "c1")
    again = judged(catalog)
    catalog.commit_judgement(again)
    catalog.set_current("house", again, match_generation="m2")
    assert catalog.current("house").judgement_id == again
    assert catalog.current("house").choice_id is None
    other = judged(catalog, "amazon")
    assert [row.judgement_id for row in catalog.judgements("amazon")] == [other]
    assert {row.judgement_id for row in catalog.judgements()} == {judgement, again, other}
    row = catalog.judgement(judgement)
    assert (row.rules_as_of, row.pins, row.wanted, row.labels_seq, row.at) == (
        DAY,
        {"measurements": 3},
        {"size": 1},
        0,
        START,
    )
    assert list(catalog.currents()) == ["house"]
    assert catalog.judgement("none") is None


def test_what_is_not_there_cannot_be_judged(catalog):
    with pytest.raises(WorkspaceError):
        catalog.begin_judgement("unknown policy", rules_as_of=DAY, pins={}, wanted={})
    with pytest.raises(WorkspaceError):
        catalog.commit_judgement("none")


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


def test_threads_may_write_at_once(place):
    found = []

    def work():
        catalog = Catalog.open(place)
        for number in range(5):
            found.append(catalog.open_pass({"size": number}))
            catalog.add_source("s", f"feed {number}", {})
            catalog.commit_snapshot(catalog.begin_snapshot("s", "d"), rows=1)
        catalog.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catalog = Catalog.open(place)
    assert len(found) == 20
    assert set(found) == set(catalog.passes())
    assert len(catalog.passes()) == 5
    assert len(catalog.committed_snapshots()) == 20
    catalog.close()


def test_a_killed_writer_loses_nothing_it_was_told_is_kept(place):
    code = """
        import sys
        from pathlib import Path
        from packshot.storage.catalog import Catalog
        catalog = Catalog.open(Path(sys.argv[1]))
        number = 0
        while True:
            catalog.put_policy(f"h{number}", "house", "x")
            print(f"h{number}", flush=True)
            number += 1
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        told = [writer.stdout.readline().strip() for _ in range(5)]
        writer.kill()
        told += writer.stdout.read().split()
    catalog = Catalog.open(place)
    assert len(told) >= 5
    assert all(catalog.policy(hash_) for hash_ in told)
    catalog.close()
