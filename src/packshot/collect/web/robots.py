"""What a site asks of programs that fetch from it: robots.txt, and X-Robots-Tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

from packshot.collect.web.urls import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from packshot.collect.web.urls import WebUrl

AGENT = "packshot"
MOST_BYTES = 512 * 1024
"""Of robots.txt that are read (RFC 9309 asks for 500 KiB at least)."""
_NO = frozenset({"noai", "noimageai", "noindex", "noimageindex", "none"})
"""The words that img2dataset keeps to as well (its `disallowed_header_directives`), and `none`, which means all."""
_AGENT = re.compile(r"\s*([a-z0-9_.-]+)\s*:(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)


class Robots:
    """What robots.txt of each host says to packshot, asked once in a process."""

    def __init__(self, ask: Callable[[WebUrl], bytes | None]) -> None:
        """`ask` gives the bytes of a robots.txt; empty where there is none, None where nobody could tell."""
        self._ask = ask
        self._known: dict[tuple[str, str, int], RobotFileParser] = {}

    def hold(self, url: WebUrl) -> None:
        """Raise MediaError(REFUSED) where the site does not want this fetched, or whether it does cannot be told."""
        rules = self._known.get(url.origin)
        if rules is None:
            data = self._ask(url.redirected("/robots.txt"))
            if data is None:
                raise refused("the site's robots.txt cannot be had, so nobody can tell whether it allows it")
            rules = self._known[url.origin] = _rules(data)
        if not rules.can_fetch(AGENT, url.target):
            raise refused("the site's robots.txt does not allow it")


def _rules(data: bytes) -> RobotFileParser:
    rules = RobotFileParser()
    rules.parse(data[:MOST_BYTES].decode("utf-8", "replace").splitlines())
    return rules


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
