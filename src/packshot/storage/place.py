"""Where a store keeps its files: a folder on a local disk, or a prefix in an object store."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, slots=True)
class File:
    """One file in a place."""

    key: str
    """Its path below the place, with `/`."""
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970 when it was last written."""


class Place(Protocol):
    """Files by key. A file appears wholly or not at all. Errors are OSErrors; `explained` says what they mean."""

    @property
    def location(self) -> str:
        """The folder's path, or the URL, without credentials: `place_of` makes the same place of it again."""
        ...

    @property
    def folder(self) -> Path | None:
        """The folder; None for an object store."""
        ...

    def below(self, name: str) -> Place:
        """The place `name` inside this one."""
        ...

    def size(self, key: str) -> int | None:
        """How many bytes a file has; None where there is none."""
        ...

    def open(self, key: str) -> BinaryIO:
        """A file, opened for reading; FileNotFoundError where there is none."""
        ...

    def write(self, key: str, data: bytes, *, sync: bool = True) -> None:
        """Give a file its content, wholly or not at all; what was there is replaced.

        With `sync` it survives a power cut when this returns.
        """
        ...

    def write_new(self, key: str, data: bytes) -> bool:
        """As `write`, but only where there is no such file, whoever else does so; gives whether it was written."""
        ...

    def sync(self, keys: Iterable[str]) -> None:
        """Wait until these files survive a power cut, names included; those that are gone are passed over."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Delete files; those that are gone are passed over."""
        ...

    def files(self) -> Iterator[File]:
        """All files below, in no order; what is not finished is left out."""
        ...

    def sweep(self, older_than_s: float) -> int:
        """Delete what writers left unfinished for more than `older_than_s` seconds; gives how many files."""
        ...

    def explained(self, doing: str) -> AbstractContextManager[None]:
        """Turn what goes wrong inside into a WorkspaceError that says what to do."""
        ...


def is_url(location: str | Path) -> bool:
    """Whether `location` is a URL, and no path."""
    return isinstance(location, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", location) is not None


def place_of(location: str | Path) -> Place:
    """The place at a path, a `file://` URL, or an object-store URL: `s3://bucket/prefix`.

    Raises:
        UsageError: No such kind of URL is known, it names no bucket, or it carries credentials or a query.
        MissingExtra: What speaks to that object store is not installed.
    """
    from packshot.storage.folder import Folder

    if isinstance(location, Path) or not is_url(location):
        return Folder(Path(location).absolute())
    parts = urlsplit(location)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        return Folder(Path(unquote(parts.path)))
    if parts.scheme != "s3":
        raise UsageError(
            f"A workspace cannot be kept at {redacted(location)}.", "Name a folder, or s3://bucket/prefix."
        )
    if parts.query or parts.fragment or "@" in parts.netloc or not parts.netloc:
        raise UsageError(
            f"{redacted(location)} is no address of a workspace.",
            "Write s3://bucket/prefix; credentials come from the environment (AWS_ACCESS_KEY_ID, AWS_PROFILE, …).",
        )
    from packshot.storage.bucket import Bucket

    return Bucket(parts.netloc, "/".join(word for word in parts.path.split("/") if word))


def redacted(text: str) -> str:
    """`text` without what lets somebody in: users and queries of URLs, and the credentials in the environment."""
    for name in _SECRETS:
        secret = os.environ.get(name)
        if secret:
            text = text.replace(secret, "…")
    text = re.sub(r"(://)[^/\s@]*@", r"\1", text)
    return re.sub(r"(://[^\s?#]*)[?#][^\s'\"]*", r"\1", text)
