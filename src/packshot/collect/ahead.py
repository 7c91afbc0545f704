"""Reads the pictures of a shard, those in object stores some at a time, so that waiting for one is not waiting."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from packshot.collect.ingest import fetch_one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from types import TracebackType

    from packshot.collect.ingest import Fetched
    from packshot.collect.places import Place
    from packshot.core.trouble import Trouble
    from packshot.media.limits import Limits

THREADS = 8
"""Requests at a time in one worker."""
AHEAD_BYTES = 16 * 1024 * 1024
"""A larger object is read when its turn comes, so that no more than THREADS times this is held beside it."""


class Ahead:
    """Gives what `fetch_one` gives for each of `uris`, in their order. Use it with `with`.

    Files on disk are read when they are taken, objects up to THREADS of them before.
    """

    def __init__(self, uris: Sequence[str], place: Place, limits: Limits, *, blob: str) -> None:
        """Read nothing yet."""
        self._place, self._limits, self._blob = place, limits, blob
        self._waiting = deque(uris if place.may_be_remote else ())
        self._pool: ThreadPoolExecutor | None = None
        self._running: deque[Future[Fetched | Trouble | None]] = deque()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is still being read."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self, uri: str) -> Fetched | Trouble:
        """What the next of the addresses, which is `uri`, gave."""
        if not self._place.may_be_remote:
            return self._now(uri)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS)
        while self._waiting and len(self._running) < THREADS:
            self._running.append(self._pool.submit(self._early, self._waiting.popleft()))
        return self._running.popleft().result() or self._now(uri)

    def _early(self, uri: str) -> Fetched | Trouble | None:
        return fetch_one(uri, self._place, self._limits, blob=self._blob, at_most=AHEAD_BYTES)

    def _now(self, uri: str) -> Fetched | Trouble:
        found = fetch_one(uri, self._place, self._limits, blob=self._blob)
        assert found is not None  # noqa: S101 - only a smaller limit gives None; this tells the types
        return found
