"""Where the pictures of a source may lie: a folder on disk, a prefix of an object store, the web; nowhere else."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from packshot.collect.archive import held
from packshot.collect.paths import spellings
from packshot.collect.uris import is_network, local_name
from packshot.collect.web.settings import WebSettings
from packshot.collect.web.urls import joined, names_web, parse_url
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMES = ("s3", "gs", "az", "memory")
"""The kinds of object store that may be read. Others of fsspec's reach files, shells and any web server."""

_OBJECT = re.compile(rf"({'|'.join(SCHEMES)}):[/\\]{{2}}", re.IGNORECASE)
_BUCKET = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_MAX_KEY_BYTES = 1024
"""Of S3, Google Cloud Storage and Azure alike."""


@dataclass(frozen=True, slots=True)
class ObjectUri:
    """One object, or with a key that is empty or ends in `/` a prefix, taken literally: nothing is percent-decoded."""

    scheme: str
    bucket: str
    key: str

    def __str__(self) -> str:
        """`s3://bucket/key`."""
        return f"{self.scheme}://{self.bucket}/{self.key}"

    @property
    def path(self) -> str:
        """As fsspec names it: `bucket/key`."""
        return f"{self.bucket}/{self.key}"

    @property
    def as_prefix(self) -> ObjectUri:
        """The prefix of what lies below it."""
        return self if not self.key or self.key.endswith("/") else ObjectUri(self.scheme, self.bucket, self.key + "/")

    def holds(self, other: ObjectUri) -> bool:
        """Whether `other` lies below this prefix."""
        same = (self.scheme, self.bucket) == (other.scheme, other.bucket)
        return same and other.key.startswith(self.as_prefix.key)


def names_object(uri: str) -> bool:
    """Whether `uri` is written as an object in one of `SCHEMES`."""
    return _OBJECT.match(uri) is not None


def parse_object(uri: str) -> ObjectUri:
    """The object or prefix that `uri` names.

    Raises MediaError(REFUSED) for another scheme, a chain of schemes (`::`), credentials in the address, a bucket that
    can be none, and steps (`.`, `..`) in the key, which object stores do not know and some clients take out.
    """
    found = _OBJECT.match(uri)
    if not found or "\0" in uri:
        raise _refused(f"only {', '.join(scheme + '://' for scheme in SCHEMES[:-1])} and files can be read")
    bucket, _, key = uri[found.end() :].partition("/")
    if "@" in bucket:
        raise _refused("credentials do not belong in an address; give them in the environment")
    if not _BUCKET.fullmatch(bucket):
        raise _refused("the address names no bucket")
    _hold_key(key)
    return ObjectUri(found[1].lower(), bucket, key)


@dataclass(frozen=True, slots=True)
class Place:
    """What a source may read pictures from; JSON-able, for workers."""

    root: str
    """An absolute folder, or a prefix such as `s3://bucket/feeds/`: where relative names start."""
    allowed: tuple[str, ...] = ()
    """Prefixes of object stores that may be read besides, because the user said so."""
    web: WebSettings = field(default_factory=WebSettings)
    """How what is named by http and https is fetched; every source may name such pictures."""
    archive: str = ""
    """A zip archive on disk; what is named relative to the root is then one of its files, and the root but its name."""
    inside: str = ""
    """The folder in the archive where relative names start, with a slash at its end."""

    @classmethod
    def of(cls, folder: Path, allowed: Iterable[str] = (), web: WebSettings | None = None) -> Self:
        """The folder `folder` and the prefixes `allowed`."""
        return cls(os.path.abspath(folder), tuple(allowed), web or WebSettings())  # noqa: PTH100 - `..` must go; links stay

    @classmethod
    def below(cls, prefix: ObjectUri, allowed: Iterable[str] = (), web: WebSettings | None = None) -> Self:
        """What lies below `prefix`, and the prefixes `allowed`."""
        return cls(str(prefix.as_prefix), tuple(allowed), web or WebSettings())

    @classmethod
    def beside(cls, url: str, allowed: Iterable[str] = (), web: WebSettings | None = None) -> Self:
        """What a feed at the web address `url` names: relative names start where it lies."""
        found = parse_url(url)
        origin = found.text()[: -len(found.target)]
        above = found.target.partition("?")[0].rpartition("/")[0]
        return cls(f"{origin}{above}/", tuple(allowed), web or WebSettings())

    @property
    def is_remote(self) -> bool:
        """Whether relative names lie in an object store."""
        return not self.archive and names_object(self.root)

    @property
    def is_web(self) -> bool:
        """Whether relative names lie on a web server."""
        return not self.archive and names_web(self.root)

    def is_away(self, uri: str) -> bool:
        """Whether what `uri` names does not lie on disk."""
        return self.is_remote or self.is_web or names_web(uri) or names_object(uri)

    def web_url(self, uri: str) -> str | None:
        """The web address that `uri` names; None where it names something else.

        Raises MediaError(REFUSED) where a feed on the web names a file of this machine.
        """
        if names_web(uri):
            return uri
        if not self.is_web or names_object(uri):
            return None
        return joined(self.root, local_web_name(uri))

    @property
    def folder(self) -> Path:
        """The folder, where it is one on disk."""
        return Path(self.root)

    def as_json(self) -> dict[str, object]:
        """As JSON values; `from_json` reads them."""
        archived = {"archive": self.archive, "inside": self.inside}
        return {"root": self.root, "allowed": list(self.allowed), "web": self.web.as_json(), **archived}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Self:
        """What `as_json` gave."""
        allowed, web = value["allowed"], value.get("web")
        return cls(
            str(value["root"]),
            tuple(str(prefix) for prefix in allowed) if isinstance(allowed, list) else (),
            WebSettings.from_json(web) if isinstance(web, dict) else WebSettings(),
            str(value.get("archive") or ""),
            str(value.get("inside") or ""),
        )

    def member(self, uri: str) -> str:
        """The file of the archive that `uri` names. Raises MediaError(REFUSED) for what is none."""
        return self.inside + held(local_name(uri))

    def objects(self, uri: str) -> tuple[ObjectUri, ...]:
        """The object that `uri` names, with other spellings to try where it is not there; none for a file on disk.

        Raises MediaError(REFUSED) for everything that is neither below the root nor below an allowed prefix: `..`,
        absolute keys, other buckets and schemes, what lies on the web, and from a remote root every file.
        """
        if names_object(uri):
            return (self._held(parse_object(uri)),)
        if self.is_web:
            raise _refused("it lies on the web")
        if not self.is_remote:
            return ()
        if is_network(uri):
            raise _refused(f"the feed lies in an object store and may not name {uri.partition(':')[0].lower()}: places")
        root = parse_object(self.root)
        return tuple(_below(root, name) for name in spellings(local_name(uri)))

    def _held(self, found: ObjectUri) -> ObjectUri:
        prefixes = (self.root, *self.allowed) if self.is_remote else self.allowed
        if not any(parse_object(prefix).holds(found) for prefix in prefixes):
            where = "outside the feed's prefix" if self.is_remote else "in an object store"
            raise _refused(f"the picture lies {where}; --allow-prefix {found.scheme}://{found.bucket}/… allows it")
        if not found.key or found.key.endswith("/"):
            raise _refused("the address names no object")
        return found


def allowed_prefixes(texts: Iterable[str]) -> tuple[str, ...]:
    """The prefixes that a user allows, in one spelling. Raises MediaError(REFUSED) for what is none."""
    return tuple(str(parse_object(text).as_prefix) for text in texts)


def local_web_name(uri: str) -> str:
    """What a feed on the web names relative to itself. Raises MediaError(REFUSED) for a file of this machine."""
    if uri[:5].lower() == "file:":
        raise _refused("the feed lies on the web and may not name files of this machine")
    return local_name(uri)


def _below(root: ObjectUri, name: str) -> ObjectUri:
    if name.startswith("/"):
        raise _refused("the feed lies in an object store; name its pictures relative to it")
    while name.startswith("./"):
        name = name[2:]
    _hold_key(name)
    if not name or name.endswith("/"):
        raise _refused("the name is that of a folder")
    key = root.key + name
    _hold_key(key)
    return ObjectUri(root.scheme, root.bucket, key)


def _hold_key(key: str) -> None:
    if "://" in key:
        raise _refused("one address inside another is not read")
    if not {".", ".."}.isdisjoint(re.split(r"[/\\]", key)):
        raise _refused("the location goes out of the feed's prefix or in circles (`.` or `..`)")
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise _refused("the location is no valid text") from None
    if size > _MAX_KEY_BYTES:
        raise _refused(f"the location has more than {_MAX_KEY_BYTES:,} bytes, which no key may have")


def _refused(detail: str) -> MediaError:
    return MediaError(TroubleKind.REFUSED, detail)
