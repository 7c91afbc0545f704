import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from packshot.core.errors import ModelDamaged, ModelError
from packshot.models import desk
from packshot.models.cache import verified_path
from packshot.models.caller import Caller
from packshot.models.serving import ModelProcess
from packshot.testing.stand_in_models import tiny_cache

pytest.importorskip("onnxruntime", reason="the extra `models` is not installed")

NUDITY = "open-nsfw"
PICTURE = np.zeros((1, 224, 224, 3), np.float32)


@pytest.fixture(autouse=True)
def _models(tmp_path, monkeypatch):
    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
    yield
    desk.use(None)


def test_the_process_answers_as_this_one_does_and_counts_the_cost():
    desk.take_spent()
    here = desk.run(NUDITY, PICTURE)
    with ModelProcess(1) as process:
        desk.sit_at(process.address)
        there = desk.run(NUDITY, PICTURE)
        spent = desk.take_spent()[NUDITY]
    assert np.array_equal(here[0], there[0])
    assert spent.requests == 2
    assert spent.cpu_ns > 0


def test_a_killed_process_comes_back_and_nobody_notices():
    with ModelProcess(1) as process:
        caller = Caller(process.address)
        first = caller.ask(NUDITY, PICTURE)
        os.kill(process.pid, signal.SIGKILL)
        assert np.array_equal(caller.ask(NUDITY, PICTURE).outputs[0], first.outputs[0])


def test_without_a_process_whoever_asks_is_told(tmp_path):
    with pytest.raises(ModelError, match="gone"):
        Caller(str(tmp_path / "nobody"), patience_s=0.1).ask(NUDITY, PICTURE)


def test_damaged_weights_are_named_with_both_checksums_and_the_process_goes_on():
    path = verified_path(NUDITY)
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with ModelProcess(1) as process:
        caller = Caller(process.address)
        with pytest.raises(ModelDamaged, match=str(path)) as found:
            caller.ask(NUDITY, PICTURE)
        assert found.value.expected != found.value.found
        assert caller.ask("u2netp", np.zeros((1, 3, 64, 64), np.float32)).outputs[0].shape == (1, 1, 64, 64)


def test_it_ends_with_whoever_started_it():
    code = "from packshot.models.serving import ModelProcess; p = ModelProcess(1); print(p.pid); import os; os._exit(9)"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    pid = int(started.stdout)
    end = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
