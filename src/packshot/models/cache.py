"""Where weights lie."""

from __future__ import annotations

import os
from pathlib import Path

from packshot.core.errors import ModelError


def folder() -> Path:
    """The folder of all weights."""
    return Path(os.environ.get("PACKSHOT_MODELS") or Path.home() / ".cache/packshot/models")


def is_present(model_id: str) -> bool:
    """Whether the weights are here."""
    return (folder() / model_id / "model.onnx").is_file()


def verified_path(model_id: str) -> Path:
    """The file of the model."""
    path = folder() / model_id / "model.onnx"
    if not path.is_file():
        raise ModelError(f"The model {model_id} is not on this machine.", f"packshot models fetch {model_id}")
    return path
