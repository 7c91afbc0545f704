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
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise MediaError(TroubleKind.UNREACHABLE, "it is no regular file (a folder, pipe or device)")
            limits.check_bytes(found.st_size)
            data = file.read(limits.max_bytes + 1)
    except OSError as error:
        raise _unreachable(error) from error
    limits.check_bytes(len(data))
    return data


def _unreachable(error: OSError) -> MediaError:
    return MediaError(TroubleKind.UNREACHABLE, f"reading failed: {error.strerror or type(error).__name__}")
