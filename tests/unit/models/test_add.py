import numpy as np
import pytest

from packshot.app.models import states
from packshot.core.errors import MissingExtra, ModelError, ModelMissing, UsageError
from packshot.models.add import add_model
from packshot.models.added import added_models, broken_models
from packshot.models.cache import is_present, path_of, verified_path
from packshot.models.protobuf import content, number
from packshot.models.sources import version_of
from packshot.testing.tiny_models import Node, Value, tiny_model

pytest.importorskip("onnxruntime", reason="the extra `models` is not installed")


@pytest.fixture
def mine(tmp_path):
    return tiny_model(tmp_path / "mine.onnx", {"x": Value(("batch", 3))}, {"y": Value(("batch", 3))})


def test_a_model_of_ones_own_is_kept_and_checked(stand_ins, mine, tmp_path):
    tokens = tmp_path / "tokenizer.json"
    tokens.write_text("{}")
    source = add_model("mine", mine, companions=[tokens])
    assert source.task == "a model of your own"
    assert (source.inputs, source.outputs) == ("x: tensor(float) (batch, 3)", "y: tensor(float) (batch, 3)")
    assert added_models() == {"mine": source}
    assert version_of("mine") == source.version
    assert is_present("mine")
    mine.unlink()
    tokens.unlink()
    assert verified_path("mine", "tokenizer.json").read_text() == "{}"
    assert path_of("mine").parent == stand_ins / "mine" / source.version
    path_of("mine").write_bytes(b"swapped")
    with pytest.raises(ModelError) as caught:
        verified_path("mine")
    assert caught.value.hint == "packshot models add mine FILE"


@pytest.mark.usefixtures("stand_ins")
def test_a_slot_without_a_model_is_empty_and_known():
    assert not is_present("clip-image")
    for look in (verified_path, version_of):
        with pytest.raises(ModelMissing) as caught:
            look("clip-image")
        assert caught.value.hint == "packshot models add clip-image FILE"


def test_adding_again_replaces(stand_ins, mine):
    before = add_model("mine", mine, task="mine")
    tiny_model(mine, {"x": Value(("batch", 4))}, {"y": Value(("batch", 4))})
    after = add_model("mine", mine)
    assert version_of("mine") == after.version != before.version
    assert [path.name for path in (stand_ins / "mine").iterdir() if path.is_dir()] == [after.version]


@pytest.mark.parametrize("value", [b"", b"no model " * 50, b"\x08\x07"], ids=["empty", "text", "no graph"])
def test_what_is_no_model_is_refused(stand_ins, mine, value):
    mine.write_bytes(value)
    with pytest.raises(UsageError, match=r"mine\.onnx cannot be read as an ONNX model"):
        add_model("mine", mine)
    assert not (stand_ins / "mine").exists()
    assert [path.name for path in stand_ins.iterdir() if path.name.startswith(".")] == [".lock"]


def test_weights_beside_the_model_are_refused(stand_ins, mine, tmp_path):
    nodes = [Node("Add", ("x", "more"), ("y",))]
    graph = tiny_model(mine, {"x": Value(("batch", 3))}, {"y": Value(("batch", 3))}, nodes).read_bytes()
    (tmp_path / "weights.bin").write_bytes(np.ones(3, np.float32).tobytes())
    beside = content(13, content(1, "location") + content(2, "weights.bin"))
    tensor = number(1, 3) + number(2, 1) + content(8, "more") + beside + number(14, 1)
    mine.write_bytes(graph + content(7, content(5, tensor)))
    with pytest.raises(UsageError, match="one file with its weights inside"):
        add_model("mine", mine)
    assert not (stand_ins / "mine").exists()


@pytest.mark.parametrize("name", ["u2netp", "../mine", "Mine", "", ".mine"])
def test_names_that_are_taken_or_none_are_refused(stand_ins, mine, name):
    before = sorted(stand_ins.rglob("*"))
    with pytest.raises(UsageError):
        add_model(name, mine)
    assert sorted(stand_ins.rglob("*")) == before


def test_files_that_cannot_go_along_are_refused(stand_ins, mine, tmp_path):  # noqa: ARG001 - the environment
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "clip.json").write_bytes(b"{}")
    for one in (
        tmp_path / "model.onnx",
        tmp_path / "clip.json",
        tmp_path / ".hidden",
        tmp_path / "missing.json",
        tmp_path,
    ):
        with pytest.raises(UsageError):
            add_model("mine", mine, companions=[one])
    with pytest.raises(UsageError, match="cannot be read"):
        add_model("mine", tmp_path / "nowhere.onnx")
    assert added_models() == {}


def test_a_damaged_record_is_told(stand_ins, mine):
    add_model("mine", mine)
    other = add_model("other", mine)
    (stand_ins / "mine" / "added.json").write_text("{")
    with pytest.raises(ModelError, match="damaged"):
        verified_path("mine")
    assert list(broken_models()) == ["mine"]
    assert added_models() == {"other": other}, "one record stops no other model"
    assert [(one.id, one.verified) for one in states()][-2:] == [("mine", False), ("other", True)]
    assert verified_path("centerface")
    add_model("mine", mine)
    assert not broken_models()


def test_without_onnxruntime_the_extra_is_named(stand_ins, mine, monkeypatch):  # noqa: ARG001 - the environment
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(MissingExtra, match=r"packshot\[models\]"):
        add_model("mine", mine)
