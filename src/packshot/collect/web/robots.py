"""What a site asks of programs that fetch from it: robots.txt, and X-Robots-Tag."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from packshot.collect.web.urls import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from packshot.collect.web.urls import WebUrl

AGENT = "packshot"
MOST_BYTES = 512 * 1024
"""Of robots.txt that are read (RFC 9309 asks for 500 KiB at least)."""
_NO = frozenset({"noai", "noimageai", "noindex", "noimageindex", "none"})
"""The words that img2dataset keeps to as well (its `disallowed_header_directives`), and `none`, which means all."""
_AGENT = re.compile(r"\s*([a-z0-9_.-]+)\s*:(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_TOKEN = re.compile(r"\*|[a-z_-]+", re.IGNORECASE | re.ASCII)
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(slots=True)
class _Rules:
    """The rules that hold for packshot."""

    rules: list[tuple[str, bool]] = field(default_factory=list)
    """Pattern, and whether it allows; of each length the ones that allow first, the longest before all others."""

    def allow(self, target: str) -> bool:
        """Whether a path with its query may be fetched: the longest pattern that fits says so (RFC 9309, 2.2.2)."""
        spelt = _spelling(target)
        if spelt == "/robots.txt":
            return True
        return next((allows for pattern, allows in self.rules if _fits(pattern, spelt)), True)


class Robots:
    """What robots.txt of each host says to packshot, asked once in a process."""

    def __init__(self, ask: Callable[[WebUrl], bytes | None]) -> None:
        """`ask` gives the bytes of a robots.txt; empty where there is none, None where nobody could tell."""
        self._ask = ask
        self._known: dict[tuple[str, str, int], _Rules] = {}

    def hold(self, url: WebUrl) -> None:
        """Raise MediaError(REFUSED) where the site does not want this fetched, or whether it does cannot be told."""
        rules = self._known.get(url.origin)
        if rules is None:
            data = self._ask(url.redirected("/robots.txt"))
            if data is None:
                raise refused("the site's robots.txt cannot be had, so nobody can tell whether it allows it")
            rules = self._known[url.origin] = _rules(data)
        if not rules.allow(url.target):
            raise refused("the site's robots.txt does not allow it")


def _rules(data: bytes) -> _Rules:
    """The rules of all groups for packshot, else of those for everyone; lines that make no sense are passed over.

    Not Python's `urllib.robotparser`: it takes `*` and `$` for letters and the first rule for the best, and a line can
    make it fail.
    """
    found: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    open_group = False
    for name, value in _lines(data):
        if name == "user-agent":
            agents = agents if open_group else []
            open_group = True
            agents += [token[0].lower()] if (token := _TOKEN.match(value)) else []
        elif name in {"allow", "disallow"}:
            open_group = False
            for agent in agents:
                rules = found.setdefault(agent, [])
                rules += [(_spelling(value), name == "allow")] if value else []
    held = found.get(AGENT, found.get("*", []))
    return _Rules(sorted(held, key=lambda rule: (-len(rule[0]), not rule[1])))


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in data[:MOST_BYTES].decode("utf-8", "replace").lstrip("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().casefold(), value.strip()


def _spelling(path: str) -> str:
    """One spelling of a path: escapes of plain letters undone, the others in capitals, all but ASCII escaped."""

    def plain(escape: re.Match[str]) -> str:
        byte = unquote_to_bytes(escape[0])
        return byte.decode("ascii") if byte[0] in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(plain, quote(path, safe=_ASCII))


def _fits(pattern: str, path: str) -> bool:
    """Whether `path` begins as `pattern` says; a `*` stands for anything, a `$` at its end for the end of the path.

    Each part between stars is looked for once, where it comes first, so that no pattern is slow.
    """
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not ends or path == first
    *middle, last = others
    at = len(first)
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return path.find(last, at) >= 0 if not ends else path.endswith(last) and len(path) - len(last) >= at


def hold_tags(tags: Iterable[str]) -> None:
    """Raise MediaError(REFUSED) where an X-Robots-Tag, meant for all or for packshot, does not want this used."""
    for tag in tags:
        found = _AGENT.fullmatch(tag)
        words = tag
        if found and found[1].lower() not in {"unavailable_after", "max-snippet", "max-image-preview"}:
            if found[1].lower() != AGENT:
                continue
            words = found[2]
        told = {word.strip().lower() for word in words.split(",")} & _NO
        if told:
            raise refused(f"the server does not want it used (X-Robots-Tag: {', '.join(sorted(told))})")
