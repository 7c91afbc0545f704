"""The real photographs that models are trained on, and the third of them, by group, that none of them ever sees.

What is held serves `benchmarks/quality` alone. `avt_ai_images` is in neither: it is for evaluation only.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from listing_groups import group_of

if TYPE_CHECKING:
    from pathlib import Path

SHOPS = ("magento2", "grocery_store", "clothing_dataset", "tailwindtraders", "solidus", "sylius")
"""AFL-3.0, MIT, CC0, MIT, BSD-3-Clause, MIT."""
HELD_OF = 3
"""One group of so many is held."""


@dataclass(frozen=True, slots=True)
class Base:
    """One photograph of a shop."""

    path: Path
    name: str
    """Its path below the folder of data."""
    shop: str
    role: str
    """What the shop calls it: `main`, `alt`, `natural`, `iconic`, ...; never an input of a model."""
    group: str
    """Pictures of one group are alike: a style in all its colours, a kind of grocery, one sender's clothes."""

    @property
    def held(self) -> bool:
        """Whether no training may see it."""
        return is_held(self.group)


def is_held(group: str) -> bool:
    """Whether pictures of this group are for scoring only."""
    return zlib.crc32(f"held {group}".encode()) % HELD_OF == 0


def base_pictures(data: Path) -> list[Base]:
    """Every photograph of every shop, sorted by name."""
    found = []
    for shop in SHOPS:
        with (data / shop / "catalog.csv").open(encoding="utf-8", newline="") as opened:
            rows = [{"image_role": "", **row} for row in csv.DictReader(opened)]
        for row in rows:
            path = data / shop / row["image_path"]
            if path.is_file():
                name = str(path.relative_to(data))
                found.append(Base(path, name, shop, row["image_role"], group_of(shop, row)))
    return sorted(found, key=lambda one: one.name)
