"""Which pictures were labelled by eye with the kind of shot and the view, and as what."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from base_pictures import base_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

LABELS = Path(__file__).parent / "labels" / "shots.csv"
EVALUATION_ONLY = ("avt_ai_images", "imagededup_tests", "cleanvision_tests")
ENDINGS = {".jpg", ".jpeg", ".png"}
DISPUTED = "open to dispute"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture and what it shows."""

    path: Path
    name: str
    shop: str
    group: str
    held: bool
    """No training may see it."""
    shot_type: str | None
    """One of the kinds; None where that is open to dispute."""
    view: str | None
    """One of the views, or empty where none has a meaning; None where that is open to dispute."""


def labelled(data: Path, labels: Path = LABELS) -> Iterator[Shot]:
    """Every labelled picture; a row that ends in `/` holds for what no longer row speaks of."""
    with labels.open(newline="", encoding="utf-8") as opened:
        rows = {row["path"]: row for row in csv.DictReader(opened)}
    folders = sorted((path for path in rows if path.endswith("/")), key=len, reverse=True)
    pictures = [(one.path, one.name, one.shop, one.group, one.held) for one in base_pictures(data)]
    for shop in EVALUATION_ONLY:
        found = sorted(path for path in (data / shop).rglob("*") if path.suffix.lower() in ENDINGS)
        pictures += [(path, str(path.relative_to(data)), shop, f"{shop}:{path.stem}", True) for path in found]
    for path, name, shop, group, held in pictures:
        row = rows.get(name) or next((rows[one] for one in folders if name.startswith(one)), None)
        if row is None:
            continue
        disputed = DISPUTED in row["note"]
        shot_type = row["shot_type"] or None
        view = None if shot_type is None or (disputed and not row["view"]) else row["view"]
        yield Shot(path, name, shop, group, held, shot_type, view)
