"""A workspace whose catalog lies elsewhere: what says that the two belong together."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from packshot.core.errors import NoWorkspace, WorkspaceError
from packshot.storage.catalog import Catalog
from packshot.storage.catalog_tables import FORMAT_VERSION
from packshot.storage.durable import explained, make_folder

if TYPE_CHECKING:
    from packshot.storage.place import Place

MARKER = "workspace.json"
"""The file in a workspace that names its catalog, where that is elsewhere: `{"format": 1, "catalog": "…"}`."""


def local_folder(place: Place) -> Path:
    """The folder on this machine for what a workspace in an object store keeps locally: catalog, locks, report."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "packshot" / blake3(place.location.encode()).hexdigest()[:16]


def catalog_elsewhere(place: Place, local: Path, catalog: str | Path, *, create: bool) -> Catalog:
    """Open the workspace's catalog, a file or URL, and hold that it and the place belong together.

    Raises:
        WorkspaceError: They do not, or there is no workspace (unless `create`), or something else.
    """
    marked = _marked(place)
    if marked is None:
        _may_become_a_workspace(place, create=create)
    elif isinstance(catalog, Path) and not catalog.is_file():
        raise WorkspaceError(
            f"The catalog of the workspace {place.location} is not at {catalog}.",
            "Name the one it was made with: --catalog FILE or URL; or restore it from a backup.",
        )
    if isinstance(catalog, Path):
        with explained(f"making the folder of {catalog}"):
            make_folder(catalog.absolute().parent)
    opened = Catalog.open(catalog)  # before the folder is made: what it refuses leaves nothing behind
    try:
        with explained(f"making the folder {local}"):
            make_folder(local)
        _hold_together(place, opened, marked)
    except BaseException:
        opened.close()
        raise
    return opened


def _marked(place: Place) -> dict[str, Any] | None:
    with place.explained(f"looking for the workspace {place.location}"):
        if place.size(MARKER) is None:
            return None
        with place.open(MARKER) as file:
            text = file.read()
    try:
        marked = json.loads(text)
        made_by, _ = int(marked["format"]), str(marked["catalog"])
    except (ValueError, TypeError, KeyError) as error:
        message = f"{place.location}/{MARKER} is not what packshot wrote."
        raise WorkspaceError(message, "Restore it from a backup, or name another place with --workspace.") from error
    if made_by > FORMAT_VERSION:
        message = f"A newer packshot made this workspace: its format is {made_by}, this one reads {FORMAT_VERSION}."
        raise WorkspaceError(message, "pip install --upgrade packshot")
    return dict(marked)


def _may_become_a_workspace(place: Place, *, create: bool) -> None:
    if not create:
        raise NoWorkspace(place.location)
    with place.explained(f"looking into {place.location}"):
        if next(iter(place.files()), None) is not None:
            message = f"{place.location} holds something else: there is no {MARKER} in it."
            raise WorkspaceError(message, "Name an empty folder or prefix, or one that packshot made.")


def _hold_together(place: Place, catalog: Catalog, marked: dict[str, Any] | None) -> None:
    if marked is None:
        if catalog.sources() or catalog.runs():
            message = f"The catalog belongs to another workspace than {place.location}, where there is none yet."
            raise WorkspaceError(message, "Name a new file or database with --catalog.")
        text = json.dumps({"format": FORMAT_VERSION, "catalog": catalog.workspace_id})
        with place.explained(f"making the workspace {place.location}"):
            place.write_new(MARKER, text.encode())
        marked = _marked(place)  # another process may have been first
    if marked is None or catalog.workspace_id != marked["catalog"]:
        raise WorkspaceError(
            f"The catalog is not the one that the workspace {place.location} was made with.",
            "Name that one with --catalog FILE or URL: with another, what is stored would be taken for nothing.",
        )
