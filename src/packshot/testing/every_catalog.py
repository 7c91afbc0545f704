"""What a catalog must do in every database it can be kept in: the conformance tests.

Each takes a `Place`: an empty database, which the test opens as often as it likes.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from packshot.core.errors import LostLease, WorkspaceError
from packshot.storage.catalog import Catalog, utc_now
from packshot.storage.catalog_leases import COMMIT
from packshot.storage.catalog_tables import JudgementState, RunState, Tombstone, TombstoneKind

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2026, 11, 22)
START = dt.datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=dt.UTC)
URL = "PACKSHOT_TEST_CATALOG"
"""The environment variable that tells a started process where the catalog is."""


class Clock:
    """A clock that goes where a test wants."""

    def __init__(self) -> None:
        """Start at START."""
        self.time = START

    def __call__(self) -> dt.datetime:
        """The time."""
        return self.time


@dataclass
class Place:
    """Where a test keeps its catalog."""

    url: str
    _opened: list[Catalog] = field(default_factory=list)

    def open(self, now: Callable[[], dt.datetime] = utc_now) -> Catalog:
        """Open the catalog once more."""
        self._opened.append(Catalog.open(self.url, now=now))
        return self._opened[-1]

    def close(self) -> None:
        """Close all that was opened."""
        for catalog in self._opened:
            catalog.close()

    def started(self, code: str) -> subprocess.Popen[str]:
        """Start a process that runs `code` with `catalog` open; lines that it prints can be read."""
        code = (
            f"import os, sys, time\nfrom packshot.storage.catalog import Catalog\n"
            f"catalog = Catalog.open(os.environ['{URL}'])\n{textwrap.dedent(code)}"
        )
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", code], env={**os.environ, URL: self.url}, text=True, **pipes)  # type: ignore[call-overload,no-any-return]  # noqa: S603 - the code is the test's; mypy does not follow **


def _judged(catalog: Catalog, policy: str = "house") -> str:
    catalog.put_policy(f"hash of {policy}", policy, "rules = []")
    return catalog.begin_judgement(f"hash of {policy}", rules_as_of=DAY, pins={"measurements": 3}, wanted={"size": 1})


def _begun(catalog: Catalog) -> str:
    catalog.add_source("s", "feed.csv", {})
    return catalog.begin_snapshot("s", "digest")


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def a_source_is_known_by_its_id(place: Place) -> None:
    """It is added once and updated later, with any text."""
    catalog = place.open()
    assert catalog.source("s") is None
    catalog.add_source("s", "feed.csv", {"id": "sku"})
    catalog.add_source("s", "moved/feed.csv", {"id": "SKU ä 猫"})
    source = catalog.source("s")
    assert source is not None
    assert (source.uri, source.mapping, source.current_snapshot_id) == ("moved/feed.csv", {"id": "SKU ä 猫"}, None)
    assert list(catalog.sources()) == ["s"]


def a_snapshot_counts_when_it_is_committed(place: Place) -> None:
    """And in the order of commits, though the clock goes back."""
    clock = Clock()
    catalog = place.open(clock)
    catalog.add_source("s", "feed.csv", {})
    first, torn = catalog.begin_snapshot("s", "digest 1"), catalog.begin_snapshot("s", "digest 2")
    assert catalog.current_snapshot("s") is None
    assert catalog.committed_snapshots() == []
    catalog.commit_snapshot(first, rows=7)
    clock.time -= dt.timedelta(days=1)
    later = catalog.begin_snapshot("s", "digest 3")
    catalog.commit_snapshot(later, rows=8)
    assert catalog.committed_snapshots() == [first, later]
    catalog.commit_snapshot(first, rows=7)
    now = place.open().current_snapshot("s")
    assert now is not None
    assert (now.snapshot_id, now.digest, now.rows, now.committed_at) == (later, "digest 3", 8, clock.time)
    assert torn not in catalog.committed_snapshots()
    assert len({first, torn, later}) == 3


def what_is_not_there_is_refused(place: Place) -> None:
    """Rows refer to rows that are there."""
    catalog = place.open()
    with pytest.raises(WorkspaceError):
        catalog.begin_snapshot("nobody", "digest")
    with pytest.raises(WorkspaceError):
        catalog.commit_snapshot("nothing", rows=1)
    with pytest.raises(WorkspaceError):
        catalog.begin_judgement("unknown policy", rules_as_of=DAY, pins={}, wanted={})
    with pytest.raises(WorkspaceError):
        catalog.commit_judgement("none")
    with pytest.raises(WorkspaceError):
        catalog.heartbeat("nobody", {})


def equal_measures_are_one_pass(place: Place) -> None:
    """Whoever asks, and in whatever order."""
    catalog = place.open()
    one = catalog.open_pass({"blur": 1, "size": 2})
    assert place.open().open_pass({"size": 2, "blur": 1}) == one
    other = catalog.open_pass({"size": 2, "blur": 2})
    assert catalog.passes() == {one: {"blur": 1, "size": 2}, other: {"blur": 2, "size": 2}}


def a_run_tells_how_it_goes(place: Place) -> None:
    """Its counters, its signs of life, its end, and what it left."""
    clock = Clock()
    catalog = place.open(clock)
    run = catalog.start_run("hash", {"policy": "house", "shards": [1, 2]})
    clock.time += dt.timedelta(seconds=30)
    catalog.heartbeat(run, {"decoded": 100})
    (row,) = catalog.runs()
    assert (row.run_id, row.state, row.counters) == (run, RunState.RUNNING, {"decoded": 100})
    assert (row.plan["shards"], row.started_at, row.heartbeat, row.result) == ([1, 2], START, clock.time, {})
    catalog.finish_run(run, RunState.FINISHED, {"decoded": 200}, result={"snapshots": {"s": None}})
    (row,) = place.open().runs()
    assert (row.state, row.counters, row.plan_hash) == (RunState.FINISHED, {"decoded": 200}, "hash")
    assert row.result == {"snapshots": {"s": None}}


def a_judgement_shows_only_when_committed(place: Place) -> None:
    """And by one row, with its matches and choice."""
    catalog = place.open(Clock())
    judgement = _judged(catalog)
    with pytest.raises(WorkspaceError):
        catalog.set_current("house", judgement)
    assert catalog.current("house") is None
    catalog.commit_judgement(judgement)
    catalog.set_current("house", judgement, match_generation="m1", choice_id="c1")
    current = catalog.current("house")
    assert current is not None
    assert (current.judgement_id, current.match_generation, current.choice_id) == (judgement, "m1", "c1")
    again, other = _judged(catalog), _judged(catalog, "amazon")
    catalog.commit_judgement(again)
    catalog.set_current("house", again, match_generation="m2")
    current = place.open().current("house")
    assert current is not None
    assert (current.judgement_id, current.choice_id) == (again, None)
    assert [row.judgement_id for row in catalog.judgements("amazon")] == [other]
    assert {row.judgement_id for row in catalog.judgements()} == {judgement, again, other}
    row = catalog.judgement(other)
    assert row is not None
    assert (row.rules_as_of, row.pins, row.wanted) == (DAY, {"measurements": 3}, {"size": 1})
    assert (row.state, row.at, row.abandoned) == (JudgementState.BUILDING, START, False)
    kept = catalog.policy("hash of house")
    assert kept is not None
    assert (kept.policy_id, kept.toml) == ("house", "rules = []")


def what_is_shown_is_not_deleted(place: Place) -> None:
    """Judgements go when they are not shown, snapshots when they were never committed; all that are named, or none."""
    catalog = place.open()
    shown, old = _judged(catalog), _judged(catalog)
    for judgement in (shown, old):
        catalog.commit_judgement(judgement)
    catalog.set_current("house", shown)
    with pytest.raises(WorkspaceError, match="is shown"):
        catalog.delete_judgements([old, shown])
    assert len(catalog.judgements()) == 2
    catalog.delete_judgements([old])
    assert [row.judgement_id for row in catalog.judgements()] == [shown]
    kept, torn = _begun(catalog), _begun(catalog)
    catalog.commit_snapshot(kept, rows=1)
    with pytest.raises(WorkspaceError):
        catalog.delete_snapshots([kept, torn])
    catalog.delete_snapshots([torn])
    with pytest.raises(WorkspaceError):
        catalog.commit_snapshot(torn, rows=1)
    assert catalog.committed_snapshots() == [kept]


def a_workspace_has_one_id(place: Place) -> None:
    """Whoever opens it, and however many make it at once."""
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(place.open().workspace_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(found[0]) == 36


def an_older_format_becomes_this_one(place: Place) -> None:
    """Each step from format 1 on is SQL that the database takes; what was there stays."""
    new = place.open()
    new.commit_snapshot(_begun(new), rows=3)
    before = _shape(new)
    with new._write("making it old") as connection:  # noqa: SLF001 - a state that no method makes
        for statement in _BACK_TO_1:
            connection.exec_driver_sql(statement)
    renewed = place.open()
    assert _shape(renewed) == before
    assert len(renewed.workspace_id) == 36
    assert len(renewed.committed_snapshots()) == 1
    with renewed.lease("work") as lease:
        assert lease.fence == 1


_BACK_TO_1 = (
    "ALTER TABLE workspace DROP COLUMN workspace_id",
    "ALTER TABLE run DROP COLUMN result_json",
    "ALTER TABLE run DROP COLUMN process",
    "ALTER TABLE snapshot DROP COLUMN process",
    "ALTER TABLE judgement DROP COLUMN process",
    "DROP TABLE lease",
    "DROP TABLE tombstone",
    "DROP TABLE compaction",
    "UPDATE workspace SET format_version = 1",
)


def _shape(catalog: Catalog) -> dict[str, set[tuple[str, str, bool]]]:
    with catalog._read("looking at the tables") as connection:  # noqa: SLF001 - what no method tells
        looked = inspect(connection)
        return {
            name: {(c["name"], str(c["type"]), c["nullable"]) for c in looked.get_columns(name)}
            for name in looked.get_table_names()
        }


def what_was_forgotten_is_known(place: Place) -> None:
    """By kind and key; a second tombstone changes nothing."""
    catalog = place.open()
    assert catalog.tombstones("asset") == set()
    catalog.add_tombstones([Tombstone(TombstoneKind.ASSET, "a"), Tombstone(TombstoneKind.URI, "u" * 2000, "a request")])
    catalog.add_tombstones([Tombstone(TombstoneKind.ASSET, "a", "again"), Tombstone(TombstoneKind.ASSET, "ä")] * 2)
    assert catalog.tombstones("asset") == {"a", "ä"}
    assert catalog.tombstones(TombstoneKind.URI) == {"u" * 2000}
    assert catalog.tombstones("listing") == set()


def versions_with_the_same_rows_are_known(place: Place) -> None:
    """By table; the last word counts."""
    catalog = place.open()
    assert catalog.same_rows() == {}
    catalog.record_same_rows("measurements", 7, 9)
    catalog.record_same_rows("measurements", 8, 9)
    catalog.record_same_rows("measurements", 9, 12)
    catalog.record_same_rows("vectors/clip", 1, 2)
    assert catalog.same_rows() == {"measurements": {9: 8, 12: 9}, "vectors/clip": {2: 1}}


def many_may_write_at_once(place: Place) -> None:
    """Threads with catalogs of their own lose nothing and double nothing."""
    found: list[str] = []

    def work() -> None:
        catalog = place.open()
        for number in range(4):
            found.append(catalog.open_pass({"size": number}))
            catalog.add_source("s", f"feed {number}", {})
            catalog.commit_snapshot(catalog.begin_snapshot("s", "d"), rows=1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catalog = place.open()
    assert len(found) == 16
    assert set(found) == set(catalog.passes())
    assert len(catalog.passes()) == 4
    assert len(catalog.committed_snapshots()) == 16


def one_at_a_time_holds_a_lease(place: Place) -> None:
    """Many takers: each holds it alone, and each with a greater fence than all before."""
    inside: list[int] = []
    fences: list[int] = []

    def work() -> None:
        catalog = place.open()
        for _ in range(3):
            with catalog.lease("work") as lease:
                inside.append(1)
                assert len(inside) == 1
                fences.append(lease.fence)
                lease.hold()
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fences == list(range(1, 13))
    assert place.open().leases() == []


def a_lease_is_taken_once_by_a_thread(place: Place) -> None:
    """What works under it may ask for it again; COMMIT is the last that is taken."""
    catalog = place.open()
    with catalog.lease("work") as lease, catalog.lease("work") as again:
        assert again is lease
        with catalog.lease(COMMIT):
            catalog.commit_snapshot(_begun(catalog), rows=1)
            assert [row.name for row in catalog.leases()] == [COMMIT, "work"]
            with pytest.raises(RuntimeError), catalog.lease("other"):
                pass
    assert catalog.leases() == []


def a_lease_goes_on_through_clock_jumps(place: Place) -> None:
    """A day forth or back, of the holder or of who waits: it is renewed, and nobody takes it over."""
    forth, back = Clock(), Clock()
    holder, other = place.open(forth), place.open(back)
    told: list[str] = []
    taken = threading.Event()

    def wait() -> None:
        with other.lease("work", ttl_s=0.4, waiting=told.append):
            taken.set()

    waiter = threading.Thread(target=wait)
    with holder.lease("work", ttl_s=0.4) as lease:
        waiter.start()
        for days in (1, -2, 3):
            forth.time += dt.timedelta(days=days)
            back.time -= dt.timedelta(days=days)
            assert not taken.wait(0.9)
            lease.hold()
    waiter.join()
    assert taken.is_set()
    assert len(told) == 1, "it says once for whom it waits"
    assert f"process {os.getpid()}" in told[0]


def a_lease_that_is_not_renewed_is_taken_over(place: Place) -> None:
    """A paused process: when it goes on, its commits are refused, and nothing of them is there."""
    paused = place.started("""
        catalog.add_source("s", "feed.csv", {})
        snapshot = catalog.begin_snapshot("s", "digest")
        from packshot.core.errors import LostLease
        with catalog.lease("work", ttl_s=0.5) as lease:
            print(lease.fence, flush=True)
            sys.stdin.readline()
            for refused in (lambda: catalog.commit_snapshot(snapshot, 1), lease.hold):
                try:
                    refused()
                except LostLease as error:
                    print(type(error).__name__, flush=True)
    """)
    with paused:
        fence = int(_line(paused))
        paused.send_signal(signal.SIGSTOP)
        try:
            catalog = place.open()
            with catalog.lease("work") as lease:
                assert lease.fence == fence + 1
                paused.send_signal(signal.SIGCONT)
                assert paused.stdin is not None
                paused.stdin.write("go on\n")
                paused.stdin.flush()
                assert [_line(paused), _line(paused)] == ["LostLease", "LostLease"]
                lease.hold()
        finally:
            paused.kill()
    assert catalog.committed_snapshots() == []


def a_lost_lease_refuses_every_commit(place: Place) -> None:
    """Snapshots, what is current, and deletions; what holds no lost lease goes on."""
    catalog, other = place.open(), place.open()
    snapshot, judgement = _begun(catalog), _judged(catalog)
    catalog.commit_judgement(judgement)
    with catalog.lease("work") as lease:
        _lose(catalog, "work")
        commits: list[Callable[[], None]] = [
            lambda: catalog.commit_snapshot(snapshot, 1),
            lambda: catalog.set_current("house", judgement),
            lambda: catalog.delete_judgements([judgement]),
            lambda: catalog.delete_snapshots([snapshot]),
            lease.hold,
        ]
        for commit in commits:
            with pytest.raises(LostLease) as caught:
                commit()
            assert caught.value.hint
    assert catalog.committed_snapshots() == []
    assert catalog.current("house") is None
    assert other.judgement(judgement) is not None
    other.commit_snapshot(snapshot, 1)


def _lose(catalog: Catalog, name: str) -> None:
    """Let somebody else have the lease."""
    from packshot.storage.catalog_tables import LEASE

    with catalog._write("taking a lease away") as connection:  # noqa: SLF001 - a fault that cannot be asked for
        values = {"holder": "elsewhere:1:1:another", "fence": LEASE.c.fence + 1}
        connection.execute(LEASE.update().where(LEASE.c.name == name).values(values))


def a_killed_holder_is_not_waited_for(place: Place) -> None:
    """Its lease is free at once, its run shows as killed, and what it began as abandoned."""
    killed = place.started("""
        catalog.add_source("s", "feed.csv", {})
        snapshot = catalog.begin_snapshot("s", "digest")
        catalog.put_policy("h", "house", "rules = []")
        import datetime
        judgement = catalog.begin_judgement("h", rules_as_of=datetime.date(2026, 11, 22), pins={}, wanted={})
        run = catalog.start_run("hash", {})
        with catalog.lease("work", ttl_s=3600):
            print(snapshot, judgement, run, flush=True)
            time.sleep(600)
    """)
    with killed:
        try:
            snapshot, judgement, run = _line(killed).split()
            catalog = place.open()
            assert [row.state for row in catalog.runs()] == [RunState.RUNNING]
            assert catalog.abandoned_snapshots() == []
            mine = _begun(catalog)
        finally:
            killed.kill()
    with catalog.lease("work") as lease:
        assert lease.fence == 2
    assert [(row.run_id, row.state) for row in catalog.runs()] == [(run, RunState.KILLED)]
    assert [(row.judgement_id, row.abandoned) for row in catalog.judgements()] == [(judgement, True)]
    assert catalog.abandoned_snapshots() == [snapshot]
    assert mine != snapshot


def a_run_on_another_host_lives_as_long_as_it_says_so(place: Place) -> None:
    """Its process cannot be seen from here; its heartbeat can."""
    from packshot.storage.catalog_tables import RUN

    clock = Clock()
    catalog = place.open(clock)
    run = catalog.start_run("hash", {})
    with catalog._write("moving a run") as connection:  # noqa: SLF001 - a run of another host
        connection.execute(RUN.update().values(process="elsewhere:1:1:another"))
    clock.time += dt.timedelta(hours=1)
    catalog.heartbeat(run, {})
    clock.time += dt.timedelta(minutes=4)
    assert [row.state for row in catalog.runs()] == [RunState.RUNNING]
    clock.time += dt.timedelta(minutes=2)
    assert [row.state for row in catalog.runs()] == [RunState.KILLED]
    catalog.heartbeat(run, {})
    assert [row.state for row in catalog.runs()] == [RunState.RUNNING], "it is alive after all"


def two_processes_count_without_losing_one(place: Place) -> None:
    """They read, add one and write, under one lease."""
    code = """
        for _ in range(4):
            with catalog.lease("work"):
                source = catalog.source("s")
                catalog.add_source("s", str(int(source.uri) + 1), {})
    """
    catalog = place.open()
    catalog.add_source("s", "0", {})
    both = [place.started(code) for _ in range(2)]
    for process in both:
        with process:
            assert process.wait() == 0
    source = catalog.source("s")
    assert source is not None
    assert source.uri == "8"


def a_killed_writer_loses_nothing_it_was_told_is_kept(place: Place) -> None:
    """What a method has returned from is there."""
    place.open()
    writer = place.started("""
        number = 0
        while True:
            catalog.put_policy(f"h{number}", "house", "x")
            print(f"h{number}", flush=True)
            number += 1
    """)
    with writer:
        told = [_line(writer) for _ in range(5)]
        writer.kill()
        assert writer.stdout is not None
        told += writer.stdout.read().split()
    catalog = place.open()
    assert len(told) >= 5
    assert all(catalog.policy(hash_) for hash_ in told)


EVERY: tuple[Callable[[Place], None], ...] = (
    a_source_is_known_by_its_id,
    a_snapshot_counts_when_it_is_committed,
    what_is_not_there_is_refused,
    equal_measures_are_one_pass,
    a_run_tells_how_it_goes,
    a_judgement_shows_only_when_committed,
    what_is_shown_is_not_deleted,
    a_workspace_has_one_id,
    an_older_format_becomes_this_one,
    what_was_forgotten_is_known,
    versions_with_the_same_rows_are_known,
    many_may_write_at_once,
    one_at_a_time_holds_a_lease,
    a_lease_is_taken_once_by_a_thread,
    a_lease_goes_on_through_clock_jumps,
    a_lease_that_is_not_renewed_is_taken_over,
    a_lost_lease_refuses_every_commit,
    a_killed_holder_is_not_waited_for,
    a_run_on_another_host_lives_as_long_as_it_says_so,
    two_processes_count_without_losing_one,
    a_killed_writer_loses_nothing_it_was_told_is_kept,
)
