"""Faults that tests put into the stores: a process killed, a disk full, a disk broken, at a named point."""

from __future__ import annotations

import errno
import os
import re
import signal
import threading
import time
from dataclasses import dataclass

from packshot.core.errors import UsageError

VARIABLE = "PACKSHOT_FAULT"
"""What arms them: `append:committed=kill`, `blob:half-written:3=enospc` (the third time), several joined by commas."""

LOG = "PACKSHOT_FAULT_LOG"
"""A file to which every process appends each point that it passes: its id, the point, and what struck there or `-`.

With it a fault strikes once in all processes together (`FILE.POINT` is then there), and not once in each worker."""

POINTS = (
    "append:data-written",
    "append:before-commit",
    "append:committed",
    "append:synced",
    "make:written",
    "make:placed",
    "widen:before-commit",
    "widen:committed",
    "drop:renamed",
    "compact:data-written",
    "compact:before-commit",
    "compact:committed",
    "remove:before-commit",
    "remove:committed",
    "clean:before",
    "blob:half-written",
    "blob:before-rename",
    "blob:renamed",
    "blob:before-put",
    "blob:put",
    "snapshot:before-commit",
    "snapshot:committed",
    "judgement:before-commit",
    "judgement:committed",
    "current:before-commit",
    "current:committed",
    "label:before-commit",
    "label:committed",
    "output:before-rename",
    "output:renamed",
    "report:before-swap",
    "report:half-swapped",
)
"""Every point, in the order in which a store comes by."""

_OF_CATALOG = frozenset({"snapshot", "judgement", "current", "label"})
"""Where the database writes, which says itself that a disk is full: these points only kill and hang."""
_ERRORS = {"enospc": errno.ENOSPC, "eio": errno.EIO}
_SPEC = re.compile(r"(?P<point>[a-z-]+:[a-z-]+)(:(?P<nth>\d+))?=(?P<what>kill|enospc|eio|hang)(:(?P<seconds>[\d.]+))?")


@dataclass(slots=True)
class _Fault:
    what: str
    seconds: float | None
    left: int
    """How often the point is passed before it strikes."""


def _armed(text: str) -> dict[str, _Fault]:
    found = {}
    for spec in filter(None, text.split(",")):
        match = _SPEC.fullmatch(spec)
        refuses = match is not None and match["what"] in _ERRORS and match["point"].partition(":")[0] in _OF_CATALOG
        if match is None or match["point"] not in POINTS or refuses:
            raise UsageError(f"{VARIABLE}={spec!r} is no fault.", "For example: append:committed:2=kill")
        seconds = float(match["seconds"]) if match["seconds"] else None
        found[match["point"]] = _Fault(match["what"], seconds, int(match["nth"] or 1))
    return found


_ARMED = _armed(os.environ.get(VARIABLE, ""))
_LOG = os.environ.get(LOG, "")


def fault(point: str) -> None:
    """Do what was armed for this point: nothing, unless the environment says so.

    `kill` ends the process as a power switch would, `kill:0.002` so many seconds later, in the middle of what comes
    next; `enospc` and `eio` raise what a full or broken disk does; `hang:2` waits for two seconds.
    """
    if _ARMED or _LOG:
        _strike(_due(point))


def is_armed(point: str) -> bool:
    """Whether anything is to happen at this point."""
    return point in _ARMED


def _due(point: str) -> _Fault | None:
    """What strikes at this point now, if anything does; told to the log before it does."""
    found = _ARMED.get(point)
    if found is not None:
        found.left -= 1
        if found.left != 0 or not _is_first(point):
            found = None
    if _LOG:
        _append(_LOG, f"{os.getpid()} {point} {found.what if found else '-'}\n")
    return found


def _is_first(point: str) -> bool:
    """Whether no other process was struck here."""
    if not _LOG:
        return True
    try:
        os.close(os.open(f"{_LOG}.{point}", os.O_CREAT | os.O_EXCL, 0o644))
    except FileExistsError:
        return False
    return True


def _append(path: str, line: str) -> None:
    """One write, so that lines of several processes do not mix, nor does a kill cut one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def _strike(found: _Fault | None) -> None:
    if found is None:
        return
    if found.what == "hang":
        time.sleep(found.seconds or 1.0)
    elif found.what != "kill":
        raise OSError(_ERRORS[found.what], os.strerror(_ERRORS[found.what]))
    elif found.seconds:
        threading.Timer(found.seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)
