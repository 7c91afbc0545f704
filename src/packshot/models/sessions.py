"""ONNX models, each loaded once, verified, and run on one thread of whoever asks."""

from __future__ import annotations

import os
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from packshot.core.errors import MissingExtra, ModelError, UsageError
from packshot.models.added import SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Arrays: TypeAlias = tuple[NDArray[Any], ...]

DEVICE = "PACKSHOT_DEVICE"
"""Environment variable: `cpu`, `cuda`, or `auto`, which takes CUDA where onnxruntime has it."""
_CUDA = "CUDAExecutionProvider"
_CPU = "CPUExecutionProvider"


class Device(StrEnum):
    """Where models run."""

    CPU = "cpu"
    CUDA = "cuda"


def device() -> Device:
    """Where models run here.

    Raises UsageError for a device that there is not, and MissingExtra without onnxruntime.
    """
    asked = os.environ.get(DEVICE, "").lower() or "auto"
    if asked not in {"auto", *Device}:
        raise UsageError(f"{asked!r} is no device for models.", f"Set {DEVICE} to cpu, cuda or auto.")
    there = _CUDA in _onnxruntime().get_available_providers()
    if asked == Device.CPU:
        return Device.CPU
    if asked == Device.CUDA and not there:
        raise UsageError("This onnxruntime knows no CUDA.", f"Install onnxruntime-gpu, or set {DEVICE} to cpu.")
    return Device.CUDA if there else Device.CPU


class Sessions:
    """Models that run; each is loaded when it is first asked for."""

    def __init__(self, find: Callable[[str], Path], where: Device = Device.CPU) -> None:
        """`find` gives the verified file of a model id, or raises what is wrong with it."""
        self._find = find
        self.where = where
        self._loaded: dict[str, Any] = {}
        self._files: dict[str, Path] = {}
        self._lock = threading.Lock()

    def run(self, model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Arrays:
        """Every output of `model`, in its own order. A single array is the model's first input.

        Raises what `find` raises, and ModelError where the model does not take these inputs.
        """
        session = self._session(model)
        if isinstance(inputs, np.ndarray):
            inputs = {session.get_inputs()[0].name: inputs}
        try:
            return tuple(session.run(None, dict(inputs)))
        except failures() as error:
            raise ModelError(f"The model {model} does not take its input: {_line(error)}") from error

    def takes_rows(self, model: str) -> bool:
        """Whether the first dimension of every input of `model` is free: several requests can be one batch."""
        return all(given.shape and not isinstance(given.shape[0], int) for given in self._session(model).get_inputs())

    def _session(self, model: str) -> Any:
        with self._lock:
            # A CLIP of the user's may be replaced while this process lives; what ships is looked for once.
            if model not in self._loaded or (model in SLOTS and self._find(model) != self._files[model]):
                self._files[model] = self._find(model)
                self._loaded[model] = _load(model, self._files[model], self.where)
            return self._loaded[model]


def _load(model: str, file: Path, where: Device) -> Any:
    library = _onnxruntime()
    options = library.SessionOptions()
    # Pictures are spread over threads; threads inside one picture only get in each other's way.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # inputs come in many sizes, and an arena keeps the largest of each
    options.log_severity_level = 4
    providers = [_CUDA, _CPU] if where is Device.CUDA else [_CPU]
    try:
        return library.InferenceSession(str(file), options, providers=providers)
    except failures() as error:
        hint = f"`packshot models verify {model}` tells whether it is whole; if so, try another version of onnxruntime."
        raise ModelError(f"The model {model} cannot be loaded from {file}: {_line(error)}", hint) from error


def failures() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: its own errors have no base but RuntimeError, or Exception, by version."""
    state = _onnxruntime().capi.onnxruntime_pybind11_state
    own = [kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (RuntimeError, ValueError, *own)


def _onnxruntime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("Running a model", "models") from error
    return onnxruntime


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
