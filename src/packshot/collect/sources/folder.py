"""A folder of pictures, without a feed."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from packshot.collect.paths import as_media_error, inside, refuse_odd_files
from packshot.collect.remote_folder import head_of, remote_folders
from packshot.collect.rows import Row, RowPicture
from packshot.collect.source import Example, GroupBy, Location, Options, Source
from packshot.collect.uris import is_network, uri_of_name
from packshot.core.errors import MediaError, SourceError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.media.sniff import refusal, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from packshot.collect.places import ObjectUri
    from packshot.collect.rows import Notes

IMAGE_EXTENSIONS = frozenset(
    re.findall(
        r"\w+",
        """
        jpg jpeg jpe jfif jif pjpeg png apng webp gif bmp dib tif tiff avif avifs heic heif hif
        jp2 j2k jpf jpx jpm jxl jxr svg svgz psd psb ai eps ico cur icns tga pcx dcx ppm pgm pbm pnm pfm pam
        xbm xpm dds exr hdr sgi rgb rgba bw ras fli flc mpo qoi fits fit blp ftc ftu fpx mic wmf emf djvu xcf
        dng cr2 cr3 nef arw orf rw2 raf pef srw
        """,
    )
)
"""A file so called is taken for a picture; whether it is one, and can be decoded, its content says later."""

_FOR_GOOD = frozenset({errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
"""Errors of a folder that is gone, or closed to whoever runs this; others may have passed by the next run."""
_DIGITS = re.compile(r"([0-9]+)")
_HEAD_BYTES = 4096
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1a\x1c-\x1f]*")


class _Walk:
    """One reading of a folder: what to skip, what was met."""

    def __init__(self, root: str, options: Options, notes: Notes) -> None:
        self.root = root
        self.real_root = os.path.realpath(root)
        self.skip = {os.path.realpath(path) for path in options.skip if not is_network(str(path))}
        self.notes = notes
        self.by_folder = options.group_by is GroupBy.FOLDER


@dataclass(frozen=True, slots=True)
class _File:
    """A file that may be a picture."""

    name: str
    head: Callable[[], bytes]
    """Its first bytes. Raises OSError or MediaError."""


class Folder(Source):
    """Every picture below a folder: natural order (`img2` before `img10`), files before sub-folders.

    A listing is a file, called by its path without the extension (with it, where two files differ by nothing else);
    or, grouped by folder, each folder that has pictures right in it. Pictures at the top belong to no sub-folder and
    are listings of their own. The first picture of a listing is its main one. Hidden files and folders are left out.
    """

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            files={"img10.jpg": b"", "img2.jpg": b"", "shoes/red.jpg": b"", "shoes/red.png": b"", "read me.txt": b"hi"},
            location=".",
            listings={
                "img2": ("img2.jpg",),
                "img10": ("img10.jpg",),
                "shoes/red.jpg": ("shoes/red.jpg",),
                "shoes/red.png": ("shoes/red.png",),
            },
            why="one listing per file; two that differ by extension alone keep it",
        ),
        Example(
            files={"top.jpg": b"", "mug/img10.jpg": b"", "mug/img2.jpg": b"", "mug/seen/above.jpg": b""},
            location=".",
            listings={
                "top": ("top.jpg",),
                "mug": ("mug/img2.jpg", "mug/img10.jpg"),
                "mug/seen": ("mug/seen/above.jpg",),
            },
            why="one listing per folder with pictures",
            options=Options(group_by=GroupBy.FOLDER),
        ),
        Example(
            files={"a.jpg": b"", "no extension": b"\x89PNG\r\n\x1a\n", "broken": b"\x00\x01\x02", "NOTICE": b"text\n"},
            location=".",
            listings={"a": ("a.jpg",), "no extension": ("no extension",)},
            why="without an extension the content says what it is",
            troubles=("the content is",),
        ),
    )

    @classmethod
    def accepts(cls, location: Location, options: Options) -> float:  # noqa: ARG003 - the contract's
        """Any folder."""
        return 1.0 if location.is_folder else 0.0

    def tells_order(self, location: Location, options: Options) -> bool:  # noqa: ARG002 - the contract's
        """No: files come in the order that counts."""
        return False

    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """One row for each picture; a link that leaves the folder is a trouble, a folder behind a link not entered.

        A folder inside that is closed or gone is a trouble, too; one that a disk fails to give refuses the whole.
        """
        walk = _Walk(str(location.path), options, notes)
        if location.remote is not None:
            yield from _remote_rows(walk, location.remote, options)
            return
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            files: list[_File] = []
            below: list[str] = []
            try:
                for item in _sorted_entries(walk, folder):
                    if isinstance(item, Trouble):
                        yield item
                    elif item.is_dir(follow_symlinks=False):
                        below.append(_join(folder, item.name))
                    else:
                        files.append(_File(item.name, partial(_head, item)))
            except OSError as error:
                if not folder or error.errno not in _FOR_GOOD:
                    # What a disk does not give for a moment must not count as removed from the catalogue.
                    name = uri_of_name(_join(walk.root, folder) if folder else walk.root)
                    message = f"The folder {name} cannot be read: {os.strerror(error.errno or 0)}."
                    raise SourceError(message, "Check its permissions and its disk; nothing was taken.") from error
                yield _trouble(folder, as_media_error(error))
                continue
            yield from _rows_of(walk, folder, files, below)
            waiting.extend(reversed(below))


def _remote_rows(walk: _Walk, root: ObjectUri, options: Options) -> Iterator[Row | Trouble]:
    for item in remote_folders(root, options.skip, walk.notes, natural):
        if isinstance(item, Trouble):
            yield item
            continue
        files = [_File(name, partial(head_of, root, _join(item.path, name), _HEAD_BYTES)) for name in item.files]
        yield from _rows_of(walk, item.path, files, item.below)


def _sorted_entries(walk: _Walk, folder: str) -> Iterator[os.DirEntry[str] | Trouble]:
    with os.scandir(_join(walk.root, folder) if folder else walk.root) as entries:
        found = sorted(entries, key=lambda entry: natural(entry.name))
    for entry in found:
        relative = _join(folder, entry.name)
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            walk.notes.add("hidden files and folders were left out", uri_of_name(relative))
        elif entry.is_dir(follow_symlinks=False) and os.path.realpath(entry.path) in walk.skip:
            walk.notes.add("the workspace inside the folder was left out", uri_of_name(relative))
        elif entry.is_symlink():
            yield from _linked(walk, relative, entry)
        else:
            yield entry


def _linked(walk: _Walk, relative: str, entry: os.DirEntry[str]) -> Iterator[os.DirEntry[str] | Trouble]:
    """A link to a file inside the folder is that file; what leaves the folder is refused."""
    real = os.path.realpath(entry.path)
    if not inside(real, walk.real_root):
        outside = MediaError(TroubleKind.REFUSED, "the symbolic link leads outside the folder")
        yield _trouble(relative, outside)
    elif os.path.isdir(real):  # noqa: PTH112 - real is a str with any bytes
        walk.notes.add("links to folders were not entered: what lies inside is read where it is", uri_of_name(relative))
    else:
        yield entry


def _rows_of(walk: _Walk, folder: str, files: Sequence[_File], below: Sequence[str]) -> Iterator[Row | Trouble]:
    pictures: list[str] = []
    for file in files:
        verdict = _look(walk, _join(folder, file.name), file)
        if isinstance(verdict, Trouble):
            yield verdict
        elif verdict:
            pictures.append(file.name)
    own = not (walk.by_folder and folder)
    stems = Counter(_stem(name) for name in pictures)
    taken = {*pictures, *(path.rpartition("/")[2] for path in below if walk.by_folder)}
    for place, name in enumerate(pictures):
        relative = _join(folder, name)
        stem = _stem(name)
        alone = stems[stem] == 1 and (stem == name or stem not in taken)
        listing = (_join(folder, stem) if alone else relative) if own else folder
        picture = RowPicture(uri_of_name(relative), position=None if own else place)
        yield Row(uri_of_name(relative), {"listing_id": uri_of_name(listing)}, (picture,))


def _look(walk: _Walk, relative: str, file: _File) -> bool | Trouble:
    """Whether a file is to be taken for a picture; a Trouble where it should be one and cannot."""
    extension = _extension(file.name)
    if extension in IMAGE_EXTENSIONS:
        return True
    try:
        head = file.head()
        if sniff(head) is None:
            return _look_at_other(walk, relative, head, named=bool(extension))
    except OSError as error:
        return _trouble(relative, as_media_error(error))
    except MediaError as error:
        return _trouble(relative, error)
    if extension:
        walk.notes.add("pictures were told by their content, not their extension", uri_of_name(relative))
    return True


def _look_at_other(walk: _Walk, relative: str, head: bytes, *, named: bool) -> bool:
    """The same for content that no reader here knows; `named` says that the file has an extension.

    Raises MediaError for what has neither a name nor a content that says what it is.
    """
    if named or (head and _TEXT.fullmatch(head)):
        walk.notes.add("files that are no pictures were left out", uri_of_name(relative))
        return False
    if not head:
        raise MediaError(TroubleKind.EMPTY, "the file has no bytes")
    refused = refusal(head)
    if refused.kind is TroubleKind.UNSUPPORTED:
        return True
    raise refused


def _head(entry: os.DirEntry[str]) -> bytes:
    """The first bytes of a regular file. Raises OSError, or MediaError for anything else than a file."""
    refuse_odd_files(entry.stat().st_mode)
    # O_NONBLOCK: a pipe that took the file's place must not hang the run.
    descriptor = os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - it is a descriptor
        return file.read(_HEAD_BYTES) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def natural(name: str) -> tuple[list[str | int], str]:
    """A sort key under which numbers count as numbers and case does not, and no two names are equal."""
    parts: list[str | int] = list(_DIGITS.split(name.casefold()))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, name


def _extension(name: str) -> str:
    return os.path.splitext(name)[1][1:].lower()  # noqa: PTH122 - name may hold any bytes


def _stem(name: str) -> str:
    return name[: -len(_extension(name)) - 1] if _extension(name) in IMAGE_EXTENSIONS else name


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _trouble(relative: str, error: MediaError) -> Trouble:
    return Trouble("collect", error.kind, error.message, uri_of_name(relative))
