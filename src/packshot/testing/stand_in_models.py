"""Stand-ins for the real models, and a cache full of them: what tests of measures use in place of weights.

A stand-in has the input and output names, element types and free dimensions of the real model, and numbers that follow
simply from its input. A test that needs models uses them like this, and so do the processes that it starts:

    for name, value in tiny_cache(tmp_path).items():
        monkeypatch.setenv(name, value)
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from packshot.models.cache import MODEL
from packshot.models.folder import VARIABLE
from packshot.models.sources import PINS_VARIABLE, read
from packshot.testing.tiny_models import FLOAT, INT64, Node, Shape, Value, tiny_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""What the stand-in of the text recogniser knows."""


def tiny_cache(folder: Path) -> dict[str, str]:
    """Fill a cache below `folder` with a stand-in for every shipped model; give the environment that leads to it.

    The list of models that the environment names has the same ids, and the checksums of the stand-ins.
    """
    pins = []
    for model_id, write in STAND_INS.items():
        staged = write(folder / "staged" / model_id / MODEL)
        files = [staged, *_companions(model_id, staged.parent)]
        pins.append(_pins(model_id, files))
    listed = folder / "sources.toml"
    listed.write_text("\n".join(pins), encoding="utf-8")
    environment = {VARIABLE: str(folder / "models"), PINS_VARIABLE: str(listed)}
    _place(folder, listed)
    return environment


def _place(folder: Path, listed: Path) -> None:
    for model_id, source in read(listed).items():
        target = folder / "models" / model_id / source.version
        target.parent.mkdir(parents=True, exist_ok=True)
        (folder / "staged" / model_id).rename(target)


def _pins(model_id: str, files: Sequence[Path]) -> str:
    lines = [f"[{model_id}]", 'task = "stand-in"', 'licence = "Apache-2.0"', 'upstream = ""', 'copyright = ""']
    lines += ['inputs = ""', 'outputs = ""']
    for path in files:
        value = path.read_bytes()
        lines += [f"[[{model_id}.files]]", f'name = "{path.name}"', f'package = "stand-in-{model_id}"', 'version = "0"']
        lines += ['wheel = ""', f'member = "{path.name}"', f'sha256 = "{hashlib.sha256(value).hexdigest()}"']
        lines += [f"bytes = {len(value)}"]
    return "\n".join(lines)


def _companions(model_id: str, folder: Path) -> list[Path]:
    wanted: dict[str, object] = {}
    if model_id == "efficientnet-lite0":
        names = [f"thing {n}" for n in range(1000)]
        wanted = {"classes.json": names, "synonyms.json": {str(n): name for n, name in enumerate(names)}}
    elif model_id == "minilm-l6-int8":
        wanted = {"tokenizer.json": _tokenizer()}
    for name, value in wanted.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return [folder / name for name in wanted]


def _tokenizer() -> dict[str, object]:
    """Characters as words: enough to tell texts apart."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*special, *letters, *(f"##{one}" for one in letters)]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {piece: n for n, piece in enumerate(pieces)}},
    }  # fmt: skip


def classifier(path: Path) -> Path:
    """Stands in for EfficientNet: `features` and `logits` depend on the mean colour alone."""
    rng = np.random.default_rng(1)
    return tiny_model(
        path,
        {"image": Value(("batch", 3, 224, 224))},
        {"features": Value(("batch", 1280)), "logits": Value(("batch", 1000))},
        [
            Node("GlobalAveragePool", ("image",), ("pooled",)),
            Node("Flatten", ("pooled",), ("colour",)),
            Node("MatMul", ("colour", "to_features"), ("features",)),
            Node("MatMul", ("colour", "to_logits"), ("logits",)),
        ],
        weights={
            "to_features": rng.normal(size=(3, 1280)).astype(np.float32),
            "to_logits": rng.normal(size=(3, 1000)).astype(np.float32) * 4,
        },
    )


def mapper(path: Path) -> Path:
    """Stands in for EfficientNet's trunk: each map depends on the mean colour of its cells alone."""
    rng, channels = np.random.default_rng(4), {4: 24, 8: 40, 16: 112, 32: 320}
    nodes = []
    for stride in channels:
        kernel = {"kernel_shape": (stride, stride), "strides": (stride, stride)}
        nodes.append(Node("AveragePool", ("image",), (f"cells_{stride}",), kernel))
        nodes.append(Node("Conv", (f"cells_{stride}", f"to_{stride}"), (f"stride_{stride}",), {"kernel_shape": (1, 1)}))
    return tiny_model(
        path,
        {"image": Value(("batch", 3, "height", "width"))},
        {f"stride_{stride}": Value(("batch", many, f"h{stride}", f"w{stride}")) for stride, many in channels.items()},
        nodes,
        weights={
            f"to_{stride}": rng.normal(size=(many, 3, 1, 1)).astype(np.float32) for stride, many in channels.items()
        },
    )


def masker(path: Path) -> Path:
    """Stands in for u2netp: what is darker than its input's zero is the object."""
    return _by_pixel(path, "image", "mask", slope=-8.0)


def text_finder(path: Path) -> Path:
    """Stands in for the text detector: what is darker than its input's zero is text."""
    return _by_pixel(path, "x", "fetch_name_0", slope=-8.0)


def _by_pixel(path: Path, image: str, output: str, *, slope: float) -> Path:
    return tiny_model(
        path,
        {image: Value(("batch", 3, "height", "width"))},
        {output: Value(("batch", 1, "height", "width"))},
        [
            Node("ReduceMean", (image,), ("grey",), {"axes": (1,), "keepdims": 1}),
            Node("Mul", ("grey", "slope"), ("steep",)),
            Node("Sigmoid", ("steep",), (output,)),
        ],
        weights={"slope": np.array(slope, np.float32)},
    )


def text_reader(path: Path) -> Path:
    """Stands in for the text recogniser: the brightest pixel of each 8 columns says which of CHARACTERS it is."""
    classes = len(CHARACTERS) + 2
    return tiny_model(
        path,
        {"x": Value(("batch", 3, 48, "width"))},
        {"fetch_name_0": Value(("batch", "steps", classes))},
        [
            Node("MaxPool", ("x",), ("columns",), {"kernel_shape": (48, 8), "strides": (48, 8)}),
            Node("Squeeze", ("columns", "rows"), ("flat",)),
            Node("Transpose", ("flat",), ("steps_first",), {"perm": (0, 2, 1)}),
            Node("MatMul", ("steps_first", "to_classes"), ("scores",)),
            Node("Softmax", ("scores",), ("fetch_name_0",), {"axis": 2}),
        ],
        weights={
            "rows": np.array([2], np.int64),
            "to_classes": np.random.default_rng(2).normal(size=(3, classes)).astype(np.float32) * 6,
        },
        metadata={"character": "\n".join(CHARACTERS)},
    )


def nudity_classifier(path: Path) -> Path:
    """Stands in for open-nsfw: the redder than blue, the more."""
    return tiny_model(
        path,
        {"input:0": Value(("batch", 224, 224, 3))},
        {"outputs": Value(("batch", 2))},
        [
            Node("ReduceMean", ("input:0",), ("colour",), {"axes": (1, 2), "keepdims": 0}),
            Node("MatMul", ("colour", "to_two"), ("scores",)),
            Node("Softmax", ("scores",), ("outputs",), {"axis": 1}),
        ],
        weights={"to_two": np.array([[0.02, -0.02], [0, 0], [-0.02, 0.02]], np.float32)},
    )


def face_finder(path: Path) -> Path:
    """Stands in for centerface: a face where the picture is black, 16 by 16 pixels."""
    values = {"heatmap": 1, "scale": 2, "offset": 2, "landmarks": 10}
    nodes = [
        Node("AveragePool", ("image",), ("small",), {"kernel_shape": (4, 4), "strides": (4, 4)}),
        Node("ReduceMean", ("small",), ("grey",), {"axes": (1,), "keepdims": 1}),
        Node("Add", ("grey", "less"), ("darkness",)),
        Node("Mul", ("darkness", "slope"), ("steep",)),
        Node("Sigmoid", ("steep",), ("heatmap",)),
        Node("Mul", ("grey", "zero"), ("nothing",)),
        Node("Add", ("nothing", "log_of_size"), ("size",)),
        Node("Concat", ("size", "size"), ("scale",), {"axis": 1}),
        Node("Concat", ("nothing",) * 2, ("offset",), {"axis": 1}),
        Node("Concat", ("nothing",) * 10, ("landmarks",), {"axis": 1}),
    ]
    numbers = {"less": -16.0, "slope": -1.0, "zero": 0.0, "log_of_size": float(np.log(4))}
    return tiny_model(
        path,
        {"image": Value(("batch", 3, "height", "width"))},
        {name: Value(("batch", channels, "rows", "columns")) for name, channels in values.items()},
        nodes,
        weights={name: np.array(value, np.float32) for name, value in numbers.items()},
    )


def text_embedder(path: Path) -> Path:
    """Stands in for MiniLM: each token's number gives 384 numbers."""
    free: Shape = ("batch", "tokens")
    names = ("input_ids", "attention_mask", "token_type_ids")
    return tiny_model(
        path,
        {name: Value(free, INT64) for name in names},
        {"last_hidden_state": Value((*free, 384))},
        [
            Node("Add", ("input_ids", "token_type_ids"), ("numbers",)),
            Node("Mul", ("numbers", "attention_mask"), ("attended",)),
            Node("Cast", ("attended",), ("floats",), {"to": FLOAT}),
            Node("Unsqueeze", ("floats", "last"), ("deep",)),
            Node("MatMul", ("deep", "spread"), ("angles",)),
            Node("Sin", ("angles",), ("last_hidden_state",)),
        ],
        weights={
            "last": np.array([2], np.int64),
            "spread": np.random.default_rng(3).uniform(0.1, 3, (1, 384)).astype(np.float32),
        },
    )


STAND_INS = {
    "efficientnet-lite0": classifier,
    "efficientnet-lite0-maps": mapper,
    "u2netp": masker,
    "ppocr-det-tiny": text_finder,
    "ppocr-rec-tiny": text_reader,
    "open-nsfw": nudity_classifier,
    "centerface": face_finder,
    "minilm-l6-int8": text_embedder,
}
"""What writes the stand-in of each shipped model."""
