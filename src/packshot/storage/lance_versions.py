"""The version files of a Lance dataset on a local disk: finding torn ones, and making new ones durable."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import struct
from typing import TYPE_CHECKING

from packshot.core.errors import WorkspaceError
from packshot.storage.durable import sync_file, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = "_versions"
TRANSACTIONS = "_transactions"
DATA = "data"
DELETIONS = "_deletions"

_MANIFEST = re.compile(r"(\d{20})\.manifest")
_NEWEST_FIRST = 2**64 - 1
"""Lance names a version file by this number less the version, so that the newest is listed first."""
_FOOTER = struct.Struct("<QHH4s")
_LENGTH = struct.Struct("<I")


def manifest(dataset: Path, version: int) -> Path:
    """The file of one version."""
    return dataset / VERSIONS / f"{_NEWEST_FIRST - version:020d}.manifest"


def manifests(dataset: Path) -> list[Path]:
    """The files of all versions, the newest first."""
    with os.scandir(dataset / VERSIONS) as entries:
        names = sorted(entry.name for entry in entries if _MANIFEST.fullmatch(entry.name))
    return [dataset / VERSIONS / name for name in names]


def is_whole(path: Path) -> bool:
    """Whether a version file is as long as it says: false for one that a power cut left empty, cut off or zeroed.

    The file ends in a footer: offset of the manifest (8 bytes), format version (2 + 2), `LANC`; the manifest begins
    with its length (4 bytes) and fills the rest. Lance itself may crash on a torn file, or take it for version 0.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < _FOOTER.size + _LENGTH.size:
            return False
        file.seek(size - _FOOTER.size)
        offset, _, _, magic = _FOOTER.unpack(file.read(_FOOTER.size))
        if magic != b"LANC" or offset > size - _FOOTER.size - _LENGTH.size:
            return False
        file.seek(offset)
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
    return bool(offset + _LENGTH.size + length == size - _FOOTER.size)


def step_back(dataset: Path) -> list[Path]:
    """Move torn newest versions aside, to `*.broken`, so that the version before them is the newest; gives them.

    Lance links a version file into place when it is complete, and every version is synced before the next is begun:
    only a power cut tears one, and only one whose rows were never acknowledged. So nothing that counted is lost.
    One process at a time does it: a version that another has meanwhile moved aside and written anew is whole.

    Raises:
        WorkspaceError: No version is whole.
        OSError: The folder may not be read or written.
    """
    if (newest := next(iter(manifests(dataset)), None)) and is_whole(newest):
        return []
    descriptor = os.open(dataset / VERSIONS, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return _moved_aside(dataset)
    finally:
        os.close(descriptor)


def _moved_aside(dataset: Path) -> list[Path]:
    found = manifests(dataset)
    torn = []
    for path in found:
        if is_whole(path):
            break
        torn.append(path)
    if len(torn) == len(found):
        raise WorkspaceError(
            f"The table in {dataset} is damaged: none of its {len(found)} version files is whole.",
            "Restore the folder from a backup, or move it away and run again: then it is made anew.",
        )
    for path in torn:
        path.replace(path.with_name(f"{path.name}.broken"))
    if torn:
        sync_folder(dataset / VERSIONS)
    return torn


def sync_data(dataset: Path, files: list[str]) -> None:
    """Wait until these new data files and their names are on the disk."""
    for file in files:
        sync_file(dataset / DATA / file)
    if files:
        sync_folder(dataset / DATA)


def sync_deletions(dataset: Path) -> None:
    """Wait until the files that say which rows were removed, and their names, are on the disk."""
    for path in (dataset / DELETIONS).glob("*"):
        with contextlib.suppress(FileNotFoundError):  # cleaned up meanwhile
            sync_file(path)
    if (dataset / DELETIONS).exists():
        sync_folder(dataset / DELETIONS)
        sync_folder(dataset)


def sync_version(dataset: Path, version: int, transaction: str | None = None) -> None:
    """Wait until a version, its transaction (by uuid; all, if it is not known) and their names are on the disk."""
    for path in (dataset / TRANSACTIONS).glob(f"*-{transaction}.txn" if transaction else "*.txn"):
        with contextlib.suppress(FileNotFoundError):  # of another writer, who was late and takes it back
            sync_file(path)
    sync_folder(dataset / TRANSACTIONS)
    sync_file(manifest(dataset, version))
    sync_folder(dataset / VERSIONS)
    sync_folder(dataset)
