import pyarrow as pa

from packshot.pipeline.engine import Outcome, Work
from packshot.pipeline.sharding import answered, shards_of

WORK = Work("nowhere:nothing", {})


class Fragile:
    """An engine whose worker dies of some rows, and takes the shards beside it along."""

    def __init__(self, deadly=(), beside=()):
        self.deadly, self.beside, self.calls = set(deadly), set(beside), []

    def run(self, work, shards, *, alone=False):  # noqa: ARG002 - the contract's
        for shard in shards:
            rows = shard.rows["n"].to_pylist()
            self.calls.append((rows, alone))
            dies = self.deadly & set(rows) or (not alone and self.beside & set(rows))
            yield Outcome(shard, None if dies else {"out": shard.rows})


def rows(count):
    return pa.table({"n": list(range(count))})


def answers(outcomes):
    given, given_up = [], []
    for outcome in outcomes:
        (given_up if outcome.tables is None else given).extend(outcome.shard.rows["n"].to_pylist())
    return sorted(given), sorted(given_up)


def test_shards_hold_every_row_once_in_order():
    shards = list(shards_of(rows(7), 3))
    assert [shard.rows["n"].to_pylist() for shard in shards] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [shard.number for shard in shards] == [0, 1, 2]
    assert list(shards_of(rows(0), 3)) == []


def test_only_the_row_that_kills_its_worker_is_given_up():
    engine = Fragile(deadly=[4])
    assert answers(answered(engine, WORK, rows(9), 3)) == ([0, 1, 2, 3, 5, 6, 7, 8], [4])
    assert ([3], True) in engine.calls
    assert ([4], True) in engine.calls


def test_rows_that_stood_beside_it_lose_nothing():
    assert answers(answered(Fragile(deadly=[0], beside=[3, 7]), WORK, rows(9), 3)) == ([1, 2, 3, 4, 5, 6, 7, 8], [0])


def test_nothing_is_run_again_when_all_went_well():
    engine = Fragile()
    assert answers(answered(engine, WORK, rows(5), 2)) == ([0, 1, 2, 3, 4], [])
    assert all(not alone for _, alone in engine.calls)


def test_no_rows_are_no_work():
    engine = Fragile()
    assert list(answered(engine, WORK, rows(0), 2)) == []
    assert engine.calls == []
