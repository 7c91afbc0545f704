"""Files kept by the hash of their bytes, and files kept beside them under the same ids."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path
from typing import BinaryIO, Self

from blake3 import blake3

from packshot.core.errors import WorkspaceError
from packshot.storage.durable import TEMPORARY, explained, sync_file, sync_folder, write_whole

_ID = re.compile(r"[0-9a-f]{64}")


def blob_id(data: bytes) -> str:
    """The id of these bytes: BLAKE3, 64 hexadecimal digits."""
    return blake3(data).hexdigest()


class BlobStore:
    """Files in a folder, named by id: `ab/cd/abcd….suffix`.

    A file appears wholly or not at all, and is never changed afterwards. Many processes may write at once: equal ids
    have equal bytes. What a killed process left unfinished lies in `tmp/` until `sweep`. An instance can be sent to
    another process; what is waiting for `sync` stays with the process that wrote it.
    """

    def __init__(self, folder: Path, suffix: str = "") -> None:
        """Use `folder`, which is made when the first file comes; every name ends in `suffix` (`.jpg`)."""
        self._folder = folder
        self._suffix = suffix
        self._unsynced: list[Path] = []

    @classmethod
    def at(cls, location: str, suffix: str = "") -> Self:
        """The store at `location`, as another instance told it: how workers open the store of the driver."""
        return cls(Path(location), suffix)

    @property
    def location(self) -> str:
        """Where the files are, as text without credentials."""
        return str(self._folder)

    def put(self, data: bytes, *, sync: bool = True) -> str:
        """Keep `data` and give its id; what is here already is not written again.

        With `sync=False` the file is complete and readable but may not survive a power cut: call `sync()` before
        anything that names it is committed.

        Raises:
            WorkspaceError: The disk is full or the folder may not be written; nothing is left behind.
        """
        id_ = blob_id(data)
        self._put(id_, data, replace=False, sync=sync)
        return id_

    def put_named(self, id_: str, data: bytes, *, sync: bool = False) -> None:
        """Keep `data`, made from the asset `id_`, under that id; what was there is replaced.

        Not synced unless asked: what is made from an asset can be made again.

        Raises:
            WorkspaceError: As `put`, or `id_` is no asset id.
        """
        self._put(id_, data, replace=True, sync=sync)

    def path(self, id_: str) -> Path:
        """Where the file of `id_` is, or would be.

        Raises:
            WorkspaceError: `id_` is not 64 hexadecimal digits.
        """
        if not _ID.fullmatch(id_):
            raise WorkspaceError(
                f"{id_!r} is not the id of a file.", "An id is 64 hexadecimal digits: the BLAKE3 hash of the bytes."
            )
        return self._folder / id_[:2] / id_[2:4] / f"{id_}{self._suffix}"

    def exists(self, id_: str) -> bool:
        """Whether the file of `id_` is here."""
        return self._size(self.path(id_)) is not None

    def size(self, id_: str) -> int:
        """How many bytes the file of `id_` has.

        Raises:
            WorkspaceError: It is not here.
        """
        size = self._size(self.path(id_))
        if size is None:
            raise _missing(id_)
        return size

    def open(self, id_: str) -> BinaryIO:
        """The file of `id_`, opened for reading.

        Raises:
            WorkspaceError: It is not here, or may not be read.
        """
        with explained(f"reading the file {id_}"):
            try:
                return self.path(id_).open("rb")
            except FileNotFoundError as error:
                raise _missing(id_) from error

    def read(self, id_: str, *, verify: bool = False) -> bytes:
        """The bytes of `id_`; with `verify`, only if they hash to it (not for files put by name).

        Raises:
            WorkspaceError: It is not here, may not be read, or is damaged.
        """
        with self.open(id_) as file, explained(f"reading the file {id_}"):
            data = file.read()
        if verify and blob_id(data) != id_:
            raise WorkspaceError(
                f"The stored file {id_} is damaged: its bytes no longer have this hash.",
                f"Delete {self.path(id_)} and run `packshot run` with the source again: it is then copied anew.",
            )
        return data

    def sync(self) -> None:
        """Wait until all that this instance wrote with `sync=False` is on the disk, names included.

        Raises:
            WorkspaceError: The disk could not take it; the files stay to be synced.
        """
        with explained("syncing the stored files"):
            for path in self._unsynced:
                with contextlib.suppress(FileNotFoundError):  # forgotten meanwhile: nothing to keep
                    sync_file(path)
            shards = {path.parent for path in self._unsynced}
            for folder in shards | {shard.parent for shard in shards} | {self._folder} if shards else ():
                sync_folder(folder)
        self._unsynced.clear()

    def sweep(self, older_than_s: float = 3600.0) -> int:
        """Delete what killed processes left unfinished for more than `older_than_s` seconds; gives how many."""
        swept = 0
        limit = time.time() - older_than_s
        with explained("sweeping unfinished files"):
            for path in (self._folder / TEMPORARY).glob("*"):
                with contextlib.suppress(FileNotFoundError):  # its writer has just given it its name
                    if path.stat().st_mtime <= limit:
                        path.unlink()
                        swept += 1
        return swept

    def _put(self, id_: str, data: bytes, *, replace: bool, sync: bool) -> None:
        path = self.path(id_)
        with explained(f"storing a file of {len(data):,} bytes"):
            # After a power cut an unsynced file may be there with fewer bytes than were written: it is written again.
            if replace or self._size(path) != len(data):
                write_whole(path, data, self._folder / TEMPORARY, sync=sync)
                if not sync:
                    self._unsynced.append(path)

    @staticmethod
    def _size(path: Path) -> int | None:
        with explained(f"looking for {path.name}"):
            try:
                return path.stat().st_size
            except FileNotFoundError:
                return None


def _missing(id_: str) -> WorkspaceError:
    return WorkspaceError(
        f"The stored file {id_} is missing.",
        "Run `packshot run` with the source again: what is missing is then copied anew.",
    )
