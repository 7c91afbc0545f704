"""A feed on the web: its copy on disk, fetched by the same guard as pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packshot.collect.feed_copy import FeedCopy
from packshot.collect.remote import MAX_FEED_BYTES
from packshot.collect.source import Location
from packshot.collect.uris import redact
from packshot.core.errors import MediaError, SourceError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from packshot.collect.web.settings import WebSettings

FEED_SECONDS = 1800.0
"""A feed may take so long, however little a picture may."""
_NAME = re.compile(r"[\w-][\w. -]{0,150}")
_HINTS = {
    TroubleKind.NOT_FOUND: "Check the address; upper and lower case count.",
    TroubleKind.REFUSED: "See docs/how-to/fetch.md: which addresses are asked, and how to allow your own.",
    TroubleKind.TOO_LARGE: "Name the feed itself.",
}


def look_web(url: str, head_bytes: int, web: WebSettings) -> Location:
    """A feed on the web as a file on disk, of one version.

    Raises SourceError, whose message holds no credentials or signatures, where it cannot be had.
    """
    from packshot.collect.fetch import Fetcher  # late: what lies elsewhere needs no HTTP

    copy = FeedCopy()
    path = copy.folder / name_of(url)
    settings = replace(web, total_seconds=max(FEED_SECONDS, web.total_seconds))
    try:
        with path.open("wb+") as file:
            Fetcher(settings).get(url, file, MAX_FEED_BYTES)
        with path.open("rb") as file:
            return Location(path, is_folder=False, head=file.read(head_bytes), web=url, kept=copy)
    except MediaError as error:
        message = f"{redact(url)} cannot be fetched: {error.message}."
        raise SourceError(message, _HINTS.get(error.kind, "Run again later, or look at it in a browser.")) from error
    except OSError as error:
        message = f"The feed {redact(url)} cannot be copied to {copy.folder.parent}: {error.strerror}."
        raise SourceError(message, "Make room there, or name another folder in TMPDIR.") from error


def name_of(url: str) -> str:
    """The name that the file at a web address gets."""
    last = unquote(urlsplit(url).path).rpartition("/")[2]
    return last if _NAME.fullmatch(last) else "feed" + re.sub(r"[^\w.]", "", Path(last).suffix)[:10]
