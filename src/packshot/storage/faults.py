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
)
"""Every point, in the order in which a store comes by."""

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
        if match is None or match["point"] not in POINTS:
            raise UsageError(f"{VARIABLE}={spec!r} is no fault.", "For example: append:committed:2=kill")
        seconds = float(match["seconds"]) if match["seconds"] else None
        found[match["point"]] = _Fault(match["what"], seconds, int(match["nth"] or 1))
    return found


_ARMED = _armed(os.environ.get(VARIABLE, ""))


def fault(point: str) -> None:
    """Do what was armed for this point: nothing, unless the environment says so.

    `kill` ends the process as a power switch would, `kill:0.002` so many seconds later, in the middle of what comes
    next; `enospc` and `eio` raise what a full or broken disk does; `hang:2` waits for two seconds.
    """
    if _ARMED:
        _strike(point)


def is_armed(point: str) -> bool:
    """Whether anything is to happen at this point."""
    return point in _ARMED


def _strike(point: str) -> None:
    found = _ARMED.get(point)
    if found is None:
        return
    found.left -= 1
    if found.left != 0:
        return
    if found.what == "hang":
        time.sleep(found.seconds or 1.0)
    elif found.what != "kill":
        raise OSError(_ERRORS[found.what], os.strerror(_ERRORS[found.what]))
    elif found.seconds:
        threading.Timer(found.seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)
