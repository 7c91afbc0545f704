"""Connections to hosts, kept open between requests: urllib3, with our own way of connecting."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from packshot.collect.web.budget import at_hand
from packshot.core.errors import UsageError

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

    from packshot.collect.web.sockets import Dial
    from packshot.collect.web.urls import WebUrl

_LOGGERS = tuple(
    f"urllib3.{name}" for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry", "util.ssl_")
)
KEPT_HOSTS = 32
KEPT_CONNECTIONS = 16


class _Plain(HTTPConnection):
    """Connects by `dial`, and in no other way."""

    def __init__(self, *arguments: Any, dial: Dial, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial(self.host, self.port or self.default_port)


class _Secure(HTTPSConnection):
    """The same behind TLS; name and certificate are those of the host that was asked for."""

    def __init__(self, *arguments: Any, dial: Dial, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial(self.host, self.port or self.default_port)


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Secure


class Pools:
    """Open connections of one process, by host."""

    def __init__(self, dial: Dial, dial_proxy: Dial, context: ssl.SSLContext, proxies: Mapping[str, str]) -> None:
        """`dial` connects to hosts, `dial_proxy` to `proxies`, which are those of `proxies_of_environment`."""
        options: dict[str, Any] = {"ssl_context": context, "maxsize": KEPT_CONNECTIONS, "block": False}
        self._direct = _with_dial(urllib3.PoolManager(KEPT_HOSTS, **options), dial)
        self._proxied = {
            scheme: _with_dial(_proxy(address, options), dial_proxy) for scheme, address in proxies.items()
        }
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_silent)

    def goes_by_proxy(self, url: WebUrl) -> bool:
        """Whether a proxy asks for us, so that no connection of ours tells the address."""
        return url.scheme in self._proxied and not proxy_bypass(url.host)

    def ask(self, url: WebUrl, headers: Mapping[str, str], connect_seconds: float) -> urllib3.BaseHTTPResponse:
        """The answer, as far as its headers. Raises what urllib3 raises, and MediaError."""
        by_proxy = self.goes_by_proxy(url)
        manager = self._proxied[url.scheme] if by_proxy else self._direct
        pool = manager.connection_from_host(url.host, url.port, url.scheme)
        return pool.urlopen(
            "GET",
            url.text() if by_proxy and url.scheme == "http" else url.target,
            headers=dict(headers),
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(connect=connect_seconds, read=connect_seconds),
            preload_content=False,
            decode_content=False,
        )


def proxies_of_environment() -> dict[str, str]:
    """The proxies for http and https that the environment names. Raises UsageError for one that cannot be used."""
    found = {scheme: text for scheme, text in getproxies().items() if scheme in {"http", "https"} and text}
    for scheme, text in found.items():
        if not _is_proxy(text):
            message = f"The proxy that the environment names for {scheme} is none of http:// or https://."
            raise UsageError(message, f"Set {scheme}_proxy to http://HOST:PORT, or leave --use-proxy out.")
    return found


def _is_proxy(text: str) -> bool:
    try:
        return urlsplit(text).scheme in {"http", "https"} and bool(place_of_proxy(text)[0])
    except ValueError:  # a port that is none, half a bracket
        return False


def _proxy(address: str, options: Mapping[str, Any]) -> urllib3.ProxyManager:
    """A proxy; credentials in its address become the header that it wants to see."""
    parts = urlsplit(address)
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    headers = urllib3.make_headers(proxy_basic_auth=login) if login else None
    return urllib3.ProxyManager(bare, KEPT_HOSTS, proxy_headers=headers, **options)


def place_of_proxy(text: str) -> tuple[str, int]:
    """Host and port of a proxy."""
    parts = urlsplit(text)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _with_dial(manager: urllib3.PoolManager, dial: Dial) -> urllib3.PoolManager:
    # What urllib3 documents for own kinds of pools; the keys by which pools are kept stay its own.
    classes: Any = {"http": partial(_PlainPool, dial=dial), "https": partial(_SecurePool, dial=dial)}
    manager.pool_classes_by_scheme = classes
    return manager


def _silent(record: logging.LogRecord) -> bool:  # noqa: ARG001 - the signature of a filter
    """Keep urllib3's own lines about our requests out of all logs: they hold whole addresses."""
    return at_hand() is None
