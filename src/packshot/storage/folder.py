"""A place on a local disk."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from packshot.storage.durable import TEMPORARY, explained, sync_file, sync_folder, write_whole
from packshot.storage.place import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager


class Folder:
    """The `Place` contract in a folder, which is made when the first file comes.

    Files are written in `tmp/` and moved to their names; what a killed process left there waits for `sweep`.
    """

    def __init__(self, folder: Path) -> None:
        """Use `folder`, an absolute path."""
        self._folder = folder
        self._scratch = folder / TEMPORARY

    def __str__(self) -> str:
        """Give its location."""
        return self.location

    @property
    def location(self) -> str:
        """See `Place.location`."""
        return str(self._folder)

    @property
    def folder(self) -> Path | None:
        """See `Place.folder`."""
        return self._folder

    def below(self, name: str) -> Folder:
        """See `Place.below`."""
        return Folder(self._folder / name)

    def size(self, key: str) -> int | None:
        """See `Place.size`."""
        try:
            return os.stat(f"{self._folder}/{key}").st_size  # noqa: PTH116 - a Path for it costs more than the call
        except FileNotFoundError:
            return None

    def open(self, key: str) -> BinaryIO:
        """See `Place.open`."""
        return (self._folder / key).open("rb")

    def write(self, key: str, data: bytes, *, sync: bool = True) -> None:
        """See `Place.write`."""
        write_whole(self._folder / key, data, self._scratch, sync=sync)

    def write_new(self, key: str, data: bytes) -> bool:
        """See `Place.write_new`."""
        unfinished = f"{TEMPORARY}/new-{os.getpid()}-{time.monotonic_ns()}"
        self.write(unfinished, data)
        try:
            (self._folder / key).hardlink_to(self._folder / unfinished)
        except FileExistsError:
            return False
        finally:
            (self._folder / unfinished).unlink()
        sync_folder((self._folder / key).parent)
        return True

    def sync(self, keys: Iterable[str]) -> None:
        """See `Place.sync`."""
        folders = set()
        for key in keys:
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile: nothing to keep
                sync_file(self._folder / key)
            folders |= {self._folder / parent for parent in Path(key).parents}
        for folder in folders:
            sync_folder(folder)

    def delete(self, keys: Iterable[str]) -> None:
        """See `Place.delete`."""
        folders = set()
        for key in keys:
            path = self._folder / key
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
                folders.add(path.parent)
        for folder in folders:
            sync_folder(folder)

    def files(self) -> Iterator[File]:
        """See `Place.files`."""
        for found, below, names in os.walk(self._folder, onerror=_unless_absent):
            if Path(found) == self._folder and TEMPORARY in below:
                below.remove(TEMPORARY)
            for name in names:
                path = Path(found, name)
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    stat = path.stat()
                    yield File(path.relative_to(self._folder).as_posix(), stat.st_size, stat.st_mtime)

    def sweep(self, older_than_s: float) -> int:
        """See `Place.sweep`."""
        swept = 0
        limit = time.time() - older_than_s
        for path in (self._folder / TEMPORARY).glob("*"):
            with contextlib.suppress(FileNotFoundError):  # its writer has just given it its name
                if path.stat().st_mtime <= limit:
                    path.unlink()
                    swept += 1
        return swept

    def explained(self, doing: str) -> AbstractContextManager[None]:
        """See `Place.explained`."""
        return explained(doing)


def _unless_absent(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
