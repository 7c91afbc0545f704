"""Writes a file wholly or not at all."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from packshot.core.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_file(output: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Give `output` what `write` writes, in place of what was there; when it fails, all is as it was.

    A link is followed; into what is no regular file, such as a pipe or /dev/null, it is written as it comes.
    Raises WorkspaceError when the file cannot be written.
    """
    target = output.resolve()
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                write(file)
            return
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                write(file)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WorkspaceError(
            f"{output} cannot be written: {error.strerror or error}.", "Choose another file with -o."
        ) from error
