"""Where the workspace file is, apart from what reads it: most commands only have to know that there is none."""

from __future__ import annotations

from pathlib import Path

NAME = "packshot.toml"


def run_command(workspace: str = "") -> str:
    """What to type for a run: `packshot run` does what the workspace file says; without one it needs a source."""
    if find() is not None:
        return "packshot run"
    return f"packshot run SOURCE --workspace {workspace}" if workspace else "packshot run SOURCE"


def find(start: Path | None = None) -> Path | None:
    """The workspace file of a folder (the current one by default) or the nearest above it; None where there is none."""
    folder = (start or Path.cwd()).absolute()
    return next((place / NAME for place in (folder, *folder.parents) if (place / NAME).is_file()), None)
