"""What the mask is trained on, kept in a folder: composed pictures, and photographs with the teacher's masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mask_cutouts import pieces
from mask_scenes import Scenes
from mask_teacher import taught

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mask_scenes import Scene

IN_ONE = 500
"""Pictures in one file."""


def made(data: Path, cache: Path, scenes: int, seeds: int, variants: int) -> list[Path]:
    """Files of pictures, made where they are not there: `rgb 0` (h, w, 3), `mask 0` (h, w), and so on."""
    cache.mkdir(parents=True, exist_ok=True)
    files = [cache / f"scenes {seeds} {start}.npz" for start in range(0, scenes, IN_ONE)]
    if not all(file.is_file() for file in files):
        maker = Scenes(data, list(pieces(data, seeds)))
        for number, file in enumerate(files):
            if not file.is_file():
                _keep(file, (maker.scene(one) for one in range(number * IN_ONE, (number + 1) * IN_ONE)))
    teacher = cache / f"taught {variants}.npz"
    if not teacher.is_file():
        _keep(teacher, taught(data, variants))
    return [*files, teacher]


def _keep(file: Path, found: Iterable[Scene]) -> None:
    planes = {}
    for number, scene in enumerate(found):
        planes |= {f"rgb {number}": scene.rgb, f"mask {number}": scene.alpha}
    np.savez(file.with_suffix(".part.npz"), **planes)
    file.with_suffix(".part.npz").rename(file)
