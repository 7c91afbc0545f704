"""The contract of a source: where listings and their pictures come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from packshot.collect.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from packshot.collect.places import ObjectUri
    from packshot.collect.rows import Notes, Row
    from packshot.core.trouble import Trouble


class GroupBy(StrEnum):
    """What makes a listing in a folder that has no feed."""

    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Location:
    """Something that a source may be asked to read, with its beginning already read.

    A feed in an object store or on the web has been copied to a file, so a source of feeds need not know of it.
    """

    path: Path
    """Absolute. Of a folder in an object store only the name counts: nothing is there on disk."""
    is_folder: bool
    head: bytes
    """The first 64 KiB; empty for a folder."""
    remote: ObjectUri | None = None
    """Where it lies, if in an object store; for a folder a prefix."""
    web: str = field(default="", repr=False)
    """Its address, if it lies on the web; with its secrets, so not for showing."""
    archive: str = ""
    """The zip archive on disk that it was taken out of, if so."""
    inside: str = ""
    """The folder in that archive where it lies, with a slash at its end; empty at the top."""
    kept: object = None
    """What goes when the location does: the copy of the feed."""

    @property
    def suffix(self) -> str:
        """The extension in lower case, with its dot."""
        return self.path.suffix.lower()


@dataclass(frozen=True, slots=True)
class Options:
    """How to read, as the user asks for it."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column, by canonical field names; a field of pictures may have several: `front,back` or `picture*`."""
    group_by: GroupBy = GroupBy.FILE
    skip: tuple[str | Path, ...] = ()
    """Folders, or prefixes of object stores, that are not read: the workspace, where it lies inside the source."""
    form: Form = field(default_factory=Form)
    """How a feed of text is written, as far as somebody says it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small source and what must come of it; every example is a test."""

    files: Mapping[str, bytes]
    """Path → content, written to an empty folder."""
    location: str
    """What is opened, relative to that folder; `.` is the folder itself."""
    listings: Mapping[str, tuple[str, ...]]
    """Listing id → the source URIs of its pictures, in the order of their positions; empty when it is refused."""
    why: str
    troubles: tuple[str, ...] = ()
    """For each trouble, in order, words that its detail holds."""
    refused: bool = False
    """The source must be refused as a whole with a SourceError."""
    options: Options = field(default_factory=Options)


class Source(ABC):
    """One source: a file in `collect/sources/` whose name is its id.

    A source turns what it reads into rows; ids, roles, positions and the removal of credentials are made from those in
    one place (`assemble.py`), the same for all.
    """

    examples: ClassVar[tuple[Example, ...]]
    """At least one good source and one with a bad row or a whole that must be refused."""

    @classmethod
    @abstractmethod
    def accepts(cls, location: Location, options: Options) -> float:
        """How surely this source can read `location`, 0 (not at all) to 1 (it has all that is needed).

        Looks at `location` alone; must not raise for any content.
        """

    @abstractmethod
    def rows(self, location: Location, options: Options, notes: Notes) -> Iterator[Row | Trouble]:
        """Read `location` from its beginning; it may be called again, and gives the same rows in the same order.

        A row that cannot be read becomes a Trouble (stage `collect`, with the line in its detail) and reading goes on.
        Raises SourceError where the whole cannot be trusted: nothing of it is then committed.
        """

    def tells_order(self, location: Location, options: Options) -> bool:  # noqa: ARG002 - for overriding
        """Whether rows may carry roles or positions, so that all have to be read once before the first is given."""
        return True
