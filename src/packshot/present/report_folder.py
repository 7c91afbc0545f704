"""A report's folder: written beside its place and swapped in whole, so that a broken run leaves the old one."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from packshot.core.errors import UsageError, WorkspaceError
from packshot.storage.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = ".packshot-report"
"""The file that says: this folder is a report and may be replaced."""
NOTE = "packshot report; this folder is replaced by the next one\n"

OURS = frozenset(
    {
        *(MARKER, "index.html", "changes.html", "troubles.html", "policy.html", "word.html"),
        *("style.css", "suppliers.csv"),
        *("assets", "faults", "galleries", "images", "matches"),
    }
)
"""All that a report puts at the top of its folder; anything else there belongs to someone and is kept."""


@contextmanager
def replaced(folder: Path, marker: str = MARKER) -> Iterator[Path]:
    """Give an empty folder to write the report into; when the block ends well it becomes `folder`.

    UsageError when `folder` holds something that is not a report with this `marker`; WorkspaceError when it cannot be
    written. Files that others put beside the report are carried over; folders in it that hold the marker are its own.
    """
    place = folder.expanduser().absolute()
    try:
        with suppress(FileNotFoundError):
            place.stat()  # refuses a ring of links
        if place.is_symlink():
            place = place.resolve()
        new, old = place.parent / f".{place.name}.packshot-new", place.parent / f".{place.name}.packshot-old"
        _refuse_what_is_not_ours(place, marker)
        with _only_here(new):
            with _locked(place.parent):
                _settle(place, old, marker)
            try:
                (new / marker).write_text(NOTE, encoding="utf-8")
                yield new
                with _locked(place.parent):
                    fault("report:before-swap")
                    if place.exists():
                        place.rename(old)
                    fault("report:half-swapped")
                    new.rename(place)
                    _settle(place, old, marker)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
    except OSError as error:
        message = f"The report could not be written to {folder}: {error.strerror or error}."
        raise WorkspaceError(
            message, "Check free space and permissions there, or name another folder with -o."
        ) from error


@contextmanager
def _only_here(new: Path) -> Iterator[None]:
    """Make the empty folder `new`, and keep others from it until the block ends; waits for who has it already.

    A process that was killed lets go of it: what it left there goes.
    """
    while True:
        new.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locks:
            try:
                held = locks.enter_context(_locked(new))
                own = os.path.samestat(os.fstat(held), new.stat())
            except FileNotFoundError:
                own = False
            if not own:
                continue  # the one that was waited for has put it in its place
            if next(new.iterdir(), None) is not None:
                shutil.rmtree(new)
                continue
            yield
            return


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Do what is in the block alone among those that lock `folder`; gives its descriptor."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _refuse_what_is_not_ours(place: Path, marker: str) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        message = f"{place} is a file, so no report can be put there."
        raise UsageError(message, "Name a folder with -o.")
    if place.is_mount():
        message = f"{place} is a mount, which cannot be replaced as a whole."
        raise UsageError(message, f"Name a folder in it: -o {place / 'report'}")
    try:
        empty = next(place.iterdir(), None) is None
    except OSError as error:
        message = f"{place} cannot be read: {error.strerror or error}."
        raise WorkspaceError(message, "Check its permissions, or name another folder with -o.") from error
    if not empty and not (place / marker).is_file():
        message = f"{place} holds files that are not a packshot report; nothing was written."
        raise UsageError(message, "Name a new or empty folder with -o, or the folder of an earlier report.")


def _settle(place: Path, old: Path, marker: str) -> None:
    """Finish a swap, also one that was killed half-way: nothing that others put into the old report is lost."""
    if not old.exists():
        return
    if not place.exists():
        old.rename(place)
        return
    for entry in sorted(old.iterdir()):
        ours = entry.name in {*OURS, marker} or (entry / marker).is_file()
        if not ours and not (place / entry.name).exists():
            entry.rename(place / entry.name)
    shutil.rmtree(old)
