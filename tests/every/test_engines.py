import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from packshot.engines.local import AHEAD, LocalEngine
from packshot.testing import every_engine


@pytest.fixture(scope="module")
def local():
    engine = LocalEngine(workers=2)
    yield engine
    engine.close()


def test_local_gives_every_shard_once(local):
    every_engine.gives_every_shard_once(local)


def test_local_reads_shards_lazily(local):
    every_engine.reads_shards_lazily(local, most_ahead=2 * AHEAD + 1)


def test_local_survives_a_dying_worker(local):
    every_engine.survives_a_dying_worker(local)


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


def test_workers_end_when_their_driver_is_killed(tmp_path):
    script = tmp_path / "driver.py"
    script.write_text(
        textwrap.dedent("""
        from packshot.pipeline.engine import Work
        from packshot.engines.local import LocalEngine
        from packshot.testing import every_engine
        work = Work("packshot.testing.every_engine:double", {"seconds": 0.2})
        for outcome in LocalEngine(2).run(work, every_engine.shards(1000)):
            print(outcome.tables["doubled"]["worker"][0].as_py(), flush=True)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        worker = int(driver.stdout.readline())
        driver.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()
