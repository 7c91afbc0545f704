"""Where the cache of models lies, and what the system's refusals mean there."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import uuid
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "PACKSHOT_MODELS"
PART = ".part"
"""The ending of files that are being written."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def cache_folder() -> Path:
    """$PACKSHOT_MODELS, or packshot/models in the user's cache folder; it need not exist."""
    if named := os.environ.get(VARIABLE):
        return _path(named) if named.startswith("/") else Path(named).absolute()
    if cache := os.environ.get("XDG_CACHE_HOME"):
        return Path(cache).absolute() / "packshot" / "models"
    try:
        return Path.home() / ".cache" / "packshot" / "models"
    except RuntimeError as error:
        raise ModelError("This user has no home folder for models.", f"Name a folder: {VARIABLE}=/path.") from error


@lru_cache(maxsize=8)
def _path(text: str) -> Path:
    """Asked often; taking the text apart takes as long as looking at the disk."""
    return Path(text)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the system or a broken record says while `path` is read into a ModelError."""
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror or error}.",
            f"Give this user read access to it, or name another folder with {VARIABLE}.",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is damaged: {error}.", "Delete it and add the model again.") from error


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an OSError raised while something is written in `folder` into a ModelError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ModelError(
                f"The disk of {folder} is full.", f"Free some space, or name a folder elsewhere with {VARIABLE}."
            ) from error
        why = error.strerror or str(error)
        fix = (
            f"Give this user write access to it, or name another folder with {VARIABLE}. "
            "A cache that someone else has filled may stay read-only."
            if error.errno in _REFUSED
            else f"Name another folder with {VARIABLE}."
        )
        raise ModelError(f"The models' folder {folder} cannot be written: {why}.", fix) from error


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the cache for writing; waits for whoever else fetches or adds. A process that dies lets go of it."""
    with writing(root):
        root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        with writing(root):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def store(path: Path, value: bytes) -> None:
    """Write `value` at `path`, whole or not at all: what was there before is there until the new one is on the disk."""
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex}{PART}")
        try:
            with part.open("xb") as file:
                file.write(value)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
