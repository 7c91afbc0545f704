"""Writes tiny ONNX models for tests, without the onnx package."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from packshot.models.protobuf import content, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FLOAT, INT64 = 1, 7
"""Element types, by their number in TensorProto.DataType."""
OPSET, IR_VERSION = 13, 8
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE, _INTS_ATTRIBUTE = 1, 2, 7
"""Numbers in AttributeProto.AttributeType."""

Shape = tuple[int | str, ...]
"""Numbers are fixed dimensions, names are free ones."""


@dataclass(frozen=True, slots=True)
class Value:
    """An input or output of a graph."""

    shape: Shape
    type: int = FLOAT


@dataclass(frozen=True, slots=True)
class Node:
    """One operator: its name in ONNX, what goes in, what comes out, and attributes (a number, or numbers)."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, int | float | Sequence[int]] = field(default_factory=dict)


def tiny_model(  # noqa: PLR0913 - what a graph is made of
    path: Path,
    inputs: Mapping[str, Value],
    outputs: Mapping[str, Value],
    nodes: Sequence[Node] = (),
    *,
    weights: Mapping[str, NDArray[np.float32 | np.int64]] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a model at `path`; give `path`. Without `nodes`, each output is the input at its place, unchanged.

    `weights` are float32 or int64 arrays by the name that nodes call them; `metadata` are texts that come along.
    """
    if not nodes:
        nodes = [Node("Identity", (one,), (other,)) for one, other in zip(inputs, outputs, strict=True)]
    graph = b"".join(content(1, _node(node)) for node in nodes)
    graph += content(2, "tiny")
    graph += b"".join(content(5, _tensor(name, array)) for name, array in (weights or {}).items())
    graph += b"".join(content(11, _value(name, value)) for name, value in inputs.items())
    graph += b"".join(content(12, _value(name, value)) for name, value in outputs.items())
    opset = content(1, "") + number(2, OPSET)
    model = number(1, IR_VERSION) + content(2, "packshot.testing") + content(7, graph) + content(8, opset)
    model += b"".join(content(14, content(1, key) + content(2, text)) for key, text in (metadata or {}).items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model)
    return path


def _node(node: Node) -> bytes:
    out = b"".join(content(1, name) for name in node.inputs) + b"".join(content(2, name) for name in node.outputs)
    out += content(4, node.kind)
    return out + b"".join(content(5, _attribute(name, value)) for name, value in node.attributes.items())


def _attribute(name: str, value: float | Sequence[int]) -> bytes:
    if isinstance(value, float):
        return content(1, name) + b"\x15" + struct.pack("<f", value) + number(20, _FLOAT_ATTRIBUTE)
    if isinstance(value, int):
        return content(1, name) + number(3, value) + number(20, _INT_ATTRIBUTE)
    return content(1, name) + b"".join(number(8, one) for one in value) + number(20, _INTS_ATTRIBUTE)


def _tensor(name: str, array: NDArray[np.float32 | np.int64]) -> bytes:
    kind, stored = (INT64, "<i8") if array.dtype == np.int64 else (FLOAT, "<f4")
    dims = b"".join(number(1, size) for size in array.shape)
    return dims + number(2, kind) + content(8, name) + content(9, array.astype(stored).tobytes())


def _value(name: str, value: Value) -> bytes:
    dims = b"".join(content(1, number(1, size) if isinstance(size, int) else content(2, size)) for size in value.shape)
    tensor = number(1, value.type) + content(2, dims)
    return content(1, name) + content(2, content(1, tensor))
