"""Object stores, read through fsspec: an object's bytes, its stamp, what lies below a prefix; errors as troubles."""

from __future__ import annotations

import errno
import importlib
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from packshot.collect.patience import Passing, patiently
from packshot.collect.stamp import Stamp
from packshot.core.errors import MediaError, MissingExtra
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from packshot.collect.places import ObjectUri
    from packshot.media.limits import Limits

T = TypeVar("T")

_PACKAGES = {"gs": "gcsfs", "az": "adlfs"}
"""What brings the schemes that no extra of packshot does."""
_ERRORS = ("aiohttp.ClientError", "azure.core.exceptions.AzureError", "requests.exceptions.RequestException")
"""What the libraries below fsspec raise beside OSError, where they are installed."""
_PIECE = 8 << 20
_FOR_GOOD = frozenset({errno.EINVAL, errno.EPERM, errno.ENOSYS, errno.ENAMETOOLONG, getattr(errno, "EREMCHG", -1)})
_TROUBLES: tuple[tuple[type[Exception], TroubleKind, str], ...] = (
    (FileNotFoundError, TroubleKind.NOT_FOUND, "there is no such object"),
    (PermissionError, TroubleKind.UNREACHABLE, "the object store denies access"),
    (IsADirectoryError, TroubleKind.REFUSED, "the location is a folder, not an object"),
    (ValueError, TroubleKind.UNREACHABLE, "the object store's configuration or answer makes no sense"),
)
"""What asking again does not mend."""
_ETAGS = ("ETag", "etag", "md5Hash")
_TIMES = ("LastModified", "last_modified", "updated", "mtime", "created")


class Entry(NamedTuple):
    """One object of a listing."""

    key: str
    stamp: Stamp | None
    """None for a prefix."""


class ObjectStore:
    """One kind of object store, through its file system in fsspec. All raise MediaError after patient tries.

    NOT_FOUND; UNREACHABLE for denied access, no credentials, and what did not pass in time.
    """

    def __init__(self, scheme: str) -> None:
        """Raises MissingExtra where the package for `scheme` is not installed."""
        self.scheme = scheme
        self.errors: tuple[type[Exception], ...] = (OSError, ValueError, *_installed(_ERRORS))
        """What may be raised below."""
        self.fs = self._opened()

    def _opened(self) -> Any:
        return filesystem(self.scheme)

    def get(self, uri: ObjectUri, limits: Limits, *, at_most: int | None = None) -> tuple[bytes, Stamp] | None:
        """All bytes of one version of an object and its stamp; None where they are more than `at_most`.

        Raises MediaError as all do, and EMPTY, TOO_LARGE, or CHANGED where it changed while it was read.
        """

        def get() -> tuple[bytes, Stamp] | None:
            before = self._stamp(uri)
            limits.check_bytes(before.size_bytes)
            if at_most is not None and before.size_bytes > at_most:
                return None
            data: bytes = self.fs.cat_file(uri.path, start=0, end=before.size_bytes)
            if len(data) != before.size_bytes or not self._stamp(uri).is_that_of(before):
                raise MediaError(TroubleKind.CHANGED, "the object changed while it was being read")
            return data, before

        return self._asked(get)

    def head(self, uri: ObjectUri, size: int) -> bytes:
        """The first `size` bytes of an object, or all of them."""

        def head() -> bytes:
            data: bytes = self.fs.cat_file(uri.path, start=0, end=size)
            return data

        return self._asked(head)

    def stamp(self, uri: ObjectUri) -> Stamp:
        """The stamp of an object."""
        return self._asked(lambda: self._stamp(uri))

    def entries(self, prefix: ObjectUri, *, deep: bool) -> Iterator[Entry]:
        """What lies below `prefix`: every object when `deep`, else the objects and prefixes right below it."""

        def listed() -> list[Mapping[str, Any]]:
            if deep:
                return list(self.fs.find(prefix.path, detail=True).values())
            return list(self.fs.ls(prefix.path, detail=True))

        start = len(prefix.bucket) + 1
        for info in self._asked(listed):
            key = str(info["name"]).lstrip("/")[start:]
            if info["type"] == "directory":
                yield Entry(key.rstrip("/") + "/", None)
            elif key.startswith(prefix.key) and key != prefix.key:
                yield Entry(key, stamp_of_info(info))

    def save(self, uri: ObjectUri, path: Path, most: int) -> int:
        """Copy an object of at most `most` bytes to `path`, piece by piece; how many bytes it had.

        Raises MediaError as all do, CHANGED where it changed meanwhile, TOO_LARGE; OSError where `path` fails.
        """

        def read(file: Any) -> bytes:
            return bytes(file.read(_PIECE))

        source = self._asked(lambda: self.fs.open(uri.path, "rb", cache_type="none", block_size=_PIECE))
        size = 0
        with source, path.open("wb") as target:
            while data := self._asked(lambda: read(source)):
                size += len(data)
                if size > most:
                    raise MediaError(TroubleKind.TOO_LARGE, f"more than {most:,} bytes")
                target.write(data)
        return size

    def trouble_of(self, error: Exception) -> MediaError:
        """The trouble that an error stands for; never with its text, which may hold addresses and tokens."""
        for kinds, trouble, detail in _TROUBLES:
            if isinstance(error, kinds):
                return MediaError(trouble, detail)
        if isinstance(error, OSError) and error.errno in _FOR_GOOD:
            return MediaError(TroubleKind.UNREACHABLE, "the object store refuses the request")
        if isinstance(error, TimeoutError):
            return Passing(TroubleKind.UNREACHABLE, "the object store did not answer in time")
        return Passing(TroubleKind.UNREACHABLE, f"the object store cannot be read ({type(error).__name__})")

    def _asked(self, ask: Callable[[], T]) -> T:
        def once() -> T:
            try:
                return ask()
            except MediaError:
                raise
            except self.errors as error:
                raise self.trouble_of(error) from error

        return patiently(once)

    def _stamp(self, uri: ObjectUri) -> Stamp:
        info = self.fs.info(uri.path)
        if info["type"] != "file":
            raise MediaError(TroubleKind.NOT_FOUND, "there is no such object")
        return stamp_of_info(info)


def stamp_of_info(info: Mapping[str, Any]) -> Stamp:
    """The stamp in what fsspec, or a store's own answer, says of an object."""
    etag = next((str(info[name]) for name in _ETAGS if info.get(name)), None)
    changed = next((info[name] for name in _TIMES if info.get(name)), None)
    size = info.get("size", info.get("Size"))
    return Stamp(int(size or 0), etag=etag.strip('"') if etag else None, last_modified=_moment(changed, exact=not etag))


def _moment(value: object, *, exact: bool) -> str | None:
    # Listings give milliseconds and headers do not, so they count only where nothing else tells versions apart.
    if isinstance(value, float):
        value = datetime.fromtimestamp(value, UTC)
    if isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=UTC)
        return known.astimezone(UTC).isoformat(timespec="microseconds" if exact else "seconds")
    return str(value) if value is not None else None


@cache
def store_of(scheme: str) -> ObjectStore:
    """The store for `scheme`, one of `places.SCHEMES`, opened once in this process."""
    if scheme == "s3":
        from packshot.collect.s3 import S3Store

        return S3Store()
    return ObjectStore(scheme)


def filesystem(scheme: str, config: Mapping[str, object] | None = None) -> Any:
    """The file system of fsspec for `scheme`, with what the user configured for it (environment, `~/.config/fsspec`).

    `config` is added to the user's `config_kwargs`. Raises MissingExtra where a package is not installed.
    """
    options: dict[str, object] = {"use_listings_cache": False, "skip_instance_cache": True}
    try:
        fsspec = importlib.import_module("fsspec")
        if config:
            options["config_kwargs"] = {**fsspec.config.conf.get(scheme, {}).get("config_kwargs", {}), **config}
        return fsspec.filesystem(scheme, **options)
    except ImportError as error:
        missing = MissingExtra(f"Reading {scheme}:// places", "s3")
        if package := _PACKAGES.get(scheme):
            missing.hint = f"pip install {package}"
        raise missing from error


def _installed(names: tuple[str, ...]) -> Iterator[type[Exception]]:
    for name in names:
        module, _, last = name.rpartition(".")
        try:
            yield getattr(importlib.import_module(module), last)
        except ImportError:
            continue
