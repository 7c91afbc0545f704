"""Files kept by the hash of their bytes, and files kept beside them under the same ids."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from blake3 import blake3

from packshot.core.errors import WorkspaceError
from packshot.storage.folder import Folder
from packshot.storage.place import place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from packshot.storage.place import Place

_ID = re.compile(r"[0-9a-f]{64}")
_FEW = 50
"""Up to so many files are asked for one by one, which takes a request each; a list names a thousand in one."""


def blob_id(data: bytes) -> str:
    """The id of these bytes: BLAKE3, 64 hexadecimal digits."""
    return blake3(data).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a store keeps."""

    id: str
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970 when it was written."""


class BlobStore:
    """Files named by id, in a folder or an object store: `ab/cd/abcd…`, and those made from assets `ab/abcd….suffix`.

    A file appears wholly or not at all, and is never changed afterwards. Many processes may write at once: equal ids
    have equal bytes. What a killed process left unfinished waits for `sweep`. An instance can be sent to another
    process; what is waiting for `sync` stays with the process that wrote it.
    """

    def __init__(self, place: Place | Path, suffix: str = "") -> None:
        """Use `place`; every name ends in `suffix` (`.jpg`), which says that the files are made from assets."""
        self._place = Folder(place) if isinstance(place, Path) else place
        self._suffix = suffix
        self._unsynced: list[str] = []

    @classmethod
    def at(cls, location: str, suffix: str = "") -> Self:
        """The store at `location`, as another instance told it: how workers open the store of the driver."""
        return cls(place_of(location), suffix)

    @property
    def location(self) -> str:
        """Where the files are, as text without credentials."""
        return self._place.location

    def put(self, data: bytes, *, sync: bool = True) -> str:
        """Keep `data` and give its id; what is here already is not written again.

        With `sync=False` the file is complete and readable but may not survive a power cut: call `sync()` before
        anything that names it is committed.

        Raises:
            WorkspaceError: The disk is full or the place may not be written; nothing is left behind.
        """
        id_ = blob_id(data)
        key = self._key(id_)
        with self._place.explained(f"storing a file of {len(data):,} bytes"):
            # After a power cut an unsynced file may be there with fewer bytes than were written: it is written again.
            if self._place.size(key) != len(data):
                self._write(key, data, sync=sync)
        return id_

    def put_named(self, id_: str, data: bytes, *, sync: bool = False) -> None:
        """Keep `data`, made from the asset `id_`, under that id; what was there is replaced.

        Not synced unless asked: what is made from an asset can be made again.

        Raises:
            WorkspaceError: As `put`, or `id_` is no asset id.
        """
        key = self._key(id_)
        with self._place.explained(f"storing a file of {len(data):,} bytes"):
            self._write(key, data, sync=sync)

    def path(self, id_: str) -> Path | None:
        """Where the file of `id_` is, or would be, on this machine's disk; None in an object store.

        Raises:
            WorkspaceError: `id_` is not 64 hexadecimal digits.
        """
        key = self._found(id_) or self._key(id_)
        return self._place.folder / key if self._place.folder else None

    def exists(self, id_: str) -> bool:
        """Whether the file of `id_` is here."""
        return self._found(id_) is not None

    def present(self, ids: Collection[str]) -> set[str]:
        """Those of `ids` whose files are here; many are looked for in an object store's lists, not one by one."""
        if self._place.folder or len(ids) <= _FEW:
            return {id_ for id_ in ids if self.exists(id_)}
        asked = set(ids)
        return {file.id for file in self.files() if file.id in asked}

    def size(self, id_: str) -> int:
        """How many bytes the file of `id_` has.

        Raises:
            WorkspaceError: It is not here.
        """
        with self._place.explained(f"looking for the file {id_}"):
            sizes = (self._place.size(key) for key in self._keys(id_))
            size = next((size for size in sizes if size is not None), None)
        if size is None:
            raise _missing(id_)
        return size

    def open(self, id_: str) -> BinaryIO:
        """The file of `id_`, opened for reading.

        Raises:
            WorkspaceError: It is not here, or may not be read.
        """
        with self._place.explained(f"reading the file {id_}"):
            for key in self._keys(id_):
                with contextlib.suppress(FileNotFoundError):
                    return self._place.open(key)
        raise _missing(id_)

    def read(self, id_: str, *, verify: bool = False) -> bytes:
        """The bytes of `id_`; with `verify`, only if they hash to it (not for files put by name).

        Raises:
            WorkspaceError: It is not here, may not be read, or is damaged.
        """
        with self.open(id_) as file, self._place.explained(f"reading the file {id_}"):
            data = file.read()
        if verify and blob_id(data) != id_:
            raise WorkspaceError(
                f"The stored file {id_} is damaged: its bytes no longer have this hash.",
                f"Delete {self._place.location}/{self._key(id_)} and run `packshot run` with the source again: "
                "it is then copied anew.",
            )
        return data

    def delete(self, ids: Iterable[str]) -> None:
        """Delete the files of these ids; those that are not here are passed over. The caller holds the lease."""
        with self._place.explained("deleting stored files"):
            self._place.delete([key for id_ in ids for key in self._keys(id_)])

    def files(self) -> Iterator[StoredFile]:
        """Every file that is kept, in no order; memory stays bounded, and what is no file of this store is left out."""
        with self._place.explained("listing the stored files"):
            for file in self._place.files():
                id_ = file.key.rpartition("/")[2].removesuffix(self._suffix)
                if _ID.fullmatch(id_) and file.key in self._keys(id_):
                    yield StoredFile(id_, file.size, file.modified)

    def sync(self) -> None:
        """Wait until all that this instance wrote with `sync=False` is on the disk, names included.

        Raises:
            WorkspaceError: The disk could not take it; the files stay to be synced.
        """
        with self._place.explained("syncing the stored files"):
            self._place.sync(self._unsynced)
        self._unsynced.clear()

    def sweep(self, older_than_s: float = 3600.0) -> int:
        """Delete what killed processes left unfinished for more than `older_than_s` seconds; gives how many."""
        with self._place.explained("sweeping unfinished files"):
            return self._place.sweep(older_than_s)

    def _write(self, key: str, data: bytes, *, sync: bool) -> None:
        self._place.write(key, data, sync=sync)
        if not sync:
            self._unsynced.append(key)

    def _key(self, id_: str) -> str:
        if not _ID.fullmatch(id_):
            raise WorkspaceError(
                f"{id_!r} is not the id of a file.", "An id is 64 hexadecimal digits: the BLAKE3 hash of the bytes."
            )
        # One folder costs half of what two cost to make, and the small files made from assets feel it.
        return f"{id_[:2]}/{id_}{self._suffix}" if self._suffix else f"{id_[:2]}/{id_[2:4]}/{id_}"

    def _keys(self, id_: str) -> tuple[str, ...]:
        """Where the file may be: on a disk, what an older packshot made from assets lies two folders deep."""
        key = self._key(id_)
        older = f"{id_[:2]}/{id_[2:4]}/{id_}{self._suffix}"
        return (key, older) if self._suffix and self._place.folder else (key,)

    def _found(self, id_: str) -> str | None:
        with self._place.explained(f"looking for the file {id_}"):
            return next((key for key in self._keys(id_) if self._place.size(key) is not None), None)


def _missing(id_: str) -> WorkspaceError:
    return WorkspaceError(
        f"The stored file {id_} is missing.",
        "Run `packshot run` with the source again: what is missing is then copied anew.",
    )
