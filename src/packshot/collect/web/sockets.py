"""Connections to addresses that were looked at first, and sockets that draw on the budget of the fetch at hand."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeAlias

from packshot.collect.patience import Passing
from packshot.collect.web.budget import at_hand, too_slow
from packshot.collect.web.urls import refused
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.collect.web.names import Resolve
    from packshot.collect.web.reach import Reach
    from packshot.core.errors import MediaError

MOST_ADDRESSES = 4
"""Of one name that are tried, one after another."""
Dial: TypeAlias = Callable[[str, int], socket.socket]


class MeteredSocket(socket.socket):
    """A socket whose every read is held to the budget at hand."""

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read, no longer and no more than the budget allows. Raises MediaError TIMED_OUT or TOO_LARGE."""
        budget = at_hand()
        if budget is not None:
            self.settimeout(budget.patience())
        size = super().recv_into(buffer, nbytes, flags)
        if budget is not None:
            budget.took(size)
        return size


class MeteredTLS(ssl.SSLSocket):
    """The same behind TLS."""

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """See MeteredSocket."""
        budget = at_hand()
        if budget is not None:
            self.settimeout(budget.patience())
        size = super().recv_into(buffer, nbytes, flags)
        if budget is not None:
            budget.took(size)
        return size


def tls_context() -> ssl.SSLContext:
    """Certificates are verified by what the system trusts (and SSL_CERT_FILE, SSL_CERT_DIR); TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = MeteredTLS
    return context


@dataclass(frozen=True, slots=True)
class Dialler:
    """Connects to hosts, and refuses by the address connected to."""

    reach: Reach
    ports: frozenset[int]
    resolve: Resolve
    connect_seconds: float
    trusted: frozenset[tuple[str, int]] = frozenset()
    """Host and port of the user's own proxies, where this connects to those; nobody else gets this far inside."""

    def dial(self, host: str, port: int) -> socket.socket:
        """A connection to one of the addresses of `host`, to that very one which was looked at.

        Each name is looked up once for each connection, and the connection is made to the address that came out, so a
        name that leads elsewhere a moment later changes nothing. Raises MediaError: REFUSED where none of the addresses
        may be connected to, or the port may not; UNREACHABLE; TIMED_OUT.
        """
        ours = (host, port) in self.trusted
        if not ours and port not in self.ports:
            raise refused(f"the port {port} is not among those that may be asked; --allow-port {port} allows it")
        allowed = [text for text in self._addresses(host) if ours or self.reach.allows(text, host)]
        if not allowed:
            raise refused(
                f"{host} leads to a private, local or reserved address; --allow-network allows networks of your own"
            )
        trouble: MediaError | None = None
        tried = allowed[:MOST_ADDRESSES]
        for text in tried:
            try:
                return self._connected(text, port, self.connect_seconds / len(tried))
            except OSError as error:
                trouble = _unreachable(error)
        raise trouble or _unreachable(OSError(errno.EHOSTUNREACH, ""))

    def hold(self, host: str, port: int) -> None:
        """Raise MediaError(REFUSED) for what can be told without a look-up: for addresses that a proxy will ask."""
        if port not in self.ports:
            raise refused(f"the port {port} is not among those that may be asked; --allow-port {port} allows it")
        local = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
        literal = _is_address(host)
        if (literal and not self.reach.allows(host)) or (local and host not in self.reach.names):
            raise refused("the address is a private, local or reserved one")

    def _addresses(self, host: str) -> Sequence[str]:
        if _is_address(host):
            return (host,)
        budget = at_hand()
        return self.resolve(host, self.connect_seconds if budget is None else budget.within(self.connect_seconds))

    def _connected(self, text: str, port: int, seconds: float) -> socket.socket:
        family = socket.AF_INET6 if ":" in text else socket.AF_INET
        budget = at_hand()
        connection = MeteredSocket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds if budget is None else budget.within(seconds))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.connect((text, port))
            _hold_peer(connection.getpeername()[0], text)
        except BaseException:
            connection.close()
            raise
        return connection


def _hold_peer(peer: str, text: str) -> None:
    """The last word is that of the connection itself."""
    if ip_address(peer) != ip_address(text):
        raise refused("the connection leads to another address than it was made to")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _unreachable(error: OSError) -> MediaError:
    if isinstance(error, TimeoutError):
        return too_slow("the server did not take the connection in time")
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return Passing(TroubleKind.UNREACHABLE, f"no connection to the server: {reason}")
