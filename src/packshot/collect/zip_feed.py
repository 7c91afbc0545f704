"""A feed in a zip archive with its pictures: which of the files it is, and its copy on disk."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packshot.collect.archive import MAGIC, Archive, held
from packshot.collect.feed_copy import FeedCopy
from packshot.collect.remote import MAX_FEED_BYTES
from packshot.collect.uris import redact, uri_of_name
from packshot.core.errors import MediaError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.collect.source import Location

_WORKBOOK = "[Content_Types].xml"
_MOST_LOOKED_AT = 20
_NAME = re.compile(r"[\w-][\w. -]{0,150}")


def is_zip(location: Location) -> bool:
    """Whether a location may be an archive with a feed in it; the workbooks of Excel are archives, too."""
    return not location.is_folder and location.head.startswith(MAGIC) and _WORKBOOK.encode() not in location.head[:4096]


def look_into(
    location: Location, extensions: frozenset[str], head_bytes: int, is_feed: Callable[[Location], bool]
) -> Location:
    """The one feed in the archive at `location`, copied to disk; `is_feed` says of a location whether it is one.

    It lies at the top of the archive or in the topmost folder that has one. Raises SourceError where there is none,
    where there are several in that folder, and for archives that are damaged or packed to do harm.
    """
    name = uri_of_name(location.path.name)
    try:
        archive = Archive(location.path)
        candidates = _candidates(archive, extensions)
        found: list[Location] = []
        for member in candidates[:_MOST_LOOKED_AT]:
            if found and member.count("/") > found[0].inside.count("/"):
                break
            one = _copied(location, archive, member, head_bytes)
            found += [one] if is_feed(one) else []
    except MediaError as error:
        message = f"The archive {name} cannot be read: {error.message}."
        raise SourceError(message, "Look who sent it; pack the feed with its pictures again.") from error
    if not found:
        hint = (
            "Put the feed (CSV, TSV, JSON Lines, Parquet, XML) beside its pictures, or unpack it and name the folder."
        )
        raise SourceError(f"The archive {name} holds no feed.", hint)
    if len(found) > 1:
        names = ", ".join(uri_of_name(one.inside + one.path.name) for one in found)
        raise SourceError(f"The archive {name} holds {len(found)} feeds: {names}.", "Leave one in it, or unpack it.")
    return found[0]


def place_of_archive(location: Location) -> str:
    """By what the pictures of an archive are called, the same on every run: the address of the archive, as a folder."""
    where = redact(location.web).partition("?")[0] if location.web else str(location.remote or location.archive)
    return f"{where}/{location.inside}"


def _candidates(archive: Archive, extensions: frozenset[str]) -> list[str]:
    """The files that may be feeds by their extension, those nearest to the top first."""
    found = []
    for name in archive.names():
        path = PurePosixPath(name.replace("\\", "/"))
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
        if path.suffix.lower() in extensions and not hidden and name == held_or_nothing(name):
            found.append(name)
    return sorted(found, key=lambda name: (name.count("/"), name))


def held_or_nothing(name: str) -> str:
    """`name` where it stays inside the archive; empty where it does not."""
    try:
        return held(name)
    except MediaError:
        return ""


def _copied(location: Location, archive: Archive, member: str, head_bytes: int) -> Location:
    copy = FeedCopy()
    folder, _, last = member.rpartition("/")
    path = copy.folder / (last if _NAME.fullmatch(last) else f"feed{PurePosixPath(last).suffix.lower()}")
    try:
        archive.copy(member, path, MAX_FEED_BYTES)
        with path.open("rb") as file:
            head = file.read(head_bytes)
    except OSError as error:
        message = f"The feed in the archive cannot be copied to {copy.folder.parent}: {error.strerror}."
        raise SourceError(message, "Make room there, or name another folder in TMPDIR.") from error
    inside = f"{folder}/" if folder else ""
    archived = str(location.path)
    return replace(location, path=path, head=head, archive=archived, inside=inside, kept=(location.kept, copy))
