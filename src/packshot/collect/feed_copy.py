"""A feed's copy on disk: it goes with what needs it, and where a process was killed, with the next copy."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

from packshot.core.errors import SourceError

_PREFIX = "packshot-feed-"
_LOCK = ".lock"
_YOUNG_SECONDS = 600
"""A folder without a lock on it is left alone for so long: it may just be being made."""


class FeedCopy:
    """A folder for one feed, which goes when nobody needs it any more or the process ends.

    A process that is killed leaves its folder behind, and feeds are large and may hold secrets: whoever makes the next
    one takes away those of this user that nobody holds a lock on.
    """

    def __init__(self) -> None:
        """Raises SourceError where no folder can be made."""
        try:
            _sweep(Path(tempfile.gettempdir()))
            self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"There is no place for a copy of the feed: {error.strerror}."
            raise SourceError(message, "Make room, or name another folder in TMPDIR.") from error
        weakref.finalize(self, _let_go, self.folder, lock)
        with contextlib.suppress(OSError):  # a file system without locks: nobody sweeps there either
            fcntl.flock(lock, fcntl.LOCK_EX)


def _let_go(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _sweep(place: Path) -> None:
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX):
                with contextlib.suppress(OSError):  # another process was quicker, or it is none of ours
                    _take_away(entry)


def _take_away(entry: os.DirEntry[str]) -> None:
    found = entry.stat(follow_symlinks=False)
    is_ours = entry.is_dir(follow_symlinks=False) and found.st_uid == os.geteuid()
    if not is_ours or time.time() - found.st_mtime < _YOUNG_SECONDS:
        return
    lock = os.open(Path(entry.path, _LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(entry.path, ignore_errors=True)
    finally:
        os.close(lock)
