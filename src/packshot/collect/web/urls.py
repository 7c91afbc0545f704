"""Web addresses: taken apart before anything is asked, put together after a redirect, never shown with secrets."""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

WEB = r"(?i)^https?:[/\\]{2}"
"""What an address of http or https begins with."""
_WEB = re.compile(WEB)
_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_MOST_HOST_CHARS = 253
_PATH = "/:@!$&'()*+,;=~-._%"
_QUERY = _PATH + "?[]|"


@dataclass(frozen=True, slots=True)
class WebUrl:
    """One address to ask for."""

    scheme: str
    """`http` or `https`."""
    host: str
    """Lower-case ASCII without a dot at its end: a name, an IPv4 address of four decimal parts, or an IPv6 address."""
    port: int
    target: str
    """Path and query, percent-encoded."""
    credentials: str = ""
    """What the header Authorization gets, where the address had a user; for this origin alone."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who is asked."""
        return self.scheme, self.host, self.port

    def __repr__(self) -> str:
        """Without what may be secret, so that no log or traceback shows it."""
        return f"<{self.scheme}://{self.host}:{self.port}/…>"

    def text(self) -> str:
        """The whole address without credentials; its query may hold signatures: not for logs."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"

    def redirected(self, location: str) -> WebUrl:
        """Where an answer's Location leads from here; credentials stay with their origin.

        Raises MediaError(REFUSED) for what `parse_url` refuses.
        """
        found = parse_url(joined(self.text(), _unicode(location).strip()))
        if found.origin == self.origin and not found.credentials:
            return WebUrl(*found.origin, found.target, self.credentials)
        return WebUrl(*found.origin, found.target)


def joined(base: str, name: str) -> str:
    """Where `name` leads from the web address `base`. Raises MediaError(REFUSED) for what is no address at all."""
    try:
        return urljoin(base, name)
    except ValueError:
        raise refused("the address is not well-formed") from None


def names_web(uri: str) -> bool:
    """Whether `uri` is written as an address of http or https."""
    return _WEB.match(uri) is not None


def lent(feed: str, url: str) -> str:
    """`url` with the user and password of the address `feed`, of the same origin; empty where there is nothing to lend.

    It holds secrets: for asking, never for keeping.
    """
    try:
        ours, found = parse_url(feed), parse_url(url)
    except MediaError:
        return ""
    if not ours.credentials or found.credentials or found.origin != ours.origin:
        return ""
    userinfo = urlsplit(feed.strip()).netloc.rpartition("@")[0]
    return found.text().replace("://", f"://{userinfo}@", 1)


def host_of(uri: str) -> str:
    """The host that a web address names, for people; empty where it names none."""
    try:
        return parse_url(uri).host
    except MediaError:
        return ""


def parse_url(text: str) -> WebUrl:
    """The parts of a web address. Raises MediaError(REFUSED), without the address, for what cannot be asked for."""
    if not names_web(text):
        raise refused("only http:// and https:// places can be fetched")
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise refused("the address is not well-formed") from None
    if "\\" in parts.netloc:
        raise refused("the address is not well-formed")
    path = quote(parts.path, safe=_PATH, errors="surrogateescape") or "/"
    query = f"?{quote(parts.query, safe=_QUERY, errors='surrogateescape')}" if parts.query else ""
    if port == 0:
        raise refused("the address names the port 0")
    scheme = parts.scheme.lower()
    return WebUrl(scheme, _host(host), port or _PORTS[scheme], path + query, _credentials(parts.netloc))


def _host(host: str) -> str:
    """One spelling of a host. Numbers are taken in one form only: `0x7f.1`, `2130706433` and their kin are refused."""
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host.partition("%")[0])) if "%" not in host else _no_host()
        except ValueError:
            _no_host()
    try:
        name = (host if host.isascii() else host.encode("idna").decode("ascii")).lower().rstrip(".")
    except UnicodeError:
        _no_host()
    labels = name.split(".")
    if not name or len(name) > _MOST_HOST_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        _no_host()
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise refused("the host is a number that is no plain IPv4 address") from None
    return name


def _unicode(header: str) -> str:
    """A header's text: servers write UTF-8 where HTTP reads Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _no_host() -> str:
    raise refused("the address names no host")


def _credentials(netloc: str) -> str:
    userinfo, at, _ = netloc.rpartition("@")
    if not at or not userinfo:
        return ""
    user, _, password = userinfo.partition(":")
    return "Basic " + b64encode(unquote_to_bytes(user) + b":" + unquote_to_bytes(password)).decode("ascii")


def refused(detail: str) -> MediaError:
    """The trouble of a place that may not be asked."""
    return MediaError(TroubleKind.REFUSED, detail)
