import itertools
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyarrow as pa
import pytest

from packshot.core.errors import EngineError
from packshot.engines import supervised
from packshot.engines.local import AHEAD, LocalEngine
from packshot.pipeline.engine import LossKind, Lost, Work, WorkerLimits
from packshot.pipeline.sharding import answered
from packshot.testing import every_engine

PATIENCE_S = 60


@pytest.fixture(scope="module")
def local():
    engine = LocalEngine(2, WorkerLimits(row_seconds=1.5, memory_bytes=1 << 30))
    yield engine
    engine.close()


@pytest.mark.parametrize("holds", every_engine.CONTRACT, ids=lambda holds: holds.__name__)
def test_local(local, holds):
    holds(local)


def test_local_reads_shards_lazily(local):
    every_engine.reads_shards_lazily(local, most_ahead=2 * AHEAD + 1)


def test_local_knows_the_row_and_how_the_worker_ended(local):
    (outcome,) = local.run(Work("packshot.testing.every_engine:double", {"deadly": 2}), every_engine.shards(1))
    assert outcome.lost == Lost(LossKind.CRASHED, 2, "SIGKILL")


def test_local_starts_no_more_workers_than_there_are_shards():
    engine = LocalEngine(8)
    (outcome,) = engine.run(Work("packshot.testing.every_engine:double", {}), every_engine.shards(1))
    assert outcome.tables is not None
    assert len(engine._staff) == 1
    engine.close()


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_nothing(local):
    work = Work("packshot.testing.every_engine:double", {})
    workers = {n for o in local.run(work, every_engine.shards(20)) for n in o.tables["doubled"]["worker"].to_pylist()}
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    rows = [n for o in answered(local, work, pa.table({"n": list(range(9))}), 3) for n in o.shard.rows["n"].to_pylist()]
    assert sorted(rows) == list(range(9))


def test_a_script_without_a_main_guard_may_use_workers(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(
        textwrap.dedent("""
        print("started")
        from packshot.engines.local import LocalEngine
        from packshot.testing import every_engine
        engine = LocalEngine(2)
        every_engine.gives_every_shard_once(engine)
        engine.close()
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["started"]


def test_workers_end_when_their_driver_is_killed_even_one_that_hangs(tmp_path):
    script = tmp_path / "driver.py"
    script.write_text(
        textwrap.dedent("""
        from packshot.pipeline.engine import Work
        from packshot.engines.local import LocalEngine
        from packshot.testing import every_engine
        work = Work("packshot.testing.every_engine:double", {"hangs": 1, "seconds": 0.05})
        engine = LocalEngine(2)
        for outcome in engine.run(work, every_engine.shards(1000)):
            print(*(worker._process.pid for worker in engine._staff), flush=True)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        workers = driver.stdout.readline().split()
        driver.kill()
    assert len(workers) == 2
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_where_no_worker_can_be_started_it_says_so(tmp_path):
    script = tmp_path / "few.py"
    script.write_text(
        textwrap.dedent("""
        import os, resource
        from packshot.core.errors import EngineError
        from packshot.engines.local import LocalEngine
        from packshot.testing import every_engine
        opened = len(os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (opened + 2, opened + 2))
        try:
            every_engine.gives_every_shard_once(LocalEngine(2))
        except EngineError as error:
            print(error.message)
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.stdout.startswith("A worker process cannot be started"), done.stderr


def test_workers_that_die_at_once_end_the_run_with_an_error(monkeypatch):
    # A worker that runs this instead of answering ends before it has said that it is there.
    monkeypatch.setattr(supervised, "serve", itertools.chain)
    engine = LocalEngine(2)
    with pytest.raises(EngineError, match="die before they come to a file"):
        every_engine.gives_every_shard_once(engine)
    engine.close()


def test_work_that_cannot_be_sent_is_an_error_and_no_endless_wait(local):
    with pytest.raises((TypeError, AttributeError)):
        list(local.run(Work("packshot.testing.every_engine:double", {"deadly": lambda: 7}), every_engine.shards(1)))


def test_local_rests_and_works_again():
    engine = LocalEngine(1)
    work, pids = Work(f"{every_engine.HERE}:double", {}), []
    for _ in range(2):
        (outcome,) = engine.run(work, every_engine.shards(1))
        pids.append(outcome.tables["doubled"]["worker"][0].as_py())
        engine.rest()
        until = time.monotonic() + PATIENCE_S
        while Path(f"/proc/{pids[-1]}").exists():
            assert time.monotonic() < until, "a resting engine keeps no worker"
            time.sleep(0.05)
    engine.close()
    assert len(set(pids)) == 2


def test_local_workers_have_the_environment_of_their_engine(monkeypatch):
    def told():
        engine = LocalEngine(1)
        (outcome,) = engine.run(
            Work(f"{every_engine.HERE}:environment", {"name": "PACKSHOT_TRIED"}), every_engine.shards(1)
        )
        engine.close()
        return set(outcome.tables["environment"]["value"].to_pylist())

    monkeypatch.delenv("PACKSHOT_TRIED", raising=False)
    assert told() == {None}
    monkeypatch.setenv("PACKSHOT_TRIED", "later")
    assert told() == {"later"}, "though the fork server was started before"


def test_local_workers_keep_the_memory_of_one_picture_for_the_next():
    engine = LocalEngine(1)
    (outcome,) = engine.run(Work(f"{every_engine.HERE}:page_faults", {"bytes": 12_000_000}), every_engine.shards(1))
    engine.close()
    first, *later = outcome.tables["faults"]["count"].to_pylist()
    assert first > 1000
    assert max(later) < first / 10
