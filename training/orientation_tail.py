"""The last blocks of EfficientNet-lite0, with four answers in the place of its thousand: to be trained, and as ONNX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FIRST, LAST = 11, 13
"""Blocks that ship; the trunk's map of stride 16 is what block 10 gives. The first stays as it is: what it gives can be
kept, which makes training a third cheaper."""
SEEN = f"_blocks.{FIRST}._bn2_out"
"""What the first block gives, as the trunk names it."""
WIDE = 256
TURNS = 4
EPSILON = 1e-3
OPSET, IR_VERSION = 13, 8


class Block(nn.Module):
    """One inverted residual block, its normalisations folded into its convolutions."""

    def __init__(self, weights: dict[str, NDArray[np.float32]], number: int) -> None:
        super().__init__()
        self.folded = nn.ParameterDict()
        for name, conv, norm in (
            ("e", "_expand_conv", "_bn0"),
            ("d", "_depthwise_conv", "_bn1"),
            ("p", "_project_conv", "_bn2"),
        ):
            place = f"_blocks.{number}."
            gain, bias, mean, var = (
                weights[f"{place}{norm}.{one}"] for one in ("weight", "bias", "running_mean", "running_var")
            )
            scale = gain / np.sqrt(var + EPSILON)
            self.folded[f"{name}w"] = nn.Parameter(
                torch.tensor(weights[f"{place}{conv}.weight"] * scale[:, None, None, None])
            )
            self.folded[f"{name}b"] = nn.Parameter(torch.tensor(bias - mean * scale))
        self.stride = 2 if number == FIRST else 1

    @property
    def pads(self) -> tuple[int, int]:
        """Filling before and after each row and column, as TensorFlow counts it."""
        side = self.folded["dw"].shape[-1]
        return (side - self.stride) // 2, side // 2

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Shape (n, channels, h, w) to (n, other channels, h / stride, w / stride)."""
        kept = self.folded
        wide = functional.relu6(functional.conv2d(given, kept["ew"], kept["eb"]))
        padded = functional.pad(wide, (*self.pads, *self.pads))
        deep = functional.relu6(
            functional.conv2d(padded, kept["dw"], kept["db"], stride=self.stride, groups=wide.shape[1])
        )
        found = functional.conv2d(deep, kept["pw"], kept["pb"])
        return given + found if self.stride == 1 else found


class Tail(nn.Module):
    """From the trunk's map of stride 16 to one score for each of four turns, that of 0 degrees first."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*[Block(weights, number) for number in range(FIRST, LAST + 1)])
        self.mix = nn.Conv2d(self.blocks[-1].folded["pb"].shape[0], WIDE, 1)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(WIDE, TURNS)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """What the first block gives, shape (n, 192, h, w), to (n, 4)."""
        seen = functional.relu6(self.mix(self.blocks[1:](given))).mean((2, 3))
        return self.out(self.drop(seen))


def trunk_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The arrays of the trunk, by their names."""
    return {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}


def cut_trunk(path: Path, output: str = SEEN) -> bytes:
    """The trunk up to what the first block of the tail gives, as an ONNX file."""
    model = onnx.load(path)
    needed, nodes = {output}, []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            nodes.insert(0, node)
            needed |= set(node.input)
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]
    kept = [one for one in model.graph.initializer if one.name in needed]
    graph = helper.make_graph(nodes, "cut", list(model.graph.input), outputs, kept)
    cut = helper.make_model(graph, opset_imports=list(model.opset_import), ir_version=model.ir_version)
    return bytes(cut.SerializeToString())


class _Graph:
    """Nodes and arrays as they are added; arrays of 1×1 convolutions to eight bits for each output channel."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []

    def array(self, name: str, values: torch.Tensor, *, eight_bits: bool = False) -> str:
        found = values.detach().numpy()
        if not eight_bits:
            self.arrays.append(numpy_helper.from_array(found.astype(np.float32), name))
            return name
        scale = np.abs(found).reshape(len(found), -1).max(axis=1) / 127 + 1e-12
        levels = np.round(found / scale.reshape(-1, *[1] * (found.ndim - 1))).astype(np.int8)
        self.arrays.append(numpy_helper.from_array(levels, f"{name}.levels"))
        self.arrays.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
        self.arrays.append(numpy_helper.from_array(np.zeros(len(found), np.int8), f"{name}.zero"))
        self.add("DequantizeLinear", [f"{name}.levels", f"{name}.scale", f"{name}.zero"], name, axis=0)
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def clipped(self, name: str) -> str:
        return self.add("Clip", [name, "low", "high"], f"{name}.clipped")


def as_onnx(tail: Tail) -> bytes:
    """The file that ships: input `stride_16`, float32 (n, 112, h, w); output `turns`, (n, 4), scores before softmax."""
    graph = _Graph()
    graph.array("low", torch.tensor(0.0))
    graph.array("high", torch.tensor(6.0))
    given = "stride_16"
    for number, block in enumerate(tail.blocks):
        given = _block(graph, block, given, f"block{number}")
    weight = graph.array("mix.weight", tail.mix.weight, eight_bits=True)
    mixed = graph.add("Conv", [given, weight, graph.array("mix.bias", tail.mix.bias)], "mixed")
    pooled = graph.add("GlobalAveragePool", [graph.clipped(mixed)], "pooled")
    flat = graph.add("Flatten", [pooled], "flat")
    last = [flat, graph.array("out.weight", tail.out.weight), graph.array("out.bias", tail.out.bias)]
    graph.add("Gemm", last, "turns", transB=1)
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "orientation",
            [helper.make_tensor_value_info("stride_16", TensorProto.FLOAT, ["batch", 112, "h", "w"])],
            [helper.make_tensor_value_info("turns", TensorProto.FLOAT, ["batch", TURNS])],
            graph.arrays,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())


def _block(graph: _Graph, block: Block, given: str, name: str) -> str:
    def conv(source: str, part: str, **attributes: Any) -> str:
        weight = graph.array(f"{name}.{part}w", block.folded[f"{part}w"], eight_bits=part != "d")
        bias = graph.array(f"{name}.{part}b", block.folded[f"{part}b"])
        return graph.add("Conv", [source, weight, bias], f"{name}.{part}", **attributes)

    wide = graph.clipped(conv(given, "e"))
    before, after = block.pads
    channels = int(block.folded["dw"].shape[0])
    deep = conv(wide, "d", group=channels, strides=[block.stride] * 2, pads=[before, before, after, after])
    found = conv(graph.clipped(deep), "p")
    return graph.add("Add", [given, found], f"{name}.sum") if block.stride == 1 else found
