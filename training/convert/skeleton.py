"""Splits a model into a small graph without weights and a list of where its weights lie in the original file."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from packshot.models.skeleton import fill

OUT = Path(__file__).parents[2] / "src" / "packshot" / "models" / "skeletons"
LEAST_BYTES = 64
"""Smaller tensors stay in the graph."""
FIRST_FREE_OF_INPUTS = 4
"""The first IR version in which an initialiser need not be an input of the graph as well."""


@dataclass(frozen=True)
class Stored:
    """How a tensor lies in the original: its dimensions there, and the order of axes that gives the wanted ones."""

    dims: tuple[int, ...]
    order: tuple[int, ...]


def write(name: str, model: onnx.ModelProto, original: Path, stored: dict[str, Stored] | None = None) -> bytes:
    """Write `name`.onnx and `name`.json; give the filled model, which is what the full graph was.

    Each initialiser of `model` must lie somewhere in `original` as little-endian bytes, its axes in the order that
    `stored` says (as they are by default). Graphs that onnx finds invalid are refused.
    """
    model = _tidy(model)
    onnx.checker.check_model(model, full_check=True)
    content, places, kept = original.read_bytes(), [], []
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.nbytes < LEAST_BYTES:
            kept.append(numpy_helper.from_array(array, tensor.name))
            continue
        place = {"name": tensor.name, "type": tensor.data_type, "dims": list(array.shape)}
        lying = (stored or {}).get(tensor.name)
        if lying is not None and lying.order != tuple(range(array.ndim)):
            array = array.transpose(np.argsort(lying.order))
            place |= {"stored_dims": list(lying.dims), "order": list(lying.order)}
        offset = content.find(np.ascontiguousarray(array).tobytes())
        if offset < 0:
            sys.exit(f"{tensor.name} does not lie in {original.name} in one piece")
        places.append({**place, "offset": offset, "length": array.nbytes})
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    graph = model.SerializeToString(deterministic=True)
    filled = fill(graph, places, content)
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.onnx").write_bytes(graph)
    lines = ",\n".join(json.dumps(place) for place in places)
    (OUT / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    onnx.checker.check_model(onnx.load_from_string(filled), full_check=True)
    print(f"{name}: graph {len(graph):,} bytes, {len(places)} tensors, filled {len(filled):,} bytes")
    print(f"  original sha256 {hashlib.sha256(content).hexdigest()}")
    print(f"  filled sha256   {hashlib.sha256(filled).hexdigest()}")
    return filled


def _tidy(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without what no output needs, and without weights among the inputs."""
    graph = model.graph
    wanted = {output.name for output in graph.output}
    nodes = []
    for node in reversed(graph.node):
        if wanted & set(node.output):
            nodes.append(node)
            wanted |= set(node.input)
    weights = [tensor for tensor in graph.initializer if tensor.name in wanted]
    names = {tensor.name for tensor in weights}
    inputs = [one for one in graph.input if one.name in wanted and one.name not in names]
    for node in nodes:
        node.ClearField("doc_string")
        node.ClearField("name")
    tidy = onnx.helper.make_graph(nodes[::-1], graph.name, inputs, list(graph.output), weights)
    opsets = [one for one in model.opset_import if one.domain == ""]
    return onnx.helper.make_model(
        tidy, opset_imports=opsets, ir_version=max(model.ir_version, FIRST_FREE_OF_INPUTS), producer_name="packshot"
    )


def renamed(model: onnx.ModelProto, names: dict[str, str]) -> None:
    """Give inputs, outputs and tensors of the graph the new `names`, in place."""
    for node in model.graph.node:
        node.input[:] = [names.get(one, one) for one in node.input]
        node.output[:] = [names.get(one, one) for one in node.output]
    for one in (*model.graph.input, *model.graph.output):
        one.name = names.get(one.name, one.name)


def shaped(value: onnx.ValueInfoProto, dims: tuple[int | str, ...]) -> None:
    """Declare `dims` for an input or output: numbers are fixed, names are free."""
    shape = value.type.tensor_type.shape
    del shape.dim[:]
    for one in dims:
        if isinstance(one, int):
            shape.dim.add().dim_value = one
        else:
            shape.dim.add().dim_param = one


def differences(
    filled: bytes, feed: np.ndarray, expected: dict[str, np.ndarray], most: float, *, optimised: bool = True
) -> None:
    """Run the filled model on `feed` and print the largest difference to `expected`; exit when above `most`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(filled, options, providers=["CPUExecutionProvider"])
    found = session.run(list(expected), {session.get_inputs()[0].name: feed})
    for (name, wanted), got in zip(expected.items(), found, strict=True):
        worst = float(np.abs(got - wanted).max())
        print(
            f"  {feed.shape} {name} {got.shape}: max abs difference {worst:.3g} (values to {np.abs(wanted).max():.3g})"
        )
        if got.shape != wanted.shape or not worst <= most:
            sys.exit(f"{name} differs by {worst} where {most} is allowed")
