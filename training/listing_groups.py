"""Which pictures must be held out together, and in which fold: for the scripts of this folder and for exams."""

from __future__ import annotations

import csv
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDS = 5
MAINS = {"magento2": "main", "grocery_store": "iconic"}
"""Shop → the role of what its editor put first; the other pictures of the listing are what it was chosen over."""


def rows_of(folder: Path) -> list[dict[str, str]]:
    """The rows of a shop's catalogue; where it has no roles, they are empty."""
    with (folder / "catalog.csv").open(encoding="utf-8", newline="") as opened:
        return [{"image_role": "", **row} for row in csv.DictReader(opened)]


def group_of(shop: str, row: dict[str, str]) -> str:
    """What the picture's listing must be held out with."""
    if shop == "grocery_store":
        return f"{shop}:{row['category']}"
    return f"{shop}:{row.get('sender_id') or row['product_id'].split('-')[0]}"


def fold_of(group: str) -> int:
    """Which of the folds a group is scored in."""
    return zlib.crc32(group.encode()) % FOLDS
