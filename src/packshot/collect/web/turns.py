"""Turns at a host, shared by all processes of this machine: so many requests at a time, and so far apart."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from packshot.collect.web.budget import too_slow
from packshot.collect.web.faults import unreachable
from packshot.core.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from packshot.collect.web.budget import Budget

MOST_FAILURES = 10
"""So many fetches in a row that a host did not answer shut it for the rest of the run."""
_STATE_BYTES = 200
_SHORTEST_POLL, _LONGEST_POLL = 0.004, 0.05


@dataclass(slots=True)
class _State:
    """What all processes know of a host. Times are those of the machine's monotonic clock, so no clock jump counts."""

    next_at: float = 0.0
    """No request begins before."""
    cool_until: float = 0.0
    """The host asked for patience until then."""
    failures: int = 0
    """Fetches in a row that it did not answer."""


class Turns:
    """Turns at hosts, kept as locked files in a folder: what is killed gives its turn back.

    Workers on several machines share nothing: there, each machine keeps to the limits by itself.
    """

    def __init__(self, folder: Path, at_once: int, gap_seconds: float) -> None:
        """`at_once` requests to one host at a time, their beginnings `gap_seconds` apart."""
        self._folder, self._at_once, self._gap = folder, at_once, gap_seconds
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def at(self, host: str, budget: Budget) -> Iterator[None]:
        """In the block one may ask `host`. Raises MediaError.

        TIMED_OUT where no turn comes while the budget lets one wait; UNREACHABLE, at once, where the host asked for
        more patience than that or has not answered for long.
        """
        slot = self._slot(host, budget)
        try:
            while (wait := self._wait(host, budget)) > 0:
                budget.wait(wait)
            yield
        finally:
            os.close(slot)

    def cool(self, host: str, seconds: float) -> None:
        """The host asks for patience."""
        with self._state(host) as state:
            state.cool_until = max(state.cool_until, time.monotonic() + seconds)

    def answered(self, host: str) -> None:
        """The host answered; whatever it said."""
        with self._state(host) as state:
            state.failures = 0

    def failed(self, host: str) -> None:
        """A fetch was given up, since the host did not answer."""
        with self._state(host) as state:
            state.failures += 1

    def _wait(self, host: str, budget: Budget) -> float:
        """Seconds to wait; 0 when the turn has come, which is then taken."""
        with self._state(host) as state:
            now = time.monotonic()
            if state.failures >= MOST_FAILURES:
                raise unreachable(f"the host did not answer {state.failures} times in a row; it was left alone")
            if state.cool_until - now > budget.left_to_wait():
                raise unreachable(f"the host asks to be left alone for {state.cool_until - now:,.0f} s more")
            begin = max(state.next_at, state.cool_until)
            if begin <= now:
                state.next_at = now + self._gap
                return 0.0
            if begin - now > budget.left_to_wait():
                raise too_slow("no turn at the host came in time")
            return begin - now

    def _slot(self, host: str, budget: Budget) -> int:
        """A locked descriptor: one of so many requests at a time."""
        name = _name(host)
        poll = _SHORTEST_POLL
        while True:
            for number in random.sample(range(self._at_once), self._at_once):
                with self._explained():
                    descriptor = _locked(self._folder / f"{name}.{number}")
                if descriptor is not None:
                    return descriptor
            if budget.left_to_wait() <= 0:
                raise too_slow("no turn at the host came in time")
            budget.wait(poll)
            poll = min(_LONGEST_POLL, poll * 1.5)

    @contextlib.contextmanager
    def _state(self, host: str) -> Iterator[_State]:
        """The state of a host, for this process alone, written back after the block where it changed."""
        with self._explained():
            descriptor = os.open(self._folder / f"{_name(host)}.json", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                state = _read(file.read() or b"")
                before = asdict(state)
                yield state
                if asdict(state) != before:
                    file.seek(0)
                    file.write(json.dumps(asdict(state)).encode().ljust(_STATE_BYTES))

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the system as WorkspaceError: it is the folder that is at fault, not the picture."""
        try:
            yield
        except OSError as error:
            message = f"Turns at web servers cannot be kept in {self._folder}: {error.strerror}."
            raise WorkspaceError(message, "Make room there, or name another folder in TMPDIR.") from error


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock of a file; None where another holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _read(text: bytes) -> _State:
    try:
        return _State(**json.loads(text)) if text.strip() else _State()
    except (ValueError, TypeError):
        return _State()  # a process was killed while it wrote


def _name(host: str) -> str:
    return sha256(host.encode()).hexdigest()[:32]
