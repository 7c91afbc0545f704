"""Fills a graph that is shipped without its weights with those of the original file."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from packshot.models.protobuf import content, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GRAPH, _INITIALIZER = 7, 5
"""Fields of ModelProto and GraphProto in onnx.proto."""
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
"""Fields of TensorProto."""
_TYPES = {1: "<f4", 7: "<i8"}
"""The element types that occur, by their number in TensorProto.DataType."""


@cache
def skeleton(name: str) -> tuple[bytes, list[dict[str, Any]]]:
    """The graph of that name that comes with packshot, and the places of its weights."""
    folder = resources.files("packshot.models") / "skeletons"
    return (folder / f"{name}.onnx").read_bytes(), json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def fill(graph: bytes, places: Iterable[Mapping[str, Any]], original: bytes) -> bytes:
    """The ONNX model: `graph` with a tensor for each of `places`, whose bytes lie in `original`.

    A place has the `name`, `type` and `dims` of the tensor, and `offset` and `length` of its bytes; where the
    original keeps the axes in another order, `stored_dims` and `order`, which brings them into the wanted one.

    Protocol buffers that stand one behind the other are read as one: the later graph's tensors are added to those of
    the first. So a tensor is added by appending it, and the result is the same to the byte wherever it is made.
    Raises ValueError where `original` is too short for a place.
    """
    parts = [graph]
    for place in places:
        start, length = place["offset"], place["length"]
        raw: bytes = original[start : start + length]
        if len(raw) != length:
            raise ValueError(f"{place['name']} would lie behind the end of the file")
        if "order" in place:
            raw = _reordered(raw, place)
        tensor = b"".join(number(_DIMS, size) for size in place["dims"])
        tensor += number(_TYPE, place["type"]) + content(_NAME, place["name"]) + content(_RAW, raw)
        parts.append(content(_GRAPH, content(_INITIALIZER, tensor)))
    return b"".join(parts)


def _reordered(raw: bytes, place: Mapping[str, Any]) -> bytes:
    import numpy as np

    array = np.frombuffer(raw, _TYPES[place["type"]]).reshape(place["stored_dims"])
    return array.transpose(place["order"]).tobytes()
