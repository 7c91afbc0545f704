import numpy as np
import pytest

from packshot.models.skeleton import fill, skeleton
from packshot.models.sources import SHIPPED, read
from packshot.testing.tiny_models import FLOAT, Node, Value, tiny_model

onnxruntime = pytest.importorskip("onnxruntime", reason="the extra `models` is not installed")
PICTURES = {"efficientnet-lite0": (2, 3, 224, 224), "u2netp": (2, 3, 64, 96), "centerface": (2, 3, 64, 96)}
OUTPUTS = {
    "efficientnet-lite0": {"features": (2, 1280), "logits": (2, 1000)},
    "u2netp": {"mask": (2, 1, 64, 96)},
    "centerface": {
        "heatmap": (2, 1, 16, 24),
        "scale": (2, 2, 16, 24),
        "offset": (2, 2, 16, 24),
        "landmarks": (2, 10, 16, 24),
    },
}


def session(model):
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


@pytest.fixture
def product(tmp_path):
    """A graph that multiplies by a matrix of 2 × 3 that it does not have."""
    nodes = [Node("MatMul", ("x", "matrix"), ("y",))]
    return tiny_model(tmp_path / "x.onnx", {"x": Value(("n", 2))}, {"y": Value(("n", 3))}, nodes).read_bytes()


def test_a_graph_gets_its_weights_from_where_they_lie(product):
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    place = {"name": "matrix", "type": FLOAT, "dims": [2, 3], "offset": 5, "length": 24}
    filled = fill(product, [place], b"about" + matrix.tobytes() + b"more")
    x = np.array([[1, 10]], np.float32)
    np.testing.assert_array_equal(session(filled).run(None, {"x": x})[0], x @ matrix)


def test_axes_are_brought_into_order(product):
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    place = {"name": "matrix", "type": FLOAT, "dims": [2, 3], "offset": 0, "length": 24}
    order = {"stored_dims": [3, 2], "order": [1, 0]}
    assert fill(product, [place | order], matrix.T.tobytes()) == fill(product, [place], matrix.tobytes())


def test_a_file_that_is_too_short_is_refused(product):
    place = {"name": "matrix", "type": FLOAT, "dims": [2, 3], "offset": 0, "length": 24}
    with pytest.raises(ValueError, match="matrix"):
        fill(product, [place], bytes(23))


@pytest.mark.parametrize("name", PICTURES)
def test_a_shipped_graph_runs_in_any_batch_and_size(name):
    (file,) = (one for one in read(SHIPPED)[name].files if one.skeleton)
    filled = fill(*skeleton(file.skeleton), bytes(file.bytes))
    assert len(filled) == file.kept_bytes
    made = session(filled)
    assert [one.name for one in made.get_inputs()] == ["image"]
    found = made.run(None, {"image": np.ones(PICTURES[name], np.float32)})
    assert {one.name: value.shape for one, value in zip(made.get_outputs(), found, strict=True)} == OUTPUTS[name]
