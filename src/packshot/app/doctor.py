"""Looking at the install, the machine and a workspace."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packshot.core.errors import PackshotError

NEEDED = (
    "numpy", "cv2", "simplejpeg", "PIL", "pi_heif", "blake3", "polars", "pyarrow", "lance", "sqlalchemy",
)  # fmt: skip
LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """What one look found."""

    what: str
    ok: bool
    detail: str
    fix: str = ""


def examined(workspace: Path | None = None) -> list[Result]:
    """Look at Python, the libraries, the formats, the machine and, if given, the workspace."""
    results = [
        _python(),
        *(_library(name) for name in NEEDED),
        _formats(),
        _cores(),
        _models(),
        _room(Path(tempfile.gettempdir())),
    ]
    if workspace is not None:
        results += [*_workspace(workspace), _room(workspace)]
    return results


def _python() -> Result:
    return Result("python", sys.version_info >= (3, 11), platform.python_version(), "")


def _library(name: str) -> Result:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        return Result(name, ok=False, detail=str(error), fix="pip install --force-reinstall packshot")
    return Result(name, ok=True, detail=str(getattr(module, "__version__", "installed")))


def _formats() -> Result:
    from PIL import features

    missing = [name for name in ("webp", "avif", "libtiff", "littlecms2") if not features.check(name)]
    detail = "jpeg png webp gif bmp tiff avif heic" if not missing else f"Pillow lacks {', '.join(missing)}"
    return Result("formats", not missing, detail, "pip install --upgrade --force-reinstall pillow" if missing else "")


def _cores() -> Result:
    return Result("cores", ok=True, detail=f"{len(os.sched_getaffinity(0))} usable")


def _room(folder: Path) -> Result:
    there = next((p for p in (folder, *folder.absolute().parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    fix = (
        ""
        if free > LEAST_FREE_BYTES
        else "Free some space; a run needs room for the originals unless --no-copy is given."
    )
    return Result(f"room in {folder}", free > LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free", fix)


def _models() -> Result:
    """Models that are missing are no fault: what they would find is left out. Damaged ones are."""
    from packshot.app.models import states
    from packshot.models.sessions import device

    if importlib.util.find_spec("onnxruntime") is None:
        detail = "the extra is not installed: what learned models find is left out"
        return Result("models", ok=True, detail=detail, fix='pip install "packshot[models]" && packshot models fetch')
    try:
        device()
        found = states()
    except PackshotError as error:
        return Result("models", ok=False, detail=error.message, fix=error.hint)
    missing = [one.id for one in found if not one.verified and not one.present]
    damaged = [one for one in found if not one.verified and one.present]
    if damaged:
        return Result("models", ok=False, detail=" ".join(one.problem for one in damaged), fix=damaged[0].fix)
    detail = f"{len(found) - len(missing)} of {len(found)} here and whole"
    if missing:
        detail += f"; what these find is left out: {', '.join(missing)}"
    return Result("models", ok=True, detail=detail, fix="packshot models fetch" if missing else "")


def _workspace(folder: Path) -> list[Result]:
    from packshot.app.workspace import Workspace

    try:
        with Workspace(folder) as place:
            counts = {name: place.table(name).height for name in ("listings", "placements", "assets", "troubles")}
            place.hold_whole()
            runs = _runs(place.runs())
    except PackshotError as error:
        return [Result("workspace", ok=False, detail=error.message, fix=error.hint)]
    if not os.access(folder, os.W_OK):
        return [Result("workspace", ok=False, detail="it is read-only", fix=f"chmod -R u+w {folder}"), runs]
    detail = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return [Result("workspace", ok=True, detail=detail), runs]


def _runs(rows: list[dict[str, Any]]) -> Result:
    """How the runs ended; one that was killed has lost nothing, and is no fault of the workspace."""
    states = Counter(str(row["state"]) for row in rows)
    detail = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items())) or "none yet"
    killed = bool(rows) and rows[0]["state"] == "killed"
    fix = "The last one was killed: the same command goes on from there." if killed else ""
    return Result("runs", ok=True, detail=detail, fix=fix)
