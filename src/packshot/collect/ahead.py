"""Reads the pictures of a shard, those that lie elsewhere some at a time, so that waiting for one is not waiting."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeAlias

from packshot.collect.ingest import Fetched, fetch_one
from packshot.collect.web.budget import Sign
from packshot.collect.web_picture import Unchanged, fetch_web
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from types import TracebackType

    from packshot.collect.places import Place
    from packshot.collect.stamp import Stamp
    from packshot.media.limits import Limits

THREADS = 8
"""Requests at a time in one worker."""
WEB_THREADS = 16
"""The same where pictures lie on the web, whose servers are slower; each host has its own limit besides."""
AHEAD_BYTES = 16 * 1024 * 1024
"""A larger object is read when its turn comes, so that no more than THREADS times this is held beside it."""
ALIVE_SECONDS = 0.2
Found: TypeAlias = Fetched | Unchanged | Trouble


@dataclass(frozen=True, slots=True)
class Want:
    """One picture that is wanted."""

    uri: str
    """As tables have it."""
    original: str | None = field(default=None, repr=False)
    """As the feed has it, where tables must not show it."""
    known: Stamp | None = None
    """Of the bytes that are kept; where it has not changed on the web, they are not asked for again."""


class Ahead:
    """Gives what each of `wants` is found to be, in their order. Use it with `with`.

    Files on disk are read when they are taken, what lies elsewhere some at a time before.
    """

    def __init__(self, wants: Sequence[Want], place: Place, limits: Limits, *, blob: str, turns: str = "") -> None:
        """Read nothing yet. `turns` is the folder by which processes share turns at hosts."""
        self._place, self._limits, self._blob, self._turns = place, limits, blob, turns
        self._threads = max((self._threads_for(want) for want in wants), default=0)
        self._waiting = deque(wants if self._threads else ())
        self._pool: ThreadPoolExecutor | None = None
        self._running: deque[tuple[Future[Found | None], Sign]] = deque()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is still being read."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self, want: Want, alive: Callable[[], None] = lambda: None) -> Found:
        """What the next of the wants, which is `want`, gave.

        `alive` is called now and then while it only waits for its turn at a web server: that is no time that it takes.
        """
        if not self._threads:
            return self._now(want)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads)
        while self._waiting and len(self._running) < self._threads:
            sign = Sign()
            self._running.append((self._pool.submit(self._early, self._waiting.popleft(), sign), sign))
        future, sign = self._running.popleft()
        while not wait((future,), ALIVE_SECONDS).done:
            if sign.up:
                alive()
        return future.result() or self._now(want)

    def _threads_for(self, want: Want) -> int:
        try:
            if self._place.web_url(want.uri) is not None:
                return WEB_THREADS
        except MediaError:
            return 0  # not silent: it is raised again when the picture is asked for
        return THREADS if self._place.is_away(want.uri) else 0

    def _early(self, want: Want, sign: Sign) -> Found | None:
        return self._web(want, sign) or fetch_one(
            want.uri, self._place, self._limits, blob=self._blob, at_most=AHEAD_BYTES
        )

    def _now(self, want: Want) -> Found:
        found = self._web(want) or fetch_one(want.uri, self._place, self._limits, blob=self._blob)
        assert found is not None  # noqa: S101 - only a smaller limit gives None; this tells the types
        return found

    def _web(self, want: Want, sign: Sign | None = None) -> Found | None:
        """What a picture on the web gave; None for all others."""
        try:
            url = self._place.web_url(want.uri)
            if url is None:
                return None
            from packshot.collect.fetch import fetcher_of  # late: runs without the web need no HTTP

            fetcher = fetcher_of(self._place.web, self._turns)
            return fetch_web(fetcher, want.original or url, self._limits, known=want.known, sign=sign)
        except MediaError as error:
            return Trouble("fetch", error.kind, error.message, want.uri)
