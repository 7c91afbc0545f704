"""The only way to http and https: guarded by the address connected to, polite, patient, bounded in every respect."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from urllib3.exceptions import HTTPError

from packshot.collect.patience import Passing
from packshot.collect.stamp import Stamp
from packshot.collect.web.bodies import Part
from packshot.collect.web.budget import Budget, Sign, at_hand, spending
from packshot.collect.web.faults import ERRORS, PASSING, of_error, of_status, unreachable
from packshot.collect.web.names import look_up
from packshot.collect.web.pools import Pools, place_of_proxy, proxies_of_environment
from packshot.collect.web.reach import Reach
from packshot.collect.web.robots import MOST_BYTES, Robots, hold_tags
from packshot.collect.web.sockets import Dialler, tls_context
from packshot.collect.web.turns import Turns
from packshot.collect.web.urls import WebUrl, parse_url
from packshot.collect.web.waits import pause_before, retry_after
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    import ssl

    from urllib3 import BaseHTTPResponse

    from packshot.collect.web.names import Resolve
    from packshot.collect.web.settings import WebSettings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FILES = frozenset({200, 206})
_MOST_DRAINED = 64 * 1024
_FEW_DIGITS = 10
"""A number with more is not even read: Python refuses numbers of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave."""

    stamp: Stamp
    """Its size, ETag and Last-Modified, as the server writes them."""
    unchanged: bool = False
    """It is still what the stamp was known of before; nothing was written."""


class Fetcher:
    """Fetches files from web servers; safe for threads. One for each process, since it keeps connections open.

    No connection is made to an address outside `settings.allow_networks` that is not one of the public internet: it is
    the address itself that is looked at, after each look-up of a name and before the connection to that very address,
    again at every redirect and every new connection.
    """

    def __init__(
        self,
        settings: WebSettings,
        *,
        turns: Path | None = None,
        resolve: Resolve = look_up,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`turns` is a folder by which processes share turns at hosts; `resolve` and `context` are for tests.

        Raises UsageError where the environment names a proxy that cannot be used.
        """
        self.settings = settings
        proxies = proxies_of_environment() if settings.use_proxy else {}
        self._dialler = Dialler(
            Reach.of(settings.allow_networks), frozenset(settings.ports), resolve, settings.connect_seconds
        )
        to_proxy = replace(self._dialler, trusted=frozenset(place_of_proxy(text) for text in proxies.values()))
        self._pools = Pools(self._dialler.dial, to_proxy.dial, context or tls_context(), proxies)
        self._own = None if turns else tempfile.TemporaryDirectory(prefix="packshot-turns-")
        folder = turns or Path(self._own.name if self._own else "")
        self._turns = Turns(folder, settings.host_connections, settings.host_gap_seconds)
        self._robots = Robots(self._robots_text)
        contact = f"; {settings.contact}" if settings.contact else ""
        self._agent = f"packshot/{_version()} (catalogue pictures{contact})"

    def get(
        self, uri: str, into: BinaryIO, most_bytes: int, *, known: Stamp | None = None, sign: Sign | None = None
    ) -> Answer:
        """Write what lies at `uri` into an empty file; or nothing, where it has not changed since it had `known`.

        `sign` is up while it only waits for its turn at a host.

        What broke off is gone on with where the server can do that, and asked for anew where it cannot. Raises
        MediaError: REFUSED for a place that may not be asked (by scheme, host, port, address, robots.txt); NOT_FOUND
        (404, 410); UNREACHABLE; TIMED_OUT; TOO_LARGE; BOMB; EMPTY. Its message never holds the address. WorkspaceError
        where `into` cannot be written, or turns at hosts cannot be kept (a full disk).
        """
        url = parse_url(uri)
        budget = self._budget(sign)
        part = Part(into, most_bytes)
        with spending(budget):
            return self._patiently(url, part, known, budget)

    def _budget(self, sign: Sign | None = None) -> Budget:
        settings = self.settings
        return Budget(settings.total_seconds, settings.idle_seconds, settings.wait_seconds, sign)

    def _patiently(self, url: WebUrl, part: Part, known: Stamp | None, budget: Budget) -> Answer:
        attempt = 1
        while True:
            try:
                answer = self._once(url, part, known, budget)
            except MediaError as trouble:
                attempt += 1
                wait = pause_before(attempt)  # what the host asks for besides, its turns keep to
                again = isinstance(trouble, Passing) and attempt <= self.settings.tries and wait < budget.left()
                if not again:
                    self._tell(url, trouble, budget)
                    raise
                budget.pause(wait)
            else:
                self._turns.answered(url.host)
                return answer

    def _tell(self, url: WebUrl, trouble: MediaError, budget: Budget) -> None:
        """Let others know how a host did: one that does not answer at all is left alone before long."""
        if not budget.asked:
            return
        if trouble.kind is TroubleKind.TIMED_OUT or (trouble.kind is TroubleKind.UNREACHABLE and not budget.answered):
            self._turns.failed(url.host)
        elif budget.answered:
            self._turns.answered(url.host)

    def _once(self, url: WebUrl, part: Part, known: Stamp | None, budget: Budget) -> Answer:
        """One try, along all redirects."""
        seen: set[str] = set()
        for _ in range(self.settings.most_redirects + 1):
            if url.text() in seen:
                raise unreachable("the redirects go round in circles")
            seen.add(url.text())
            if self.settings.respect_robots:
                self._robots.hold(url)
            found = self._asked(url, part, known, budget)
            if isinstance(found, Answer):
                return found
            url = found
        raise unreachable(f"more than {self.settings.most_redirects} redirects")

    def _asked(
        self, url: WebUrl, part: Part, known: Stamp | None, budget: Budget, *, heeding: bool = True
    ) -> Answer | WebUrl:
        """What one request gave: the file, or where it leads. `heeding` is to keep to X-Robots-Tag, if that is set."""
        if self._pools.goes_by_proxy(url):
            self._dialler.hold(url.host, url.port)
        with self._turns.at(url.host, budget):
            try:
                budget.asked = True
                budget.begin_answer(part.most_bytes)
                response = self._pools.ask(url, self._headers(url, part, known), self.settings.connect_seconds)
            except ERRORS as error:
                raise of_error(error, budget) from None
            try:
                if heeding and self.settings.respect_robots and response.status in _FILES:
                    hold_tags(response.headers.getlist("X-Robots-Tag"))
                return self._taken(url, response, part, known)
            except ERRORS as error:
                raise of_error(error, budget) from None
            finally:
                _let_go(response)

    def _taken(self, url: WebUrl, response: BaseHTTPResponse, part: Part, known: Stamp | None) -> Answer | WebUrl:
        status, headers = response.status, response.headers
        if status not in PASSING and (budget := at_hand()) is not None:
            budget.answered = True
        if status in _REDIRECTS:
            if not headers.get("Location"):
                raise unreachable(f"the server redirects ({status}) without saying where to")
            return url.redirected(headers["Location"])
        if status == 304:  # noqa: PLR2004 - a code of HTTP
            if known is None or part.size:
                raise unreachable("the server says that nothing has changed (304), and was not asked that")
            return Answer(known, unchanged=True)
        if status in _FILES:
            part.take(response)
            if not part.size:
                raise MediaError(TroubleKind.EMPTY, "the server sent no bytes")
            return Answer(Stamp(part.size, etag=part.etag or None, last_modified=part.modified or None))
        if status == 416 and part.size:  # noqa: PLR2004 - a code of HTTP
            part.start_over()
            raise Passing(TroubleKind.UNREACHABLE, "the server cannot go on where it broke off")
        wait = retry_after(headers.get("Retry-After"))
        if status in PASSING and wait:
            self._turns.cool(url.host, wait)
        raise of_status(status)

    def _headers(self, url: WebUrl, part: Part, known: Stamp | None) -> dict[str, str]:
        headers = {
            "User-Agent": self._agent,
            "Accept": "*/*",  # else some servers send another format than lies there
            "Accept-Encoding": "identity",
            **part.headers(),
        }
        if url.credentials:
            headers["Authorization"] = url.credentials
        if known is not None and not part.size:
            if known.etag:
                headers["If-None-Match"] = known.etag
            if known.last_modified:
                headers["If-Modified-Since"] = known.last_modified
        return headers

    def _robots_text(self, url: WebUrl) -> bytes | None:
        """A host's robots.txt by RFC 9309: none there allows all, one that cannot be had allows nothing."""
        budget = self._budget()
        part = Part(BytesIO(), MOST_BYTES)
        try:
            with spending(budget):
                for _ in range(self.settings.most_redirects + 1):
                    found = self._asked(url, part, None, budget, heeding=False)
                    if isinstance(found, Answer):
                        break
                    url = found
        except MediaError as error:
            return b"" if error.kind in {TroubleKind.NOT_FOUND, TroubleKind.EMPTY} else None
        part.into.seek(0)
        return part.into.read()


def _version() -> str:
    try:
        return version("packshot")
    except PackageNotFoundError:  # run from a folder of sources
        return "0"


def _let_go(response: BaseHTTPResponse) -> None:
    """Give the connection back where little is left to read, else close it: what follows may have no end."""
    try:
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and len(length) < _FEW_DIGITS and int(length) <= _MOST_DRAINED:
            response.drain_conn()
    except (MediaError, HTTPError, OSError):
        pass  # it is closed below, and what it was asked for is had or told
    finally:
        response.release_conn() if response.closed else response.close()


_LOCK = threading.Lock()


@lru_cache(maxsize=4)
def _fetcher(settings: WebSettings, turns: str) -> Fetcher:
    return Fetcher(settings, turns=Path(turns) if turns else None)


def fetcher_of(settings: WebSettings, turns: str = "") -> Fetcher:
    """The fetcher of this process for these settings, opened once."""
    with _LOCK:  # threads that come together would open several
        return _fetcher(settings, turns)
