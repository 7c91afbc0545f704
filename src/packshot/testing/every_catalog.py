"""What a catalog must do in every database it can be kept in: the conformance tests.

Each takes a `Place`: an empty database.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog_tables import JudgementState, NewLabel, RunState, Tombstone, TombstoneKind
from packshot.testing.catalog_place import DAY, START, Clock, Place, begun, judged, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.storage.catalog import Catalog


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
    judgement = judged(catalog)
    with pytest.raises(WorkspaceError):
        catalog.set_current("house", judgement)
    assert catalog.current("house") is None
    catalog.commit_judgement(judgement)
    catalog.set_current("house", judgement, match_generation="m1", choice_id="c1")
    current = catalog.current("house")
    assert current is not None
    assert (current.judgement_id, current.match_generation, current.choice_id) == (judgement, "m1", "c1")
    again, other = judged(catalog), judged(catalog, "amazon")
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
    shown, old = judged(catalog), judged(catalog)
    for judgement in (shown, old):
        catalog.commit_judgement(judgement)
    catalog.set_current("house", shown)
    with pytest.raises(WorkspaceError, match="is shown"):
        catalog.delete_judgements([old, shown])
    assert len(catalog.judgements()) == 2
    catalog.delete_judgements([old])
    assert [row.judgement_id for row in catalog.judgements()] == [shown]
    kept, torn = begun(catalog), begun(catalog)
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
    new.commit_snapshot(begun(new), rows=3)
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
    "DROP TABLE label",
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


def what_was_said_is_kept_in_order(place: Place) -> None:
    """Numbers grow by one; each label knows what stood before it; what is said together is kept whole or not at all."""
    clock = Clock()
    catalog = place.open(clock)
    assert (catalog.labels(), catalog.last_label()) == ([], 0)
    said = [_label("blurry", "p/a", "pass"), _label("blurry", "p/b", "fail"), _label("blurry", "p/a", "fail")]
    first, other, again = catalog.add_labels(said)
    assert [(row.seq, row.supersedes) for row in (first, other, again)] == [(1, None), (2, None), (3, 1)]
    assert (first.answer, first.author, first.at) == ({"answer": "pass", "because": "ä 猫"}, "anna", START)
    with pytest.raises(WorkspaceError):
        catalog.add_labels([_label("props", "p/a", "pass"), _label("props", "p/a", None)])
    assert catalog.last_label() == 3
    when = START - dt.timedelta(days=9)
    (old,) = place.open().add_labels([_label("blurry", "p/a", "pass", at=when)])
    assert (old.seq, old.supersedes, old.at) == (4, 3, when)
    assert [row.seq for row in catalog.labels(after=2)] == [3, 4]
    assert catalog.labels()[0] == first


def a_forgotten_label_leaves_its_number(place: Place) -> None:
    """And nothing else; nobody is given its number again."""
    catalog = place.open()
    catalog.add_labels([_label("blurry", "p/a", "pass"), _label("blurry", "p/b", "pass")])
    catalog.forget_labels([2])
    catalog.forget_labels([2])
    assert [(row.seq, row.subject_id) for row in catalog.labels()] == [(1, "p/a")]
    (new,) = catalog.add_labels([_label("blurry", "p/b", "fail")])
    assert (new.seq, new.supersedes) == (3, None)


def many_may_speak_at_once(place: Place) -> None:
    """Every label has a number of its own, and none is lost."""
    place.open()

    def speak(who: int) -> None:
        catalog = place.open()
        for number in range(5):
            catalog.add_labels([_label("blurry", f"p/{who}", "pass"), _label("blurry", f"q/{number}", "pass")])

    threads = [threading.Thread(target=speak, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.seq for row in place.open().labels()] == list(range(1, 41))


def a_killed_speaker_is_heard_whole_or_not_at_all(place: Place) -> None:
    """Killed before the commit nothing of it is there, killed after it everything."""
    catalog = place.open()
    for moment, kept in (("before-commit", 0), ("committed", 3)):
        writer = place.started(f"""
            from packshot.storage import faults
            from packshot.storage.catalog_tables import NewLabel
            faults._ARMED.update(faults._armed("label:{moment}=kill"))
            catalog.add_labels([NewLabel("q", "placement", str(n), {{"answer": "pass"}}, "anna") for n in range(3)])
        """)
        with writer:
            assert writer.wait(30) < 0
        assert len(catalog.labels()) == kept


def _label(question: str, subject: str, answer: str | None, at: dt.datetime | None = None) -> NewLabel:
    author = "anna" if answer else None
    return NewLabel(question, "placement", subject, {"answer": answer, "because": "ä 猫"}, author, at)  # type: ignore[arg-type] # one that no database takes


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
        told = [line_of(writer) for _ in range(5)]
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
    what_was_said_is_kept_in_order,
    a_forgotten_label_leaves_its_number,
    many_may_speak_at_once,
    a_killed_speaker_is_heard_whole_or_not_at_all,
    many_may_write_at_once,
    a_run_on_another_host_lives_as_long_as_it_says_so,
    a_killed_writer_loses_nothing_it_was_told_is_kept,
)
