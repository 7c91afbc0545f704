"""Where the workspace file is, apart from what reads it: most commands only have to know that there is none."""

from __future__ import annotations

from pathlib import Path

NAME = "packshot.toml"


def find(start: Path | None = None) -> Path | None:
    """The workspace file of a folder (the current one by default) or the nearest above it; None where there is none."""
    folder = (start or Path.cwd()).absolute()
    return next((place / NAME for place in (folder, *folder.parents) if (place / NAME).is_file()), None)
