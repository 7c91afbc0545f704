"""What one fetch may take: time in all, time between bytes, and bytes; held at the socket, whatever lies above it."""

from __future__ import annotations

import contextlib
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING

from packshot.collect.patience import Passing
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM_BYTES = 1 << 20
"""For headers, and for what frames the chunks of a body."""
_MOST_LOOSE_BYTES = 2 * ROOM_BYTES
"""That a parser may gather before it gives any of it on: a feed's limit is far above what memory has room for."""
_SHORTEST_SECONDS = 0.001


class Sign:
    """Says to another thread that a fetch only waits for its turn at a host."""

    up = False


class Budget:
    """The limits of one fetch; a fetch runs in one thread. Waiting for a turn at a host has a limit of its own."""

    def __init__(
        self, total_seconds: float, idle_seconds: float, wait_seconds: float | None = None, sign: Sign | None = None
    ) -> None:
        """The time runs from now on; `wait_seconds` is for turns, `sign` is up while one is waited for."""
        self.total, self._idle = total_seconds, idle_seconds
        self._end = time.monotonic() + total_seconds
        self._wait_left = total_seconds if wait_seconds is None else wait_seconds
        self._sign = sign or Sign()
        self._bytes = ROOM_BYTES
        self._loose = 0
        self._most = 0
        self.answered = False
        """Some server gave an answer that was meant."""
        self.asked = False
        """Some server was asked."""

    def left(self) -> float:
        """Seconds that are left, 0 or more."""
        return max(0.0, self._end - time.monotonic())

    def within(self, seconds: float) -> float:
        """`seconds`, or what is left where that is less. Raises MediaError(TIMED_OUT) where nothing is left."""
        left = self.left()
        if left <= 0:
            raise out_of_time(self.total)
        return max(_SHORTEST_SECONDS, min(seconds, left))

    def patience(self) -> float:
        """Seconds to wait for the next byte. Raises as `within` does."""
        return self.within(self._idle)

    def begin_answer(self, most_bytes: int) -> None:
        """Count the bytes of an answer from now on; more than `most_bytes` with some room are too many."""
        self._most, self._bytes, self._loose = most_bytes, most_bytes + ROOM_BYTES, 0

    def took(self, size: int) -> None:
        """Count bytes that came. Raises MediaError: TOO_LARGE; UNREACHABLE where `passed_on` is never told of them."""
        self._bytes -= size
        self._loose += size
        if self._bytes < 0:
            raise too_large(self._most)
        if self._loose > _MOST_LOOSE_BYTES:
            raise MediaError(TroubleKind.UNREACHABLE, "the answer is not HTTP (it has no end)")

    def passed_on(self) -> None:
        """What came so far was of use, and is no longer held in memory by what parses it."""
        self._loose = 0

    def left_to_wait(self) -> float:
        """Seconds that are left for turns, 0 or more."""
        return max(0.0, self._wait_left)

    def wait(self, seconds: float) -> None:
        """Sleep for a turn; not longer than is left for that, and at no cost to the rest."""
        began = time.monotonic()
        self._sign.up = True
        try:
            time.sleep(min(seconds, self.left_to_wait()))
        finally:
            self._sign.up = False
            took = time.monotonic() - began
            self._wait_left -= took
            self._end += took

    def pause(self, seconds: float) -> None:
        """Sleep; not longer than what is left."""
        time.sleep(min(seconds, self.left()))


_AT_HAND: ContextVar[Budget | None] = ContextVar("packshot_budget", default=None)


@contextlib.contextmanager
def spending(budget: Budget) -> Iterator[None]:
    """In the block, sockets of this thread draw on `budget`."""
    token = _AT_HAND.set(budget)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


def at_hand() -> Budget | None:
    """The budget of the fetch that this thread is at."""
    return _AT_HAND.get()


def out_of_time(seconds: float) -> MediaError:
    """The trouble of a fetch that took too long."""
    return MediaError(TroubleKind.TIMED_OUT, f"fetching it took more than {seconds:g} s")


def too_slow(what: str) -> Passing:
    """The trouble of a server that did not answer in time; it may answer when asked again."""
    return Passing(TroubleKind.TIMED_OUT, what)


def too_large(most_bytes: int) -> MediaError:
    """The trouble of an answer with too many bytes."""
    return MediaError(TroubleKind.TOO_LARGE, f"more than {most_bytes:,} bytes; that is the limit")
