"""Looks at a half of a CLIP when it is added: finds out how it is run, runs it, and refuses what could not work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import ModelError, UsageError
from packshot.models.added import added_models
from packshot.models.cache import is_present
from packshot.models.clip import (
    IMAGE,
    TEXT,
    TOKENIZER,
    Half,
    ImageHalf,
    TextHalf,
    image_half,
    read_tokenizer,
    text_half,
)
from packshot.models.sessions import failures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

OTHER = {IMAGE: TEXT, TEXT: IMAGE}
SIDE, CONTEXT = 224, 77
"""Pixels of a side, and pieces of a text, where the graph leaves them open: those of the first CLIP."""
CHANNELS = 3
FLOATS = {"tensor(float)": "float32", "tensor(float16)": "float16"}
WHOLE = {"tensor(int64)": "int64", "tensor(int32)": "int32"}
MASKS = WHOLE | {"tensor(float)": "float32", "tensor(bool)": "bool"}
MASK = "attention_mask"
NAMED = ("image_embeds", "text_embeds", "image_features", "text_features")
"""What exporters call the vector. transformers' `pooler_output` is not it: it lies before the last projection."""
IMAGE_PIXELS, TEXT_PIECES, VECTOR = 4, 2, 2
"""How many dimensions each has."""
SAMPLES = ("a photo of a red shoe", "a blue mug")
EXPORT = (
    "Export each half by itself, with its projection: transformers' CLIPVisionModelWithProjection and "
    "CLIPTextModelWithProjection, or encode_image and encode_text of open_clip."
)


def half_of(name: str, session: Any, file: Path, tokenizer: Path | None) -> Half:
    """How the half `name` of a CLIP is run, found in its graph and tried out; `file` is what the user calls it.

    Raises UsageError for what is no such half, or does not take its input.
    """
    half: Half
    if name == IMAGE:
        half = _image_half(session, file)
    elif tokenizer is None:
        raise UsageError(
            f"{file} needs the tokenizer that it was trained with.",
            f"packshot models add {name} {file} --with {TOKENIZER}: the file that comes with the model, in the form of "
            "the library tokenizers.",
        )
    else:
        half = _text_half(session, file, tokenizer)
    return half


def _image_half(session: Any, file: Path) -> ImageHalf:
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise UsageError(f"{file} has {len(inputs)} inputs ({_names(inputs)}), and an image half has one.", EXPORT)
    (pixels,) = inputs
    if pixels.type not in FLOATS or len(pixels.shape) != IMAGE_PIXELS:
        raise UsageError(f"{file} takes {_told(pixels)}, and no pictures.", _wanted_pixels())
    batch, channels, *sides = [size if isinstance(size, int) else None for size in pixels.shape]
    if batch not in {None, 1} or channels not in {None, CHANNELS} or len({*sides} - {None}) > 1:
        raise UsageError(f"{file} takes {_told(pixels)}, which is not one square picture.", _wanted_pixels())
    side = next((size for size in sides if size), SIDE)
    dtype = np.dtype(FLOATS[pixels.type])
    noise = np.random.default_rng(0).normal(size=(1, CHANNELS, side, side)).astype(dtype)
    shown = [{pixels.name: one} for one in (noise + 1, noise - 1)]
    output, width = _tried(session, file, shown, f"pictures of {side} × {side} pixels")
    return ImageHalf(dtype.name, side, output, width)


def _wanted_pixels() -> str:
    return f"It must take float values of the shape (batch, {CHANNELS}, side, side), batch open or 1. {EXPORT}"


def _text_half(session: Any, file: Path, tokenizer: Path) -> TextHalf:
    masks = [one for one in session.get_inputs() if one.name == MASK]
    texts = [one for one in session.get_inputs() if one.name != MASK]
    if len(texts) != 1:
        raise UsageError(
            f"{file} has the inputs {_names(session.get_inputs())}; a text half has one, and perhaps {MASK}.", EXPORT
        )
    (pieces,) = texts
    for one, types in ((pieces, WHOLE), *((mask, MASKS) for mask in masks)):
        batch = one.shape[0] if len(one.shape) == TEXT_PIECES else 0
        if one.type not in types or (isinstance(batch, int) and batch != 1):
            raise UsageError(
                f"{file} takes {_told(one)}, and no texts.",
                f"It must take whole numbers (int64, int32) of the shape (batch, {CONTEXT}), batch open or 1. {EXPORT}",
            )
    context = pieces.shape[1] if isinstance(pieces.shape[1], int) else CONTEXT
    mask, mask_dtype = (masks[0].name, MASKS[masks[0].type]) if masks else ("", "")
    half = TextHalf(pieces.name, WHOLE[pieces.type], mask, mask_dtype, context, output=0, width=0)
    output, width = _tried_texts(session, half, file, tokenizer)
    return replace(half, output=output, width=width)


def _tried_texts(session: Any, half: TextHalf, file: Path, tokenizer: Path) -> tuple[int, int]:
    try:
        made, padding = read_tokenizer(tokenizer, half.context)
    except ModelError as error:
        raise UsageError(error.message, error.hint) from error
    what = f"texts of {half.context} pieces"
    _asked(session, half.inputs([], padding), file, what)
    highest = max(made.get_vocab(with_added_tokens=True).values())
    try:
        session.run(None, half.inputs([highest], padding))
    except failures() as error:
        raise UsageError(
            f"The tokenizer has pieces up to the number {highest}, and {file} does not know so many: {_line(error)}",
            f"Take the {TOKENIZER} that belongs to this very model.",
        ) from error
    return _tried(session, file, [half.inputs(made.encode(text).ids, padding) for text in SAMPLES], what)


def _asked(session: Any, inputs: dict[str, NDArray[Any]], file: Path, what: str) -> Sequence[Any]:
    try:
        outputs: Sequence[Any] = session.run(None, inputs)
    except failures() as error:
        raise UsageError(
            f"{file} does not take {what}: {_line(error)}",
            f"Export it with the sizes that it was trained with fixed in the graph. {EXPORT}",
        ) from error
    return outputs


def _tried(session: Any, file: Path, asked: Sequence[dict[str, NDArray[Any]]], what: str) -> tuple[int, int]:
    """Which output is the vector, and how many numbers it has; different inputs should get different ones."""
    answers = [_asked(session, one, file, what) for one in asked]
    output = _vector(session, answers[0], file)
    given = [np.asarray(answer[output], np.float32) for answer in answers]
    if any(not np.isfinite(one).all() or not one.any() for one in given):
        raise UsageError(f"{file} gives a vector for {what} that is not finite, or is zero.", EXPORT)
    if all(np.array_equal(given[0], one) for one in given[1:]):
        raise UsageError(f"{file} gives the same vector whatever it is shown.", EXPORT)
    return output, given[0].size


def _vector(session: Any, answer: Sequence[Any], file: Path) -> int:
    """The output that has the name of the vector, or the only one that is one; by what came out: graphs may not say."""
    names = [one.name for one in session.get_outputs()]
    arrays = [np.asarray(one) for one in answer]
    one_row = [
        place for place, one in enumerate(arrays) if one.ndim == VECTOR and len(one) == 1 and one.dtype.kind == "f"
    ]
    found = [place for place in one_row if names[place] in NAMED] or one_row
    if len(found) != 1:
        told = "; ".join(f"{name} {one.shape}" for name, one in zip(names, arrays, strict=True))
        raise UsageError(f"{file} gives {told}: none of it is surely one vector for each input.", EXPORT)
    return found[0]


def hold_same_width(name: str, half: Half, file: Path) -> None:
    """Raise UsageError where the other half is here, and gives vectors of another length."""
    other = OTHER[name]
    if other not in added_models() or not is_present(other):
        return
    width = (text_half() if other == TEXT else image_half()).width
    if half.width != width:
        raise UsageError(
            f"{file} gives vectors of {half.width} numbers, and the {other} that is here of {width}: "
            "they are not the halves of one CLIP.",
            f"Add the halves of one; to take out what is here: packshot models remove {other}",
        )


def _told(value: Any) -> str:
    return f"{value.name}: {value.type} ({', '.join(str(size) for size in value.shape)})"


def _names(values: Sequence[Any]) -> str:
    return ", ".join(one.name for one in values) or "none"


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
