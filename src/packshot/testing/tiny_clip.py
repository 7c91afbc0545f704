"""The two halves of a tiny CLIP, for tests: colours of pictures and words of colours lie together in its space.

clip = tiny_clip(tmp_path)
add_model("clip-image", clip.image)
add_model("clip-text", clip.text, companions=[clip.tokenizer])
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.tiny_models import INT64, Node, Value, tiny_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from packshot.testing.tiny_models import Shape

COLOURS = {"red": (1, -1, -1), "green": (-1, 1, -1), "blue": (-1, -1, 1), "white": (1, 1, 1), "black": (-1, -1, -1)}
"""The words that mean something, and the colours of pictures that they are near to."""
DIGITS = "0123456789"
START, END, UNKNOWN = "<|startoftext|>", "<|endoftext|>", "<|unknown|>"


@dataclass(frozen=True, slots=True)
class TinyClip:
    """Its three files."""

    image: Path
    text: Path
    tokenizer: Path


def tiny_clip(  # noqa: PLR0913 - the ways in which real ones differ
    folder: Path,
    *,
    width: int = 8,
    seed: int = 1,
    side: int | str = 32,
    context: int | str = 16,
    ids: int = INT64,
    mask: bool = False,
    rows: int | None = None,
) -> TinyClip:
    """Write a CLIP with vectors of `width` numbers into `folder`; other `seed`s give other spaces.

    `side` and `context` are fixed sizes, or the names of free ones; `ids` is the element type of the text's input;
    `rows` is how many pieces the text half knows, all of the tokenizer's by default.
    """
    to_space = np.random.default_rng(seed).normal(size=(3, width)).astype(np.float32)
    pieces = ["<|nothing|>", UNKNOWN, START, END, *DIGITS, *COLOURS]
    table = np.zeros((len(pieces), width), np.float32)
    table[1] = np.array((0.2, 0.3, 0.1)) @ to_space
    # Numbers, which the names of stand-ins have in them, lie anywhere.
    table[4 : -len(COLOURS)] = (
        np.random.default_rng(seed + 1).normal(size=(len(DIGITS), 3)).astype(np.float32) @ to_space
    )
    table[-len(COLOURS) :] = np.array(list(COLOURS.values())) @ to_space
    tokenizer = folder / "tokenizer.json"
    image = _image_half(folder / "image.onnx", to_space, side)
    text = _text_half(folder / "text.onnx", table[:rows], context, ids, mask=mask)
    tokenizer.write_text(json.dumps(_tokenizer(pieces)), encoding="utf-8")
    return TinyClip(image, text, tokenizer)


def _image_half(path: Path, to_space: NDArray[np.float32], side: int | str) -> Path:
    """The mean colour, with outputs and names as transformers' CLIPVisionModelWithProjection has them."""
    shape: Shape = ("batch_size", 3, side, side)
    return tiny_model(
        path,
        {"pixel_values": Value(shape)},
        {"image_embeds": Value(("batch_size", to_space.shape[1])), "last_hidden_state": Value(("batch_size", 1, 3))},
        [
            Node("GlobalAveragePool", ("pixel_values",), ("pooled",)),
            Node("Flatten", ("pooled",), ("colour",)),
            Node("MatMul", ("colour", "to_space"), ("image_embeds",)),
            Node("Unsqueeze", ("colour", "one"), ("last_hidden_state",)),
        ],
        weights={"to_space": to_space, "one": np.array([1], np.int64)},
    )


def _text_half(path: Path, table: NDArray[np.float32], context: int | str, ids: int, *, mask: bool) -> Path:
    """The sum of what its pieces mean; where there is a mask, of those that it leaves."""
    shape: Shape = ("batch_size", context)
    given, rows = {"input_ids": Value(shape, ids)}, ("input_ids",)
    nodes = [Node("Gather", ("table", *rows), ("meanings",), {"axis": 0})]
    summed = "meanings"
    if mask:
        given["attention_mask"] = Value(shape, INT64)
        nodes += [
            Node("Cast", ("attention_mask",), ("kept",), {"to": 1}),
            Node("Unsqueeze", ("kept", "two"), ("deep",)),
            Node("Mul", ("meanings", "deep"), ("left",)),
        ]
        summed = "left"
    nodes.append(Node("ReduceSum", (summed, "one"), ("text_embeds",), {"keepdims": 0}))
    return tiny_model(
        path,
        given,
        {"text_embeds": Value(("batch_size", table.shape[1]))},
        nodes,
        weights={"table": table, "one": np.array([1], np.int64), "two": np.array([2], np.int64)},
    )


def _tokenizer(pieces: list[str]) -> dict[str, object]:
    """Whole words, between a start and an end as CLIP's has them."""
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Whitespace"}, {"type": "Digits", "individual_digits": True}],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special(START), {"Sequence": {"id": "A", "type_id": 0}}, _special(END)],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {
                one: {"id": one, "ids": [pieces.index(one)], "tokens": [one]} for one in (START, END)
            },
        },
        "decoder": None,
        "model": {
            "type": "WordLevel", "vocab": {piece: n for n, piece in enumerate(pieces)}, "unk_token": UNKNOWN
        },
    }  # fmt: skip


def _special(name: str) -> dict[str, object]:
    return {"SpecialToken": {"id": name, "type_id": 0}}
