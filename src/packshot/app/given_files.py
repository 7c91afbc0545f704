"""Files that somebody named on a command line and that are not there."""

from __future__ import annotations

import difflib
import errno
import os
from pathlib import Path

from packshot.core.errors import UsageError

NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})


def misnamed(file: str | Path) -> UsageError | None:
    """What is wrong with the name of a file to be read: nothing is there, or a folder; None where a file may be.

    The hint names what is called nearly so beside it. A file that is there and cannot be read is no matter of its name.
    """
    path = Path(file)
    shown = ascii(str(path))[1:-1] if not str(path).isprintable() else str(path)
    try:
        is_folder = path.is_dir()
        path.stat()
    except OSError as error:
        return _absent(path, shown) if error.errno in NOT_THERE else None
    except ValueError:
        return UsageError(f"No file can be called {str(path)!a}.", "Name a file.")
    if is_folder:
        return UsageError(f"{shown} is a folder.", "Name files in it; `packshot run` takes a whole folder.")
    return None


def _absent(path: Path, shown: str) -> UsageError:
    message = f"There is no file {shown}."
    if path.is_symlink():
        return UsageError(message, "It is a link to what is not there.")
    try:
        names = sorted(name for name in os.listdir(path.parent) if name.isprintable())  # noqa: PTH208 - names alone
    except OSError:
        return UsageError(message, f"Nor is there a folder {path.parent}.")
    likely = {name.lower(): name for name in names}
    near = difflib.get_close_matches(path.name.lower(), likely, n=3, cutoff=0.7)
    told = " or ".join(str(path.with_name(likely[name])) for name in near)
    return UsageError(message, f"Did you mean {told}?" if near else "")
