"""Which process did something, and whether it is still there."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blake3 import blake3

_PROC = Path("/proc")
_STATE, _STARTED = 0, 19
"""Where the fields lie in /proc/PID/stat, counted from the one behind the name."""
_ENDED = frozenset({"Z", "X", "x"})
"""The states of a process that has ended and was not yet waited for."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its number is given anew some day, its number and start time together are not."""

    host: str
    pid: int
    started: str
    """In clock ticks since the system started; empty where the system does not tell."""
    world: str
    """Equal for processes that see each other: one start of one system, one space of process numbers."""

    @classmethod
    def of(cls, text: str) -> Process | None:
        """Read what `str` gave; None for anything else."""
        parts = text.split(":")
        if len(parts) != 4 or not parts[1].isdecimal():  # noqa: PLR2004 - host, number, start and world
            return None
        return cls(parts[0], int(parts[1]), parts[2], parts[3])

    def __str__(self) -> str:
        """Give it as one word."""
        return f"{self.host}:{self.pid}:{self.started}:{self.world}"

    @property
    def told(self) -> str:
        """How people are told of it."""
        return f"process {self.pid} on {self.host}"

    def ended(self) -> bool | None:
        """Whether it is gone; None where that cannot be known: it runs on another host or in another container."""
        if not self.world or not self.started or self.world != _world():
            return None
        return _started(self.pid) != self.started


def this_process() -> Process:
    """The process that asks; a forked child is another one."""
    return _process(os.getpid())


@cache
def _process(pid: int) -> Process:
    host = socket.gethostname().replace(":", "_").replace("/", "_")
    return Process(host, pid, _started(pid) or "", _world())


def _started(pid: int) -> str | None:
    """When the process started; None where there is none, or where it has ended and only its number is left."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name, in brackets, may hold blanks and brackets itself.
    fields = stat.rpartition(")")[2].split()
    return None if len(fields) <= _STARTED or fields[_STATE] in _ENDED else fields[_STARTED]


def _world() -> str:
    """Empty where the system does not tell: then no process is ever taken for dead."""
    try:
        start = (_PROC / "sys/kernel/random/boot_id").read_bytes()
        numbers = (_PROC / "self/ns/pid").readlink()
    except OSError:
        return ""
    return blake3(start + bytes(numbers)).hexdigest()[:16]
