import time
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from packshot.core.errors import ModelError
from packshot.models.lanes import Lanes
from packshot.models.sessions import Device, Sessions
from packshot.testing.tiny_models import Node, Value, tiny_model

pytest.importorskip("onnxruntime", reason="the extra `models` is not installed")


@pytest.fixture
def sessions(tmp_path):
    rows = Value(("rows", 3))
    tiny_model(tmp_path / "twice", {"x": rows}, {"y": rows}, [Node("Add", ("x", "x"), ("y",))])
    return Sessions(lambda model: Path(tmp_path / model))


def test_a_lane_gives_the_outputs_and_their_cost(sessions):
    lanes = Lanes(sessions, 1)
    answer = lanes.ask("twice", np.ones((2, 3), np.float32))
    assert np.array_equal(answer.outputs[0], np.full((2, 3), 2, np.float32))
    assert answer.cpu_ns > 0
    lanes.close()


def test_whoever_asks_wrongly_hears_of_it_and_the_lane_lives_on(sessions):
    lanes = Lanes(sessions, 1)
    with pytest.raises(ModelError, match="does not take its input"):
        lanes.ask("twice", np.ones((2, 4), np.float32))
    with pytest.raises(ModelError, match="cannot be loaded"):
        lanes.ask("no-such-file", np.ones((2, 4), np.float32))
    assert lanes.ask("twice", {"x": np.ones((1, 3), np.float32)}).outputs[0].shape == (1, 3)
    lanes.close()


class _OnGpu:
    """Sessions that say they run on a GPU; the first run waits, and the rows of each are counted."""

    where = Device.CUDA

    def __init__(self, sessions):
        self._sessions = sessions
        self.begun, self.go_on, self.rows = Event(), Event(), []

    def run(self, model, inputs):
        self.rows.append(len(inputs))
        self.begun.set()
        assert self.go_on.wait(30)
        return self._sessions.run(model, inputs)

    def takes_rows(self, model):
        return self._sessions.takes_rows(model)


def test_on_a_gpu_what_waits_for_one_model_becomes_one_batch_and_each_gets_its_rows(sessions):
    gpu = _OnGpu(sessions)
    lanes, found = Lanes(gpu, 8), {}

    def ask(number):
        found[number] = lanes.ask("twice", np.full((1 + number % 2, 3), number, np.float32)).outputs[0]

    threads = [Thread(target=ask, args=(number,)) for number in range(6)]
    threads[0].start()
    assert gpu.begun.wait(30)
    for thread in threads[1:]:
        thread.start()
    while len(lanes._waiting) < 5:
        time.sleep(0.01)
    gpu.go_on.set()
    for thread in threads:
        thread.join(30)
    lanes.close()
    assert gpu.rows == [1, 8]
    for number, rows in found.items():
        assert np.array_equal(rows, np.full((1 + number % 2, 3), 2 * number, np.float32))
    assert len(found) == 6
