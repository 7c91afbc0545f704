"""Feeds and folders in an object store: what is there, and a feed's copy on disk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.collect.feed_copy import FeedCopy
from packshot.collect.objects import store_of
from packshot.collect.places import ObjectUri, parse_object
from packshot.collect.source import Location
from packshot.core.errors import MediaError, SourceError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.collect.stamp import Stamp

MAX_FEED_BYTES = 4 * 1024**3
"""A larger object is no feed."""
_CHUNK = 1 << 20
_TRIES = 2
_NAME = re.compile(r"[\w-][\w. -]{0,150}")


def look_remote(text: str, head_bytes: int) -> Location:
    """What is at an address in an object store: a feed, which is copied to disk, or a folder, a prefix with objects.

    Raises SourceError where there is nothing, where it cannot be read, and for addresses that are not allowed;
    MissingExtra where the package for the store is not installed.
    """
    try:
        uri = parse_object(text)
    except MediaError as error:
        hint = "Write it as s3://bucket/path/feed.csv, or s3://bucket/path/ for a folder."
        raise SourceError(f"The address cannot be read: {error.message}.", hint) from error
    store = store_of(uri.scheme)
    try:
        if uri.key and not uri.key.endswith("/"):
            try:
                stamp = store.stamp(uri)
            except MediaError as error:
                if error.kind is not TroubleKind.NOT_FOUND:
                    raise
            else:
                return copied(uri, head_bytes, stamp)
        prefix = uri.as_prefix
        if next(store.entries(prefix, deep=True), None) is not None:
            return Location(_name(prefix.key or prefix.bucket), is_folder=True, head=b"", remote=prefix)
    except MediaError as error:
        raise as_source_error(uri, error) from error
    raise SourceError(f"There is nothing at {uri}.", "Check bucket and path; upper and lower case count.")


def copied(uri: ObjectUri, head_bytes: int, stamp: Stamp | None = None) -> Location:
    """A feed as a file on disk, of one version; `stamp` is what it had just now. Raises SourceError."""
    copy = FeedCopy()
    path = copy.folder / _name(uri.key).name
    try:
        for _ in range(_TRIES):
            if _copy(uri, path, stamp or store_of(uri.scheme).stamp(uri)):
                with path.open("rb") as file:
                    return Location(path, is_folder=False, head=file.read(head_bytes), remote=uri, kept=copy)
            stamp = None
    except MediaError as error:
        raise as_source_error(uri, error) from error
    except OSError as error:
        message = f"The feed {uri} cannot be copied to {copy.folder.parent}: {error.strerror}."
        raise SourceError(message, "Make room there, or name another folder in TMPDIR.") from error
    raise SourceError(f"{uri} changed while it was being read.", "Run again once it is at rest.")


def _copy(uri: ObjectUri, path: Path, before: Stamp) -> bool:
    """Copy an object; whether it is, before and after, the one with that stamp."""
    store = store_of(uri.scheme)
    if before.size_bytes > MAX_FEED_BYTES:
        message = f"{uri} has {before.size_bytes:,} bytes; a feed has {MAX_FEED_BYTES:,} at most."
        raise SourceError(message, "Name the feed itself, or the folder of the pictures.")
    try:
        size = store.save(uri, path, MAX_FEED_BYTES)
    except MediaError as error:
        if error.kind is TroubleKind.CHANGED:
            return False
        raise
    return size == before.size_bytes and store.stamp(uri).is_that_of(before)


def remote_feeds(folder: ObjectUri, extensions: frozenset[str], head_bytes: int) -> Iterator[Location]:
    """What may be a feed right below a prefix, by its extension, with its beginning but no copy. Raises SourceError."""
    store = store_of(folder.scheme)
    try:
        for entry in store.entries(folder, deep=False):
            name = entry.key[len(folder.key) :]
            if entry.stamp is None or name.startswith(".") or Path(name).suffix.lower() not in extensions:
                continue
            uri = ObjectUri(folder.scheme, folder.bucket, entry.key)
            head = store.head(uri, head_bytes) if entry.stamp.size_bytes else b""
            yield Location(_name(entry.key), is_folder=False, head=head, remote=uri)
    except MediaError as error:
        raise as_source_error(folder, error) from error


def as_source_error(uri: ObjectUri, error: MediaError) -> SourceError:
    """Why a source in an object store cannot be read, and what to do about it."""
    hints = {
        TroubleKind.NOT_FOUND: "Check bucket and path; upper and lower case count.",
        TroubleKind.UNREACHABLE: "Check the credentials, their permissions (reading and listing), the region and the "
        "endpoint (AWS_ENDPOINT_URL); see docs/how-to/object-stores.md.",
    }
    return SourceError(f"{uri} cannot be read: {error.message}.", hints.get(error.kind, "Look at what lies there."))


def _name(key: str) -> Path:
    last = key.rstrip("/").rpartition("/")[2]
    return Path("/") / (last if _NAME.fullmatch(last) else "feed" + Path(last).suffix[:10])
