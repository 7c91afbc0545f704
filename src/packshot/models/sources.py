"""Which weights there are."""

from __future__ import annotations

from packshot.models.cache import folder


def version_of(model_id: str) -> str:
    """The version of a model's weights."""
    file = folder() / model_id / "model.onnx"
    return str(file.stat().st_size) if file.is_file() else "0"
