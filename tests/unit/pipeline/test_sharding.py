import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.pipeline.engine import LossKind, Lost, Outcome, Work
from packshot.pipeline.sharding import answered, shards_of

WORK = Work("nowhere:nothing", {})


class Fragile:
    """An engine that loses shards at some rows: always, or only once; it may not know at which row."""

    def __init__(self, deadly=(), once=(), slow=(), *, knows=True):
        self.deadly, self.once, self.slow, self.knows = set(deadly), set(once), set(slow), knows
        self.calls = []

    def run(self, work, shards, *, alone=False):  # noqa: ARG002 - the contract's
        for shard in shards:
            rows = shard.rows["n"].to_pylist()
            self.calls.append((rows, alone))
            lost = next((self._lost(place, row) for place, row in enumerate(rows) if self._stops(row)), None)
            yield Outcome(shard, None if lost else {"out": shard.rows}, lost)

    def _stops(self, row):
        return row in self.deadly | self.once | self.slow

    def _lost(self, place, row):
        self.once.discard(row)
        kind = LossKind.TIMED_OUT if row in self.slow else LossKind.CRASHED
        return Lost(kind, place if self.knows or kind is LossKind.TIMED_OUT else None)

    def times(self, row):
        return sum(row in rows for rows, _ in self.calls)


def rows(count):
    return pa.table({"n": list(range(count))})


def answers(outcomes):
    """The rows with an answer, in order, and why each of the others has none."""
    got, given_up = [], {}
    for outcome in outcomes:
        numbers = outcome.shard.rows["n"].to_pylist()
        assert (outcome.tables is None) == (outcome.lost is not None)
        if outcome.lost is None:
            got += outcome.tables["out"]["n"].to_pylist()
        else:
            assert len(numbers) == 1
            assert numbers[0] not in given_up
            given_up[numbers[0]] = outcome.lost.kind.value
    return sorted(got), given_up


def test_shards_hold_every_row_once_in_order():
    shards = list(shards_of(rows(7), 3))
    assert [shard.rows["n"].to_pylist() for shard in shards] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [shard.number for shard in shards] == [0, 1, 2]
    assert list(shards_of(rows(0), 3)) == []


def test_a_row_that_kills_twice_is_given_up_and_its_neighbours_run_again_together():
    engine = Fragile(deadly=[4])
    assert answers(answered(engine, WORK, rows(9), 3)) == ([0, 1, 2, 3, 5, 6, 7, 8], {4: "crashed"})
    assert engine.calls == [([0, 1, 2], False), ([3, 4, 5], False), ([6, 7, 8], False), ([3, 5], False), ([4], True)]


def test_a_row_at_which_somebody_killed_the_worker_is_answered_the_second_time():
    engine = Fragile(once=[1, 8])
    assert answers(answered(engine, WORK, rows(9), 3)) == (list(range(9)), {})
    assert engine.calls[-2:] == [([1], True), ([8], True)]


def test_a_row_that_takes_too_long_is_not_tried_again():
    engine = Fragile(slow=[0, 4])
    assert answers(answered(engine, WORK, rows(5), 5)) == ([1, 2, 3], {0: "timed_out", 4: "timed_out"})
    assert (engine.times(0), engine.times(4)) == (1, 2)  # 4 came after 0 in the first shard
    assert all(not alone for _, alone in engine.calls)


def test_where_nobody_knows_the_row_each_runs_by_itself():
    engine = Fragile(deadly=[4], knows=False)
    assert answers(answered(engine, WORK, rows(9), 3)) == ([0, 1, 2, 3, 5, 6, 7, 8], {4: "crashed"})
    assert engine.calls[3:] == [([3], False), ([4], False), ([5], False), ([4], True)]


def test_nothing_is_run_again_when_all_went_well():
    engine = Fragile()
    assert answers(answered(engine, WORK, rows(5), 2)) == ([0, 1, 2, 3, 4], {})
    assert engine.calls == [([0, 1], False), ([2, 3], False), ([4], False)]


def test_no_rows_are_no_work():
    engine = Fragile()
    assert list(answered(engine, WORK, rows(0), 2)) == []
    assert engine.calls == []


def test_what_the_work_raises_ends_the_run():
    class Full(Fragile):
        def run(self, work, shards, *, alone=False):
            yield from super().run(work, [next(iter(shards))], alone=alone)
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very error matters, not its text
        list(answered(Full(), WORK, rows(9), 3))


some_rows = st.frozensets(st.integers(0, 29))
engines = st.builds(Fragile, some_rows, some_rows, some_rows, knows=st.booleans())


@given(engines, st.integers(0, 30), st.integers(1, 8))
def test_every_row_comes_back_once_whatever_happens(engine, count, size):
    got, given_up = answers(answered(engine, WORK, rows(count), size))
    assert sorted([*got, *given_up]) == list(range(count))
    assert set(given_up) == (engine.deadly | engine.slow) & set(range(count))
