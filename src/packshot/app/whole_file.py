"""Writes a file wholly or not at all."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from packshot.core.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_file(output: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Give `output` what `write` writes, in place of what was there; when it fails, all is as it was.

    Raises WorkspaceError when the file cannot be written.
    """
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as file:
            write(file)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WorkspaceError(
            f"{output} cannot be written: {error.strerror or error}.", "Choose another file with -o."
        ) from error
