"""The verbs of a workspace by which people have the last word."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.app.label_file import Imported, import_labels, read, to_answer
from packshot.app.labels import Said, overrule, tell_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from packshot.app.tables import Reader

LEASE = "labels"
"""Under which people's word is kept, one process at a time."""


class PeoplesWord:
    """What a workspace takes from people; see `packshot.app.workspace.Workspace`."""

    _reader: Reader

    @contextmanager
    def _speaking(self, *, dry_run: bool) -> Iterator[None]:
        """One at a time: what is said depends on what was said before, and nothing is kept twice."""
        with nullcontext() if dry_run else self._reader.stores.alone(LEASE):
            yield

    def overrule(  # noqa: PLR0913 - what, how, why, who
        self,
        placement: str,
        check: str,
        *,
        because: str | None,
        verdict: str | None = None,
        policy: str | None = None,
        undo: bool = False,
        author: str | None = None,
        dry_run: bool = False,
    ) -> Said:
        """Say that the picture at `placement` keeps or breaks the rule or check, whatever was measured.

        `verdict` is `pass` or `fail`, by default the opposite of what is said now. The next run judges by it. Raises
        UnknownName and UsageError for what is not there, or where nothing clear is said that could be overruled.
        """
        with self._speaking(dry_run=dry_run):
            return overrule(
                self._reader,
                placement,
                check,
                because=because,
                verdict=verdict,
                policy=policy,
                author=author,
                undo=undo,
                dry_run=dry_run,
            )

    def tell_pair(  # noqa: PLR0913 - what, how, why, who
        self,
        one: str,
        other: str,
        *,
        same: bool,
        because: str | None = None,
        author: str | None = None,
        undo: bool = False,
        dry_run: bool = False,
    ) -> Said:
        """Say whether the pictures `one` and `other` (ids, their starts, or addresses) are the same.

        A later word on the same two replaces the earlier one. Raises UnknownName and UsageError for what is not there,
        and where it contradicts what was said of other pairs.
        """
        with self._speaking(dry_run=dry_run):
            return tell_pair(
                self._reader, one, other, same=same, because=because, author=author, undo=undo, dry_run=dry_run
            )

    def import_labels(  # noqa: PLR0913 - what, by whom, and how
        self,
        file: str | Path | bytes,
        *,
        name: str | None = None,
        policy: str | None = None,
        author: str | None = None,
        skip_bad: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        """Keep what a CSV file (or its bytes) says, all of it or nothing; with `skip_bad`, the rows without mistakes.

        Raises UsageError with every row that cannot be taken.
        """
        data = file if isinstance(file, bytes) else _read(Path(file))
        called = name or ("the file" if isinstance(file, bytes) else str(file))
        with self._speaking(dry_run=dry_run):
            return import_labels(
                self._reader, data, called, policy=policy, author=author, skip_bad=skip_bad, dry_run=dry_run
            )

    def questions(self, *, policy: str | None = None) -> pl.DataFrame:
        """What only people can answer of each picture and nobody has: a table to fill in and import."""
        return to_answer(self._reader, policy)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return read(file)
