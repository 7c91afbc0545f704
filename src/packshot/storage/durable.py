"""Bytes that survive a power cut, and what the operating system's refusals mean."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import uuid
from functools import cache
from typing import TYPE_CHECKING

from packshot.core.errors import WorkspaceError
from packshot.storage.faults import fault, is_armed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_MISPLACED = frozenset({errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP})
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_numbers = itertools.count()
"""Of the files that this process writes."""

TEMPORARY = "tmp"
"""The folder, inside a store, where files are written before they are given their name."""


def workspace_error(number: int | None, doing: str, detail: str) -> WorkspaceError:
    """The error to raise when the system refused with the errno `number` while `doing` something.

    `detail` is what the system or library said; it is shown where the number does not say enough.
    """
    if number in _FULL:
        return WorkspaceError(
            f"The disk is full: {doing} failed.",
            "Free some space (or raise the quota) and run the same command again: all that was committed is kept.",
        )
    if number in _REFUSED:
        return WorkspaceError(
            f"The workspace may not be written or read: {doing} failed ({os.strerror(number or 0)}).",
            "Give this user read and write access to the workspace folder, or name another with --workspace.",
        )
    if number in _MISPLACED:
        return WorkspaceError(
            f"The workspace is not laid out as expected: {doing} failed ({os.strerror(number or 0)}).",
            "A file stands where a folder should be, or the path is too long: name another folder with --workspace.",
        )
    if number in _EXHAUSTED:
        return WorkspaceError(
            f"Too many files are open: {doing} failed.", "Raise the limit (ulimit -n 4096) and run the command again."
        )
    return WorkspaceError(
        f"{doing[:1].upper()}{doing[1:]} failed: {detail}",
        "Run `packshot doctor`; what was committed before is kept, and the same command continues from there.",
    )


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn an OSError raised inside into a WorkspaceError that says what to do."""
    try:
        yield
    except OSError as error:
        raise workspace_error(error.errno, doing, error.strerror or str(error)) from error


def sync_file(path: Path) -> None:
    """Wait until the content of `path` is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the names in the folder `path` are on the disk."""
    sync_file(path)


def make_folder(path: Path, *, sync: bool = True) -> None:
    """Make `path` and what is missing above it; with `sync`, each new name is on the disk afterwards."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        if sync:
            sync_folder(folder.parent)


def write_whole(path: Path, data: bytes, scratch: Path, *, sync: bool = True) -> None:
    """Give `path` the content `data`, wholly or not at all, whatever happens on the way.

    Args:
        path: Where it goes; its folder is made. What is there already is replaced.
        data: The whole content.
        scratch: A folder on the same file system for the unfinished file.
        sync: Return only when content and name are on the disk.

    Raises:
        OSError: The system refused; nothing is left behind.
    """
    unfinished = f"{scratch}/{_own(os.getpid())}-{next(_numbers)}"
    # Folders are made when they prove to be missing: nearly always they are there, and looking costs time, too.
    try:
        descriptor = os.open(unfinished, _NEW_FILE, 0o666)
    except FileNotFoundError:
        make_folder(scratch, sync=sync)
        descriptor = os.open(unfinished, _NEW_FILE, 0o666)
    try:
        _fill(descriptor, data, sync=sync)
        fault("blob:before-rename")
        try:
            os.replace(unfinished, path)  # noqa: PTH105 - a Path object for it costs as much as the call
        except FileNotFoundError:
            make_folder(path.parent, sync=sync)
            os.replace(unfinished, path)  # noqa: PTH105 - as above
        fault("blob:renamed")
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(unfinished)  # noqa: PTH108 - as above
        raise
    if sync:
        sync_folder(path.parent)


def _fill(descriptor: int, data: bytes, *, sync: bool) -> None:
    """Write all of `data`, and close the file whatever happens."""
    try:
        if is_armed("blob:half-written"):
            _write_all(descriptor, data[: len(data) // 2])
            fault("blob:half-written")
            os.lseek(descriptor, 0, os.SEEK_SET)
        _write_all(descriptor, data)
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # the system may take less than it is given
        rest = rest[os.write(descriptor, rest) :]


@cache
def _own(process: int) -> str:
    """Begins the names of this process's unfinished files: unlike those of any other, on whatever machine."""
    return f"{process}-{uuid.uuid4().hex}"
