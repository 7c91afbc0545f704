"""The files of models on this machine: where they are, whether they are there, whether they are whole."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from packshot.core.errors import ModelDamaged, ModelMissing
from packshot.models.added import known
from packshot.models.folder import cache_folder, reading

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.models.sources import Source, SourceFile

MODEL = "model.onnx"
_seen: dict[Path, tuple[int, int, int, str]] = {}
"""Inode, size, time of change and SHA-256 of what this process has hashed."""


def place_of(source: Source, file: SourceFile) -> Path:
    """Where that file of the model lies, or would."""
    return cache_folder() / source.id / source.version / file.name


def path_of(model_id: str, file: str = MODEL) -> Path:
    """Where that file lies; ModelMissing when it is not there, UnknownName when there is no such model or file."""
    source = known(model_id)
    path = place_of(source, source.file(file))
    with reading(path):
        there = path.is_file()
    if not there:
        raise ModelMissing(model_id, path, _fix(source))
    return path


def is_present(model_id: str) -> bool:
    """Whether all its files are there with the size they should have; reads none of them.

    A folder belongs to one version, so that files of an older one do not count.
    UnknownName when there is no such model.
    """
    try:
        source = known(model_id)
    except ModelMissing:
        return False
    if not os.path.isdir(f"{cache_folder()}/{source.id}"):  # noqa: PTH112 - several times faster, asked often
        return False
    return all(_size(place_of(source, one)) == one.kept_bytes for one in source.files)


def verify(model_id: str) -> None:
    """Hash all its files: ModelMissing or ModelDamaged for the first that is not as it should be."""
    source = known(model_id)
    for one in source.files:
        path = path_of(model_id, one.name)
        _seen.pop(path, None)
        _hold_whole(source, path, one)


def verified_path(model_id: str, file: str = MODEL) -> Path:
    """As `path_of`, of a file whose SHA-256 was found right; hashed once in each process while it does not change.

    Raises ModelMissing, and ModelDamaged when the file is not the one that is pinned.
    """
    source = known(model_id)
    path = path_of(model_id, file)
    _hold_whole(source, path, source.file(file))
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file in hexadecimal digits."""
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hold_whole(source: Source, path: Path, file: SourceFile) -> None:
    with reading(path):
        stat = path.stat()
    mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    seen = _seen.get(path)
    if seen is None or seen[:3] != mark:
        seen = (*mark, sha256_of(path))
        _seen[path] = seen
    if seen[3] != file.kept_sha256:
        raise ModelDamaged(source.id, path, file.kept_sha256, seen[3], _fix(source))


def _fix(source: Source) -> str:
    return f"packshot models fetch {source.id}" if source.files[0].package else f"packshot models add {source.id} FILE"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else -1
    except OSError:
        return -1
