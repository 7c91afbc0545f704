"""Where no output may be written: over a workspace's own files, and over the feeds it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.collect.uris import is_network, local_name
from packshot.core.errors import MediaError, UsageError
from packshot.pipeline.stores import CATALOG
from packshot.pipeline.workspace_place import MARKER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OWN_FOLDERS = ("blobs", "tables", "thumbnails")
_OWN_FILES = (*(CATALOG + end for end in ("", "-wal", "-shm", "-journal")), MARKER)


def hold_output(output: Path, root: Path, feeds: Iterable[str], catalog: str | Path | None = None) -> None:
    """Raise UsageError where the file `output` is one that the workspace in `root` lives of.

    `feeds` are the addresses of its sources; `catalog` is where its catalog lies, if that is elsewhere.
    """
    try:
        target, own = output.resolve(), root.resolve()
    except (OSError, RuntimeError):  # a ring of links: writing says so
        return
    files = [own / name for name in _OWN_FILES]
    if catalog is not None and "://" not in str(catalog):
        files.append(type(output)(catalog).resolve())
    if target in files or any(target.is_relative_to(own / name) for name in _OWN_FOLDERS):
        raise UsageError(
            f"{output} is a file of the workspace itself; nothing was written.", "Name a file elsewhere with -o."
        )
    if target.exists() and any(_same(target, feed) for feed in feeds):
        raise UsageError(
            f"{output} is the feed that the workspace was made of; nothing was written.",
            "Name another file with -o; a feed is never replaced.",
        )


def _same(target: Path, feed: str) -> bool:
    try:
        return not is_network(feed) and target.samefile(local_name(feed))
    except (OSError, MediaError):
        return False
