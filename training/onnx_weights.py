"""Reads named weights out of an ONNX file, without the onnx package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

GRAPH, INITIALIZER = 7, 5
"""Fields of ModelProto and GraphProto (onnx.proto)."""
DIMS, NAME, RAW = 1, 8, 9
"""Fields of TensorProto."""
_LENGTHS = {1: 8, 5: 4}


def weights(path: Path, *names: str) -> list[NDArray[np.float32]]:
    """The float32 initializers of those names. Raises KeyError where one is not there."""
    found: dict[str, NDArray[np.float32]] = {}
    for graph in _all(memoryview(path.read_bytes()), GRAPH):
        for tensor in _all(graph, INITIALIZER):
            parts = list(_fields(tensor))
            name = next(bytes(value).decode() for field, value in parts if field == NAME)
            if name in names:
                shape = [value for field, value in parts if field == DIMS]
                raw = next(value for field, value in parts if field == RAW)
                found[name] = np.frombuffer(raw, np.float32).reshape(shape)
    return [found[name] for name in names]


def _all(message: memoryview, wanted: int) -> Iterator[memoryview]:
    return (value for field, value in _fields(message) if field == wanted and isinstance(value, memoryview))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield key >> 3, value
            continue
        length, place = (_LENGTHS[kind], place) if kind in _LENGTHS else _varint(message, place)
        yield key >> 3, message[place : place + length]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a varint
            return value, place
