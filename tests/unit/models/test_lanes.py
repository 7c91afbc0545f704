from pathlib import Path
from threading import Thread

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
    """Sessions that say they run on a GPU, and count how they were asked."""

    where = Device.CUDA

    def __init__(self, sessions, release):
        self._sessions = sessions
        self._release = release
        self.rows = []

    def run(self, model, inputs):
        self._release.wait(10)
        self.rows.append(len(inputs))
        return self._sessions.run(model, inputs)

    def takes_rows(self, model):
        return self._sessions.takes_rows(model)


def test_on_a_gpu_what_waits_for_one_model_becomes_one_batch_and_each_gets_its_rows(sessions):
    from threading import Event

    release = Event()
    gpu = _OnGpu(sessions, release)
    lanes = Lanes(gpu, 8)
    found = {}

    def ask(number):
        found[number] = lanes.ask("twice", np.full((1 + number % 2, 3), number, np.float32)).outputs[0]

    threads = [Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    while len(lanes._waiting) < 5:  # the lane holds the first one, at most
        pass
    release.set()
    for thread in threads:
        thread.join(10)
    lanes.close()
    for number, rows in found.items():
        assert np.array_equal(rows, np.full((1 + number % 2, 3), 2 * number, np.float32))
    assert sum(gpu.rows) == 9
    assert len(gpu.rows) == 2
