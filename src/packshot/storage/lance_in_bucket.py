"""Lance datasets in an object store."""

from __future__ import annotations

import re
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lance

from packshot.storage.faults import fault
from packshot.storage.folder import Folder
from packshot.storage.lance_errors import RAISED, lance_explained, said
from packshot.storage.lance_on_disk import no_version

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from packshot.storage.bucket import Bucket
    from packshot.storage.place import File

_MANIFEST = re.compile(r"(.+)\.lance/_versions/[^/]+\.manifest")
_TURN = threading.Lock()


class InBucket:
    """Where `LanceTables` finds its datasets in an object store.

    A version is one conditional put (`If-None-Match`) of its manifest: whoever comes second is told, and looks again.
    It is there wholly or not at all, so none can be torn, and it is kept when the put is answered: nothing is synced.
    """

    def __init__(self, bucket: Bucket) -> None:
        """Use the keys below `bucket`."""
        self._bucket = bucket
        self.options = bucket.lance_options()
        """What Lance's client is told."""

    def explained(self, doing: str) -> AbstractContextManager[None]:
        """Turn what Lance or the store's client raises inside into a WorkspaceError."""
        return lance_explained(doing, lambda doing, error: self._bucket.refusal(doing, error, said(error)))

    def turn(self) -> AbstractContextManager[bool]:
        """Hold back other threads of this process: of commits at once all but one are told to try again, and wait."""
        return _TURN

    def opened(self, name: str, version: int | None = None) -> Any | None:
        """The dataset, at its newest or a given version; None where there is none (yet)."""
        try:
            return self._dataset(name, version)
        except RAISED:
            # Lance does not say in which way it failed, so look: is there a dataset, and is there that version?
            if not self._manifests(name):
                return None
            newest = self._dataset(name)  # another process may have made it since
            if version is None:
                return newest
            if version not in [found["version"] for found in newest.versions()]:
                raise no_version(name, version) from None
            raise

    def made(self, name: str, schema: pa.Schema) -> Any:
        """A new dataset without rows, or the one that another process made in the meantime."""
        below = self._bucket.below(f"{name}.lance")
        # Made on a disk and put in place by its version file, on the condition that there is none: Lance's own
        # mode="create" overwrites what another process has made, and filled, since it looked.
        with tempfile.TemporaryDirectory() as folder:
            lance.write_dataset(schema.empty_table(), folder, mode="create")
            made = Folder(Path(folder))
            first = sorted((file.key for file in made.files()), key=lambda key: key.endswith(".manifest"))
            for key in first:
                fault("make:written")
                below.write_new(key, Path(folder, key).read_bytes())
        fault("make:placed")
        return self.opened(name)

    def sync_data(self, name: str, files: list[str]) -> None:
        """Nothing to do: a put is kept when it is answered."""

    def sync_deletions(self, name: str) -> None:
        """Nothing to do: a put is kept when it is answered."""

    def sync_version(self, name: str, version: int, transaction: str | None = None) -> None:
        """Nothing to do: a put is kept when it is answered."""

    def names(self) -> list[str]:
        """The names of all datasets: those that have a version."""
        with self.explained("listing the tables"):
            found = {match[1] for file in self._bucket.files() if (match := _MANIFEST.fullmatch(file.key))}
        return list(found)

    def drop(self, name: str) -> None:
        """Delete a dataset with all its versions; nothing happens where there is none."""
        with self.explained(f"deleting the table {name}"):
            # The newest version goes after the older ones and before the data: all of the table is there, or none.
            versions = sorted((file.key for file in self._manifests(name)), reverse=True)
            below = self._bucket.below(f"{name}.lance")
            below.delete(f"_versions/{key}" for key in versions[:-1])
            below.delete(f"_versions/{key}" for key in versions[-1:])
            below.delete([file.key for file in below.files()])

    def sweep(self, name: str, older_than_s: float) -> None:
        """Nothing to do: neither making nor dropping leaves anything but what a later append uses."""

    def _dataset(self, name: str, version: int | None = None) -> Any:
        return lance.dataset(self._url(name), version=version, storage_options=self.options)

    def _manifests(self, name: str) -> list[File]:
        files = self._bucket.below(f"{name}.lance/_versions").files()
        return [file for file in files if file.key.endswith(".manifest")]

    def _url(self, name: str) -> str:
        return f"{self._bucket.location}/{name}.lance"
