"""Reads the texts that an ONNX file brings along, without loading the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_METADATA, _KEY, _VALUE = 14, 1, 2
"""Numbers of the fields, from onnx.proto: `ModelProto.metadata_props`, `StringStringEntryProto.key` and `value`."""
_VARINT, _EIGHT_BYTES, _CONTENT, _FOUR_BYTES = 0, 1, 2, 5
_SEVEN_BITS, _MORE = 0x7F, 0x80


def metadata_of(path: Path) -> dict[str, str]:
    """The metadata of a model, by name; the weights are stepped over. Raises ModelError where it is no such file."""
    try:
        data = memoryview(path.read_bytes())
        entries = [dict(_fields(value)) for field, value in _fields(data) if field == _METADATA]
        return {bytes(one[_KEY]).decode(): bytes(one.get(_VALUE, b"")).decode() for one in entries}
    except (IndexError, KeyError, ValueError) as error:
        raise ModelError(f"The metadata of {path} cannot be read; it is no ONNX file.") from error


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and content of each field; of those without a length, the content is empty."""
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        kind = key & 7
        size = {_VARINT: 0, _EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind)
        if kind == _VARINT:
            _, at = _number(data, at)
        elif kind == _CONTENT:
            size, at = _number(data, at)
        if size is None or at + size > len(data):
            raise ValueError("not the wire form of a protocol buffer")
        yield key >> 3, data[at : at + size] if kind == _CONTENT else data[:0]
        at += size


def _number(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & _SEVEN_BITS) << shift
        at, shift = at + 1, shift + 7
        if not byte & _MORE:
            return value, at
