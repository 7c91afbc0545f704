"""Local files that a feed names: found inside the feed's folder, opened there, and nowhere else."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.collect.uris import local_name
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_THROUGH = getattr(os, "O_PATH", os.O_RDONLY)
"""Opens a folder that may be passed through but not listed, where the system knows of that."""
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})
_ODD_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def resolve_local(uri: str, base: Path) -> Path:
    """The real path of the regular file that `uri` names, which lies inside the real folder `base`.

    Relative names start at `base`; absolute ones, `..`, `file:` URIs and symbolic links are followed as the system
    follows them, and only where they end counts. Where a name is not there as written, it is tried with backslashes
    as separators and in Unicode's composed and decomposed forms.

    Raises MediaError: REFUSED for a place outside `base`, the network or what is no regular file; NOT_FOUND;
    UNREACHABLE where the system denies access.
    """
    name = local_name(uri)
    real_base = os.path.realpath(base)
    missing: MediaError | None = None
    for spelling in spellings(name):
        try:
            return _resolve(spelling, real_base)
        except MediaError as error:
            if error.kind is not TroubleKind.NOT_FOUND:
                raise
            missing = missing or error
    raise missing or MediaError(TroubleKind.NOT_FOUND, "the feed names no file")


def spellings(name: str) -> Iterator[str]:
    """`name`, then other ways in which systems write the same: slashes for backslashes, Unicode composed or not."""
    yield name
    tried = {name}
    slashed = name.replace("\\", "/")
    for spelling in (slashed, unicodedata.normalize("NFC", slashed), unicodedata.normalize("NFD", slashed)):
        if spelling not in tried:
            tried.add(spelling)
            yield spelling


def _resolve(name: str, real_base: str) -> Path:
    # Only os.path keeps `a/link/..` as it is until the link is resolved, which is what the system does.
    real = os.path.realpath(os.path.join(real_base, name))  # noqa: PTH118 - see above
    if not inside(real, real_base):
        raise MediaError(TroubleKind.REFUSED, "the file lies outside the feed's folder")
    try:
        mode = os.stat(real, follow_symlinks=False).st_mode  # noqa: PTH116 - real is a str with any bytes
    except OSError as error:
        raise as_media_error(error) from error
    if stat.S_ISLNK(mode):
        raise MediaError(TroubleKind.NOT_FOUND, "the symbolic link goes round in circles")
    refuse_odd_files(mode)
    return Path(real)


def inside(real: str, real_base: str) -> bool:
    """Whether the real path `real` is `real_base` or lies below it."""
    return real == real_base or real.startswith(real_base.rstrip(os.sep) + os.sep)


def refuse_odd_files(mode: int) -> None:
    """Raise MediaError(REFUSED) unless `mode` (of stat) is that of a regular file."""
    if stat.S_ISREG(mode):
        return
    what = next((word for test, word in _ODD_FILES if test(mode)), "no regular file")
    raise MediaError(TroubleKind.REFUSED, f"the location is {what}, not a file")


def as_media_error(error: OSError) -> MediaError:
    """The trouble that an error of the operating system stands for, without the path (the row has it)."""
    if error.errno in _NOT_THERE:
        return MediaError(TroubleKind.NOT_FOUND, "there is no such file")
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return MediaError(TroubleKind.UNREACHABLE, f"the file cannot be read: {reason}")


def open_inside(path: Path, base: Path) -> int:
    """A descriptor, for reading, of the regular file `path`, a result of `resolve_local` with the same `base`.

    Every step from the real `base` down is opened without following links, so a folder or file that has been exchanged
    for a link since it was resolved is not read. The caller closes the descriptor.

    Raises MediaError as `resolve_local` does.
    """
    real_base = os.path.realpath(base)
    if not inside(str(path), real_base):
        raise MediaError(TroubleKind.REFUSED, "the file lies outside the feed's folder")
    *folders, last = path.relative_to(real_base).parts
    try:
        step = os.open(real_base, _THROUGH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                flags = _THROUGH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                above, step = step, os.open(folder, flags, dir_fd=step)
                os.close(above)
            # Without O_NONBLOCK a pipe that took the file's place would hang the worker.
            descriptor = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=step)
        finally:
            os.close(step)
    except OSError as error:
        raise as_media_error(error) from error
    try:
        refuse_odd_files(os.fstat(descriptor).st_mode)
    except OSError as error:
        os.close(descriptor)
        raise as_media_error(error) from error
    except MediaError:
        os.close(descriptor)
        raise
    return descriptor
