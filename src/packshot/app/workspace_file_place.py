"""Where the workspace file is, apart from what reads it: most commands only have to know that there is none."""

from __future__ import annotations

import os
from pathlib import Path

NAME = "packshot.toml"


def run_command(workspace: str = "") -> str:
    """What to type for a run: `packshot run` does what the workspace file says; without one it needs a source."""
    if find() is not None:
        return "packshot run"
    return f"packshot run SOURCE --workspace {workspace}" if workspace else "packshot run SOURCE"


def run_into(workspace: str, *options: str) -> str:
    """What to type for a run into that workspace: short where it is the one that the workspace file names."""
    given = "".join(f" {option}" for option in options)
    if _names(workspace):
        return f"packshot run{given}"
    return f"packshot run SOURCE{given} --workspace {workspace}"


def _names(workspace: str) -> bool:
    """Whether the workspace file names that workspace; one with mistakes names none."""
    path = find()
    if path is None:
        return False
    from packshot.app.workspace_file import load
    from packshot.core.errors import PackshotError

    try:
        file = load(path)
        named = file.place(file.workspace)
    except PackshotError:
        return False
    return named in {workspace, os.path.abspath(workspace)}  # noqa: PTH100 - `..` goes, links stay


def find(start: Path | None = None) -> Path | None:
    """The workspace file of a folder (the current one by default) or the nearest above it; None where there is none."""
    folder = (start or Path.cwd()).absolute()
    return next((place / NAME for place in (folder, *folder.parents) if (place / NAME).is_file()), None)
