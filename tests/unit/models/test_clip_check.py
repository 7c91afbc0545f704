import json

import numpy as np
import pytest

from packshot.core.errors import ModelError, ModelMissing, UnknownName, UsageError
from packshot.models.add import add_model, remove_model
from packshot.models.added import FACTS, RECORD, added_models, broken_models
from packshot.models.cache import is_present
from packshot.models.clip import ImageHalf, TextHalf, hold_pair, image_half, text_half
from packshot.models.sources import version_of
from packshot.models.usable import lacking
from packshot.testing.tiny_clip import tiny_clip
from packshot.testing.tiny_models import INT64, Node, Value, tiny_model

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("tokenizers", reason="tokenizers is not installed")

INT32 = 6
PIXELS = {"pixels": Value((1, 3, 8, 8))}


@pytest.fixture
def clip(tmp_path):
    return tiny_clip(tmp_path / "clip")


def added(clip):
    return add_model("clip-image", clip.image), add_model("clip-text", clip.text)


@pytest.mark.usefixtures("stand_ins")
def test_how_the_halves_are_run_is_found_in_their_graphs(clip, tmp_path):
    added(clip)
    assert image_half() == ImageHalf("float32", 32, 0, 8)
    assert text_half() == TextHalf("input_ids", "int64", "", "", 16, 0, 8)
    remove_model("clip-image")
    remove_model("clip-text")
    other = tiny_clip(tmp_path / "other", side="side", context="pieces", ids=INT32, mask=True, width=5)
    added(other)
    assert image_half() == ImageHalf("float32", 224, 0, 5)
    assert text_half() == TextHalf("input_ids", "int32", "attention_mask", "int64", 77, 0, 5)
    hold_pair()


def graph(path, inputs, outputs, nodes=(), **weights):
    return tiny_model(path, inputs, outputs, nodes, weights=weights)


def pooled(out="vector"):
    return [Node("GlobalAveragePool", ("pixels",), ("mean",)), Node("Flatten", ("mean",), (out,))]


VECTOR = {"vector": Value((1, 3))}
IMAGE_FAULTS = {
    "two inputs": ({**PIXELS, "input_ids": Value((1, 8), INT64)}, VECTOR, pooled(), "2 inputs"),
    "not four dimensions": ({"pixels": Value((1, 8))}, {"vector": Value((1, 8))}, (), "no pictures"),
    "whole numbers": (
        {"pixels": Value((1, 3, 8, 8), INT64)},
        {"vector": Value((1, 3, 8, 8), INT64)},
        (),
        "no pictures",
    ),
    "channels last": ({"pixels": Value((1, 8, 8, 3))}, VECTOR, pooled(), "not one square picture"),
    "a fixed batch": ({"pixels": Value((4, 3, 8, 8))}, {"vector": Value((4, 3))}, pooled(), "not one square picture"),
    "not square": ({"pixels": Value((1, 3, 8, 9))}, VECTOR, pooled(), "not one square picture"),
    "no vector": (PIXELS, {"all": Value((1, 3, 8, 8))}, (), "surely one vector"),
    "two vectors": (
        PIXELS,
        {"first": Value((1, 3)), "second": Value((1, 3))},
        [*pooled("first"), Node("Identity", ("first",), ("second",))],
        "surely one vector",
    ),
    "another size than it says": (
        {"pixels": Value((1, 3, "side", "side"))},
        {"vector": Value((1, 1))},
        [Node("Flatten", ("pixels",), ("flat",)), Node("MatMul", ("flat", "few"), ("vector",))],
        "does not take pictures of 224",
    ),
    "always the same": (
        PIXELS,
        VECTOR,
        [*pooled("mean2"), Node("Mul", ("mean2", "zero"), ("nothing",)), Node("Add", ("nothing", "one"), ("vector",))],
        "the same vector whatever",
    ),
    "zeros": (PIXELS, VECTOR, [*pooled("mean2"), Node("Mul", ("mean2", "zero"), ("vector",))], "is zero"),
}


@pytest.mark.parametrize("fault", IMAGE_FAULTS)
def test_what_is_no_image_half_is_refused_with_what_to_do(stand_ins, tmp_path, fault):
    inputs, outputs, nodes, said = IMAGE_FAULTS[fault]
    numbers = {"few": np.ones((5, 1), np.float32), "zero": np.float32(0)[None], "one": np.float32(1)[None]}
    used = {name for node in nodes for name in node.inputs}
    weights = {name: values for name, values in numbers.items() if name in used}
    with pytest.raises(UsageError, match=said) as caught:
        add_model("clip-image", graph(tmp_path / "mine.onnx", inputs, outputs, nodes, **weights))
    assert "CLIPVisionModelWithProjection" in caught.value.hint
    assert not (stand_ins / "clip-image").exists()


@pytest.mark.usefixtures("stand_ins")
def test_a_text_half_needs_its_own_tokenizer(clip, tmp_path):
    clip.tokenizer.rename(tmp_path / "elsewhere.json")
    with pytest.raises(UsageError, match="needs the tokenizer") as caught:
        add_model("clip-text", clip.text)
    assert "--with tokenizer.json" in caught.value.hint
    clip.tokenizer.write_text("{}")
    with pytest.raises(UsageError, match="no tokenizer"):
        add_model("clip-text", clip.text)
    few = tiny_clip(tmp_path / "few", rows=6)
    with pytest.raises(UsageError, match="up to the number 18"):
        add_model("clip-text", few.text)
    (tmp_path / "elsewhere.json").rename(clip.tokenizer)
    add_model("clip-text", clip.text, companions=[clip.tokenizer])
    assert [one.name for one in added_models()["clip-text"].files] == ["model.onnx", "tokenizer.json", FACTS]


@pytest.mark.usefixtures("stand_ins")
@pytest.mark.parametrize("shape", [(1, 3, 8, 8), (4, 16)], ids=["pictures", "a fixed batch"])
def test_what_is_no_text_half_is_refused(clip, tmp_path, shape):
    kind = INT64 if len(shape) == 2 else 1
    mine = graph(tmp_path / "mine.onnx", {"x": Value(shape, kind)}, {"y": Value(shape, kind)})
    with pytest.raises(UsageError, match="no texts") as caught:
        add_model("clip-text", mine, companions=[clip.tokenizer])
    assert "CLIPTextModelWithProjection" in caught.value.hint
    both = {"input_ids": Value((1, 16), INT64), "pixel_values": Value((1, 3, 8, 8))}
    outputs = {"one": Value((1, 16), INT64), "two": Value((1, 3, 8, 8))}
    with pytest.raises(UsageError, match="input_ids, pixel_values"):
        add_model("clip-text", graph(mine, both, outputs), companions=[clip.tokenizer])


@pytest.mark.usefixtures("stand_ins")
def test_halves_of_two_models_never_meet(clip, tmp_path):
    image, text = added(clip)
    other = tiny_clip(tmp_path / "other", seed=2)
    wide = tiny_clip(tmp_path / "wide", width=9)

    # The same text half with another tokenizer is of the same CLIP.
    tokens = json.loads(clip.tokenizer.read_text())
    clip.tokenizer.write_text(json.dumps(tokens | {"padding": None}, indent=1))
    again = add_model("clip-text", clip.text)
    assert again.version != text.version
    assert is_present("clip-image")

    add_model("clip-image", other.image)
    assert version_of("clip-image") != image.version
    assert lacking(("clip-image", "clip-text")) == ("clip-text",)
    with pytest.raises(UsageError, match="of 9 numbers") as caught:
        add_model("clip-text", wide.text)
    assert caught.value.hint.endswith("packshot models remove clip-image")
    add_model("clip-text", other.text)
    assert lacking(("clip-image", "clip-text")) == ()


@pytest.mark.usefixtures("stand_ins")
def test_what_is_removed_is_gone_at_once(clip):
    added(clip)
    assert lacking(("clip-image",)) == ()
    remove_model("clip-image")
    assert lacking(("clip-image",)) == ("clip-image",)
    with pytest.raises(ModelMissing):
        version_of("clip-image")
    for name in ("clip-image", "u2netp", "../clip-text", "nothing"):
        with pytest.raises(UnknownName):
            remove_model(name)
    assert is_present("clip-text")


def test_a_half_of_which_nothing_is_known_is_no_half(stand_ins, clip):
    added(clip)
    record = stand_ins / "clip-image" / RECORD
    told = json.loads(record.read_text())
    record.write_text(json.dumps(told | {"files": [one for one in told["files"] if one["name"] != FACTS]}))
    assert not is_present("clip-image")
    assert "clip-image" not in added_models()
    with pytest.raises(ModelMissing) as caught:
        version_of("clip-image")
    assert caught.value.hint == "packshot models add clip-image FILE"
    add_model("clip-image", clip.image)
    assert is_present("clip-image")


def test_a_half_with_a_broken_record_is_not_here_and_stops_nothing(stand_ins, clip):
    added(clip)
    (stand_ins / "clip-text" / RECORD).write_text("{")
    assert lacking(("clip-image", "clip-text")) == ("clip-text",)
    assert list(broken_models()) == ["clip-text"]
    with pytest.raises(ModelError, match="damaged"):
        version_of("clip-text")
    add_model("clip-image", clip.image)
    remove_model("clip-text")
    assert not broken_models()


def test_halves_that_were_put_together_by_hand_are_told(stand_ins, clip, tmp_path):
    added(clip)
    (stand_ins / "clip-text").rename(tmp_path / "kept")
    remove_model("clip-image")
    add_model("clip-image", tiny_clip(tmp_path / "wide", width=9).image)
    (tmp_path / "kept").rename(stand_ins / "clip-text")
    with pytest.raises(ModelError, match="not the halves of one CLIP"):
        hold_pair()
