"""Reading a file from disk without trusting it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from pathlib import Path


_PART = 1 << 20
"""Bytes read at once of what a file has grown by."""


def read_limited(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of the regular file at `path`, links followed.

    Raises MediaError: NOT_FOUND, UNREACHABLE (permissions, I/O errors, folders, pipes and devices), EMPTY, TOO_LARGE.
    Opened without blocking, so a named pipe cannot hang a run; a file that grows while it is read stays limited.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MediaError(TroubleKind.NOT_FOUND, "there is no such file") from error
    except ValueError as error:
        raise MediaError(TroubleKind.NOT_FOUND, "no file can have such a name") from error
    except OSError as error:
        raise _unreachable(error) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise MediaError(TroubleKind.UNREACHABLE, "it is no regular file (a folder, pipe or device)")
        limits.check_bytes(found.st_size)
        data = _read(descriptor, found.st_size, limits.max_bytes)
    except OSError as error:
        raise _unreachable(error) from error
    finally:
        os.close(descriptor)
    limits.check_bytes(len(data))
    return data


def _read(descriptor: int, size: int, most: int) -> bytes:
    """What the file holds: `size` bytes where it stayed as it was, at most `most` + 1 where it grew."""
    data = os.read(descriptor, size + 1)  # a buffer of its size: one for the largest allowed file costs memory and time
    if len(data) == size:
        return data
    parts, length = [data], len(data)
    while length <= most and (part := os.read(descriptor, min(_PART, most + 1 - length))):
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def _unreachable(error: OSError) -> MediaError:
    return MediaError(TroubleKind.UNREACHABLE, f"reading failed: {error.strerror or type(error).__name__}")
