"""Writes a file wholly or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import uuid
from typing import IO, TYPE_CHECKING

from packshot.core.errors import WorkspaceError
from packshot.storage.faults import fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PART = ".packshot-{}.part"
_STALE_SECONDS = 24 * 3600
"""A part that nothing was written to for so long is of a process that was killed."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_file(output: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Give `output` what `write` writes, in place of what was there; when it fails, all is as it was.

    A link is followed, and who may read the file stays as it was; into what is no regular file, such as a pipe or
    /dev/null, it is written as it comes. When this returns, the content is on the disk. Several processes may write
    one file at once: it is wholly one of theirs. Raises WorkspaceError when the file cannot be written.
    """
    try:
        replaced = _is_there(output)
        target = output.resolve()
        if replaced and not target.is_file():
            with target.open("wb") as file:
                write(file)
            return
        _sweep(target.parent)
        part = target.with_name(_PART.format(uuid.uuid4().hex))
        try:
            with part.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            if replaced:
                shutil.copymode(target, part)
            fault("output:before-rename")
            part.replace(target)
            fault("output:renamed")
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _told(output, error) from error


def _is_there(output: Path) -> bool:
    """Whether there is anything. Raises OSError for what nobody can look at, such as a ring of links."""
    try:
        output.stat()
    except FileNotFoundError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Take away what killed processes left half-written."""
    with contextlib.suppress(OSError):
        for part in folder.glob(_PART.format("*")):
            with contextlib.suppress(OSError):  # another process was quicker, or it is none of ours
                if time.time() - part.lstat().st_mtime > _STALE_SECONDS:
                    part.unlink()


def _told(output: Path, error: OSError) -> WorkspaceError:
    if error.errno in _FULL:
        return WorkspaceError(
            f"The disk is full: {output} could not be written, and is as it was.",
            "Free some space there, or name a file on another disk; then run the same command again.",
        )
    return WorkspaceError(
        f"{output} cannot be written: {error.strerror or error}.",
        "Name another file, in a folder that is there and that this user may write to.",
    )
