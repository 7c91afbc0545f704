"""Pictures that people gave scores, and what is measured of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from exam import Data, NoData
from looking import columns_of
from shipped import filled, measured, need, number

from packshot.choose.quality import quality
from packshot.choose.terms import COLUMNS, LEARNED

if TYPE_CHECKING:
    from pathlib import Path

    from exam import Asked

AVT = Data("avt_ai_images, scores of 28 people", "GPL-3.0")
QUALITY, LOW, HIGH = "technical_quality", "technical_quality_low", "technical_quality_high"
LEARNT_BESIDE = {"shot_type", "shot_type_confidence", "view", "view_confidence", "orientation_degrees"}
CLASSICAL = sorted(set(COLUMNS) - set(LEARNED.values()) - LEARNT_BESIDE)
"""What the classical score reads of a picture: none of it comes from a model."""
BEST, WORST = 5.0, 1.0
"""Of the scale that people scored on."""
SET_ON = "nothing of this: no model was trained on these pictures, and no bound was set on them"


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One picture."""

    path: Path
    maker: str
    """The folder: who or what made the picture."""
    people: float
    """What people said on average, 0 to 1."""
    quality: float | None
    low: float | None
    high: float | None
    classical: float
    cpu_ms: float


@lru_cache(maxsize=2)
def scored(asked: Asked) -> tuple[Scored, ...]:
    """Every picture with a score. Raises NoData."""
    folder = asked.folder("avt_ai_images")
    need(QUALITY, LOW, HIGH)
    with (folder / "mos.csv").open(newline="", encoding="utf-8") as opened:
        rows = [(folder / f"{row['image']}.jpg", float(row["quality_mean"])) for row in csv.DictReader(opened)]
    found = [_scored(path, mean) for path, mean in rows if path.is_file()]
    if not found:
        raise NoData("no pictures beside avt_ai_images/mos.csv")
    return tuple(found)


def _scored(path: Path, mean: float) -> Scored:
    data = path.read_bytes()
    found, cpu_ms = measured(data, QUALITY, LOW, HIGH)
    people = (mean - WORST) / (BEST - WORST)
    values = (number(found[name]) for name in (QUALITY, LOW, HIGH))
    return Scored(path, path.parent.name, people, *values, classical(data), cpu_ms)


def classical(data: bytes) -> float:
    """The score by sharpness, resolution, exposure, noise and compression that the choice of pictures goes by."""
    there = [name for name in CLASSICAL if name in filled()]
    values, _ = columns_of(data, *there)
    frame = pl.DataFrame({name: [values[name]] for name in there}, schema={name: COLUMNS[name] for name in there})
    return float(np.asarray(quality(frame).secondary)[0])
