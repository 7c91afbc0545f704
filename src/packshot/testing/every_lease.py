"""What the leases of a catalog must do in every database it can be kept in: the conformance tests.

Each takes a `Place`: an empty database.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from packshot.core.errors import LostLease
from packshot.storage.catalog_leases import COMMIT
from packshot.storage.catalog_tables import RunState
from packshot.testing.catalog_place import Clock, Place, begun, judged, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.storage.catalog import Catalog


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
            catalog.commit_snapshot(begun(catalog), rows=1)
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
        fence = int(line_of(paused))
        paused.send_signal(signal.SIGSTOP)
        try:
            catalog = place.open()
            with catalog.lease("work") as lease:
                assert lease.fence == fence + 1
                paused.send_signal(signal.SIGCONT)
                assert paused.stdin is not None
                paused.stdin.write("go on\n")
                paused.stdin.flush()
                assert [line_of(paused), line_of(paused)] == ["LostLease", "LostLease"]
                lease.hold()
        finally:
            paused.kill()
    assert catalog.committed_snapshots() == []


def a_lost_lease_refuses_every_commit(place: Place) -> None:
    """Snapshots, what is current, and deletions; what holds no lost lease goes on."""
    catalog, other = place.open(), place.open()
    snapshot, judgement = begun(catalog), judged(catalog)
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
            snapshot, judgement, run = line_of(killed).split()
            catalog = place.open()
            assert [row.state for row in catalog.runs()] == [RunState.RUNNING]
            assert catalog.abandoned_snapshots() == []
            mine = begun(catalog)
        finally:
            killed.kill()
    with catalog.lease("work") as lease:
        assert lease.fence == 2
    assert [(row.run_id, row.state) for row in catalog.runs()] == [(run, RunState.KILLED)]
    assert [(row.judgement_id, row.abandoned) for row in catalog.judgements()] == [(judgement, True)]
    assert catalog.abandoned_snapshots() == [snapshot]
    assert mine != snapshot


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


EVERY: tuple[Callable[[Place], None], ...] = (
    one_at_a_time_holds_a_lease,
    a_lease_is_taken_once_by_a_thread,
    a_lease_goes_on_through_clock_jumps,
    a_lease_that_is_not_renewed_is_taken_over,
    a_lost_lease_refuses_every_commit,
    a_killed_holder_is_not_waited_for,
    two_processes_count_without_losing_one,
)
