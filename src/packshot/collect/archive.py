"""Zip archives, read where they are: files in them are unpacked into memory, and never written by their names."""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.collect.paths import as_media_error, spellings
from packshot.collect.stamp import Stamp
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.media.limits import Limits

MAGIC = b"PK\x03\x04"
MOST_DIRECTORY_BYTES = 256 * 1024 * 1024
"""Of the list of members, which has to be held in memory: some two million of them."""
MOST_RATIO, FREE_BYTES = 200, 64 * 1024 * 1024
"""A feed that is larger than FREE_BYTES and was packed better than this is a bomb; text packs to a tenth or less."""
_LINK = 0o120000
_ENCRYPTED = 0x1
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What every tool writes. The others unpack in pieces that have no limit."""
_ODD_PLACES = frozenset({errno.EINVAL, None})
"""Of errors of reading: where the archive names a place that its file does not have."""
_FOLDER_STEPS = frozenset({"", ".", ".."})


class Archive:
    """One zip archive, open. Safe for threads, as zipfile is."""

    def __init__(self, path: Path) -> None:
        """Raises MediaError: CORRUPT for what is no zip archive, TOO_LARGE for too many members."""
        try:
            _hold_directory(path)
            self._file = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise MediaError(TroubleKind.CORRUPT, "the archive is damaged, or of a kind that is not read") from error
        except OSError as error:
            raise as_media_error(error) from error
        self._members = {info.filename: info for info in self._file.infolist() if info.filename and not info.is_dir()}

    def names(self) -> Iterator[str]:
        """The paths of its files, as they are written; any of them may be hostile."""
        return iter(self._members)

    def stamp(self, name: str) -> Stamp:
        """What tells a member from another version of it. Raises MediaError as `read` does."""
        info = self._member(name)
        return Stamp(info.file_size, etag=f"{info.CRC:08x}")

    def read(self, name: str, limits: Limits) -> tuple[bytes, Stamp]:
        """All bytes of a member. Raises MediaError.

        REFUSED for names that lead out of the archive and for links; NOT_FOUND; UNSUPPORTED for what is encrypted or
        packed in a way that is not known; EMPTY, TOO_LARGE; CORRUPT for what is not what the archive says.
        """
        info = self._member(name)
        limits.check_bytes(info.file_size)
        with _explained(), self._file.open(info) as member:
            data = member.read(info.file_size + 1)
        if len(data) != info.file_size:
            raise MediaError(TroubleKind.CORRUPT, "the archive says another size of this file than it has")
        return data, self.stamp(name)

    def copy(self, name: str, path: Path, most_bytes: int) -> None:
        """Write a member to `path`. Raises MediaError as `read` does, BOMB for a feed packed beyond reason, OSError."""
        info = self._member(name)
        if info.file_size > most_bytes:
            raise MediaError(TroubleKind.TOO_LARGE, f"{info.file_size:,} bytes; the limit is {most_bytes:,}")
        if info.file_size > max(FREE_BYTES, MOST_RATIO * info.compress_size):
            raise MediaError(TroubleKind.BOMB, "it is packed so small that it can be no feed")
        with path.open("wb") as target, _explained(), self._file.open(info) as member:
            while piece := member.read(1 << 20):
                target.write(piece)

    def _member(self, name: str) -> zipfile.ZipInfo:
        info = next((self._members[found] for found in spellings(held(name)) if found in self._members), None)
        if info is None:
            raise MediaError(TroubleKind.NOT_FOUND, "there is no such file in the archive")
        if (info.external_attr >> 16) & 0o170000 == _LINK:
            raise MediaError(TroubleKind.REFUSED, "it is a link, which is not followed in an archive")
        if info.flag_bits & _ENCRYPTED:
            raise MediaError(TroubleKind.UNSUPPORTED, "it is encrypted")
        if info.compress_type not in _PACKINGS:
            raise MediaError(TroubleKind.UNSUPPORTED, "it is packed in a way that is not read; pack it with deflate")
        return info


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What zipfile raises for a damaged file as MediaError; errors of the system pass."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError) as error:
        raise MediaError(TroubleKind.CORRUPT, "the archive is damaged at this file") from error
    except (NotImplementedError, RuntimeError) as error:
        raise MediaError(TroubleKind.UNSUPPORTED, "it is packed in a way that is not read") from error
    except OSError as error:
        if error.errno in _ODD_PLACES:
            raise MediaError(TroubleKind.CORRUPT, "the archive is damaged at this file") from error
        raise


def held(name: str) -> str:
    """`name` as archives write it, without a `./` before it. Raises MediaError(REFUSED) for what leads out of it."""
    while name.startswith("./"):
        name = name[2:]
    steps = name.replace("\\", "/").split("/")
    if not _FOLDER_STEPS.isdisjoint(steps):
        raise MediaError(TroubleKind.REFUSED, "the name leads out of the archive or in circles")
    return name


def open_archive(path: str) -> Archive:
    """The archive at `path`, opened once in this process for each state of the file. Raises MediaError."""
    try:
        found = os.stat(path)  # noqa: PTH116 - path is a str with any bytes
    except OSError as error:
        raise as_media_error(error) from error
    return _opened(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _opened(path: str, mtime_ns: int, size: int) -> Archive:  # noqa: ARG001 - the state of the file is part of the key
    return Archive(Path(path))


def _hold_directory(path: Path) -> None:
    """Refuse, before it is read into memory, a list of members that is too long."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - (1 << 16) - 22 - 20))
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            raise zipfile.BadZipFile
        (directory,) = struct.unpack_from("<L", tail, at + 12)
        locator = at - 20
        if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
            file.seek(struct.unpack_from("<Q", tail, locator + 8)[0])
            (directory,) = struct.unpack_from("<Q", file.read(56), 40)
    if directory > MOST_DIRECTORY_BYTES:
        raise MediaError(TroubleKind.TOO_LARGE, "the archive lists too many files")
