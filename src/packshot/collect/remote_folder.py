"""A prefix of an object store as the folder that it looks like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.collect.objects import store_of
from packshot.collect.places import ObjectUri, names_object, parse_object
from packshot.collect.remote import as_source_error
from packshot.collect.uris import uri_of_name
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from packshot.collect.rows import Notes

_NO_NAMES = frozenset({"", ".", ".."})


@dataclass(slots=True)
class RemoteFolder:
    """What lies right in one folder."""

    path: str
    """Relative to the root, without a slash at its end; empty for the root."""
    files: list[str] = field(default_factory=list)
    """Names, sorted."""
    below: list[str] = field(default_factory=list)
    """Paths of its folders, sorted."""


def remote_folders(
    root: ObjectUri, skip: Sequence[str | Path], notes: Notes, order: Callable[[str], object]
) -> Iterator[RemoteFolder | Trouble]:
    """Every folder below `root`, each before those in it, names in the order of the key `order`.

    Keys with empty steps, `.` or `..` are troubles: they are no paths. Hidden files and folders are left out, and so is
    what lies below the prefixes in `skip`. The names of all objects are held in memory, some 150 bytes for each.
    Raises SourceError where the listing does not come to its end.
    """
    prefixes = [parse_object(str(place)).as_prefix for place in skip if names_object(str(place))]
    folders = {"": RemoteFolder("")}
    try:
        for entry in store_of(root.scheme).entries(root, deep=True):
            if entry.key.endswith("/"):
                continue
            relative = entry.key[len(root.key) :]
            *steps, name = relative.split("/")
            if any(prefix.holds(ObjectUri(root.scheme, root.bucket, entry.key)) for prefix in prefixes):
                notes.add("the workspace inside the folder was left out", uri_of_name(relative))
            elif any(_is_hidden(step) for step in (*steps, name)):
                notes.add("hidden files and folders were left out", uri_of_name(relative))
            elif not _NO_NAMES.isdisjoint((*steps, name)):
                detail = "the object's key is no path: it has an empty step, `.` or `..`"
                yield Trouble("collect", TroubleKind.REFUSED, detail, uri_of_name(relative))
            else:
                _folder(folders, "/".join(steps)).files.append(name)
    except MediaError as error:
        raise as_source_error(root, error) from error
    waiting = [""]
    while waiting:
        folder = folders.pop(waiting.pop())
        folder.files.sort(key=order)  # type: ignore[arg-type] # a key gives what can be ordered
        folder.below.sort(key=lambda path: order(path.rpartition("/")[2]))  # type: ignore[arg-type, return-value]
        waiting.extend(reversed(folder.below))
        yield folder


def _is_hidden(step: str) -> bool:
    return (step.startswith(".") and step not in _NO_NAMES) or step == "__MACOSX"


def _folder(folders: dict[str, RemoteFolder], path: str) -> RemoteFolder:
    """The folder at `path`, made known to those above it where it is new."""
    found = folders.get(path)
    if found is None:
        found = folders[path] = RemoteFolder(path)
        _folder(folders, path.rpartition("/")[0]).below.append(path)
    return found


def head_of(root: ObjectUri, relative: str, size: int) -> bytes:
    """The first `size` bytes of an object below `root`. Raises MediaError."""
    return store_of(root.scheme).head(ObjectUri(root.scheme, root.bucket, root.key + relative), size)
