"""The small models of packshot's own: arrays and graphs that come with the code, each held to its checksum."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing, UnknownName
from packshot.models.cache import verified_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FOLDER = "own"
CHECKSUMS = "sha256.toml"
_FIX = "It comes with packshot itself, so install that again: pip install --force-reinstall --no-deps packshot"
PREFIX = "own/"
"""Before the name of a graph of packshot's own, where a model is asked: `desk.run("own/NAME", ...)`."""


@cache
def arrays_of(name: str) -> Mapping[str, NDArray[Any]]:
    """The arrays of one model, by their names. Its data, licence, scores and limits: `training/<name>.md`.

    Raises UnknownName when there is no such model, ModelDamaged when its file is not the one that was released, and
    ModelMissing or ModelError when the file is not there or cannot be read.
    """
    with np.load(BytesIO(_whole(name, _folder() / f"{name}.npz")), allow_pickle=False) as opened:
        return {key: opened[key] for key in opened.files}


def file_of(model: str) -> Path:
    """The verified file of a model: of one in the cache, or of one of packshot's own, whose name begins with `own/`.

    Raises what `cache.verified_path` raises, UnknownName and ModelDamaged.
    """
    return _graph_of(model.removeprefix(PREFIX)) if model.startswith(PREFIX) else verified_path(model)


@cache
def _graph_of(name: str) -> Path:
    file = _folder() / f"{name}.onnx"
    _whole(name, file)
    return file


def _whole(name: str, file: Path) -> bytes:
    wanted = checksum_of(name)
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissing(name, file, _FIX) from error
    except OSError as error:
        raise ModelError(f"The model {name} cannot be read: {file}: {error.strerror}.", _FIX) from error
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise ModelDamaged(name, str(file), wanted, found, _FIX)
    return data


def _folder() -> Path:
    return Path(str(files("packshot.models") / FOLDER))


@cache
def checksum_of(name: str) -> str:
    """The SHA-256 of the file that ships, in hexadecimal digits. Raises UnknownName when there is no such model."""
    listed = tomllib.loads((files("packshot.models") / FOLDER / CHECKSUMS).read_text(encoding="utf-8"))
    if name not in listed:
        raise UnknownName("model of packshot's own", name, list(listed))
    return str(listed[name])
