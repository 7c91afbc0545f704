import time

import pytest

import packshot
from packshot.app import heartbeat
from packshot.core.errors import UsageError
from packshot.pipeline.stores import Stores
from packshot.storage.catalog_tables import RunState


def runs_of(shop):
    stores = Stores.open(shop.workspace, create=False)
    try:
        return stores.catalog.runs(), stores.catalog.current("house"), stores.catalog.sources()
    finally:
        stores.close()


def test_a_run_leaves_the_ids_by_which_it_is_compared(run_shop):
    (run,), current, sources = runs_of(run_shop)
    ((source_id, source),) = sources.items()
    assert run.state is RunState.FINISHED
    assert run.result == {
        "policy_id": "house",
        "judgement_id": current.judgement_id,
        "choice_id": current.choice_id,
        "match_generation": current.match_generation,
        "source_ids": [source_id],
        "snapshots": {source_id: source.current_snapshot_id},
        "decoded": run.counters["decoded"],
    }


def test_a_failed_run_keeps_how_far_it_came(run_shop):
    run_shop.list()
    with pytest.raises(UsageError):
        run_shop.run()
    (_, failed), _, _ = runs_of(run_shop)
    assert (failed.state, failed.result) == (RunState.FAILED, {})
    assert "collect" in failed.counters


def test_a_run_shows_how_far_it_is_while_it_works(small_shop, monkeypatch):
    monkeypatch.setattr(heartbeat, "EVERY_S", 0.01)
    seen = []

    class Watching:
        def stage(self, name, total):
            pass

        def advance(self, done, troubles=0):  # noqa: ARG002 - the contract's
            until = time.monotonic() + 30
            while not seen and time.monotonic() < until:
                (run,) = runs_of(small_shop)[0]
                if run.counters:
                    seen.append(run)
                time.sleep(0.01)

    with small_shop.opened(create=True) as place:
        place.run(small_shop.feed, packshot.RunOptions(report=False), progress=Watching())
    (run,) = seen
    assert run.state is RunState.RUNNING
    assert run.counters["collect"] > 0
    assert run.heartbeat > run.started_at
