"""Where a picture lies for everybody: the address that may be written into a channel's feed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote, urljoin, urlsplit

from packshot.collect.uris import is_network, local_name, redact
from packshot.core.errors import MediaError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SAFE = "/?&=;:@!$'()*+,~[]%"
_HIDDEN = "***"
NOT_PUBLIC = "it has no public address"
SECRET = "its address holds a secret, which packshot does not keep"  # noqa: S105 - a reason, not a secret
PRIVATE = "its address is one of a private network"


@dataclass(frozen=True, slots=True)
class PublicUrls:
    """Finds the public address of each picture."""

    bases: tuple[tuple[str, str], ...] = ()
    """(how the place begins in the feed, what stands there in public), the longest first; `""` for relative names."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """From `--base-url` texts, `URL` or `PREFIX=URL`.

        Raises UsageError for a base that is no public address, that holds credentials, or that is given twice.
        """
        bases: dict[str, str] = {}
        for text in texts:
            prefix, base = _base(text)
            if prefix in bases:
                raise UsageError(f"--base-url says twice where {prefix or 'relative names'} lie.", "Give one of them.")
            bases[prefix] = base
        return cls(tuple(sorted(bases.items(), key=lambda pair: (-len(pair[0]), pair[0]))))

    def find(self, source_uri: str, feed: str = "") -> tuple[str, str]:
        """(the address, "") or ("", why there is none) of the picture that the feed at `feed` calls `source_uri`."""
        found = self._mapped(source_uri)
        if not found and _WEB.match(source_uri):
            found = source_uri
        if not found and _WEB.match(feed) and not is_network(source_uri) and not feed.lower().endswith(".zip"):
            found = urljoin(feed, quote(source_uri, safe=_SAFE))
        if not found:
            return "", NOT_PUBLIC
        if _HIDDEN in found or redact(found) != found:
            return "", SECRET
        address = quote(found, safe=_SAFE, errors="replace")
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return "", NOT_PUBLIC
        return (address, "") if is_public(host) else ("", PRIVATE if host else NOT_PUBLIC)

    def _mapped(self, source_uri: str) -> str:
        for prefix, base in self.bases:
            if prefix and source_uri.startswith(prefix):
                return base + quote(source_uri.removeprefix(prefix), safe=_SAFE.replace("?", "") if prefix else _SAFE)
            if not prefix and not is_network(source_uri):
                return _below(base, source_uri)
        return ""


def _below(base: str, source_uri: str) -> str:
    """A relative name below `base`; nothing for one that leads out of it or starts at the root of a disk."""
    try:
        name = local_name(source_uri)
    except MediaError:
        return ""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if name.startswith("/") or ".." in parts:
        return ""
    return base + quote("/".join(parts), errors="surrogateescape")


def _base(text: str) -> tuple[str, str]:
    prefix, equals, base = text.rpartition("=") if not _WEB.match(text) else ("", "", text)
    if equals and not prefix:
        raise UsageError("--base-url has nothing before its =.", "Write URL, or PREFIX=URL.")
    base = base.strip()
    if not _WEB.match(base):
        raise UsageError(
            f"--base-url {redact(text)!r} is no web address.",
            "For example: --base-url https://cdn.example.com/pictures/",
        )
    if redact(base) != base or _HIDDEN in base or "?" in base:
        raise UsageError(
            "--base-url holds credentials, a query or a fragment; none of it may be written into a feed.",
            "Give the plain public address.",
        )
    try:
        host = urlsplit(base).hostname or ""
    except ValueError:
        host = ""
    if not is_public(host):
        raise UsageError(f"--base-url {base!r} leads to no public host.", "Channels fetch pictures from outside.")
    return prefix, base if base.endswith("/") or prefix else base + "/"


@cache
def is_public(host: str) -> bool:
    """Whether channels could reach `host`, as far as its name tells: no address of a private network, no bare name."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        plain = unquote(host).rstrip(".").lower()
        return "." in plain and not plain.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))
