"""The small models of packshot's own: arrays that come with the code, each held to its checksum."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import ModelDamaged, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FOLDER = "own"
CHECKSUMS = "sha256.toml"


@cache
def arrays_of(name: str) -> Mapping[str, NDArray[Any]]:
    """The arrays of one model, by their names. Its data, licence, scores and limits: `training/<name>.md`.

    Raises UnknownName when there is no such model, and ModelDamaged when its file is not the one that was released.
    """
    file, wanted = files("packshot.models") / FOLDER / f"{name}.npz", checksum_of(name)
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise ModelDamaged(name, str(file), wanted, found)
    with np.load(BytesIO(data), allow_pickle=False) as opened:
        return {key: opened[key] for key in opened.files}


@cache
def checksum_of(name: str) -> str:
    """The SHA-256 of the file that ships, in hexadecimal digits. Raises UnknownName when there is no such model."""
    listed = tomllib.loads((files("packshot.models") / FOLDER / CHECKSUMS).read_text(encoding="utf-8"))
    if name not in listed:
        raise UnknownName("model of packshot's own", name, list(listed))
    return str(listed[name])
