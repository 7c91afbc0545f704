"""What the network is shown of each picture, made once and kept: the trunk's maps, luma, and the cells to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from overlaid.stored import told
from packshot.evaluate.feature_maps import feature_maps
from packshot.evaluate.laid_over import inside_of, raised
from packshot.media.decode import decode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CELL = 8
COVERED, CLEAR = 0.3, 0.02
"""Share of a cell from which on it is to be found, and up to which it is not; between them nothing is asked."""
UNKNOWN = -1.0
OF = {True: 1.0, False: 0.0, None: UNKNOWN}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One picture as the network sees it."""

    path: Path
    size: tuple[int, int]
    """Rows and columns of cells: pictures of one size can be shown together."""
    labels: tuple[float, float, float]
    """Overlay, watermark, collage: 1, 0, or UNKNOWN."""
    kind: str
    opacity: float
    partner: int
    """The same picture without the watermark, by its place in the list; -1 where there is none."""


def shown(folder: Path) -> list[Shown]:
    """Every picture that was made, with its maps; those that are not there are made."""
    found: list[Shown] = []
    for one in told(folder):
        path = folder / f"{str(one['path']).rsplit('/', 1)[-1]}.npz"
        if not path.exists():
            _keep(path)
        with np.load(path) as kept:
            rows, columns = kept["inside"].shape[1:]
        labels = tuple(OF[one[name]] for name in ("overlay", "watermark", "collage"))  # type: ignore[index]
        second = path.stem.endswith("-1")
        found.append(Shown(path, (rows, columns), labels, str(one["kind"]), float(one["opacity"]), -1))  # type: ignore[arg-type]
        if second:
            first = found[-2]
            found[-2] = Shown(first.path, first.size, first.labels, first.kind, first.opacity, len(found) - 1)
    return found


def _keep(path: Path) -> None:
    picture = decode(path.with_suffix(".jpg").read_bytes())
    maps = feature_maps(picture)
    inside = inside_of(maps)
    masks = cv2.imread(str(path.with_suffix(".png")))[:, :, :2]
    rows, columns = inside.shape[1:]
    height, width = (round(rows * CELL * maps.height_share), round(columns * CELL * maps.width_share))
    whole = np.zeros((rows * CELL, columns * CELL, 2), np.float32)
    whole[:height, :width] = cv2.resize(masks, (width, height), interpolation=cv2.INTER_LINEAR) / 255.0
    shares = whole.reshape(rows, CELL, columns, CELL, 2).mean(axis=(1, 3)).transpose(2, 0, 1)
    wanted = np.where(shares >= COVERED, 1, np.where(shares <= CLEAR, 0, UNKNOWN))
    wanted[:, inside[0] == 0] = UNKNOWN
    np.savez(
        path,
        fine=raised(picture, maps),
        stride_4=maps.stride_4.astype(np.float16),
        stride_8=maps.stride_8.astype(np.float16),
        stride_16=maps.stride_16.astype(np.float16),
        stride_32=maps.stride_32.astype(np.float16),
        inside=inside.astype(np.float16),
        wanted=wanted.astype(np.int8),
    )


def batch(these: list[Shown]) -> dict[str, NDArray[np.generic]]:
    """What is kept of pictures of one size, each array with a row for each."""
    every = []
    for one in these:
        with np.load(one.path) as kept:
            every.append({name: kept[name] for name in kept.files})
    return {name: np.stack([one[name] for one in every]) for name in every[0]}
