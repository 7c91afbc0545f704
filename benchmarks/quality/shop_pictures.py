"""The real pictures that exams are made from, by kind; none of them belongs to the project."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam import Data

if TYPE_CHECKING:
    from pathlib import Path

    from exam import Asked

MAGENTO2 = Data("magento2 studio photographs", "AFL-3.0")
TAILWIND = Data("tailwindtraders home products", "MIT")
GROCERY = Data("grocery_store packshots and phone photographs", "MIT")
CLOTHING = Data("clothing_dataset phone photographs", "CC0")
SOLIDUS = Data("solidus renders with alpha", "BSD-3-Clause")
SYLIUS = Data("sylius photographs", "MIT")


@dataclass(frozen=True, slots=True)
class Photo:
    """One row of a shop's catalogue."""

    path: Path
    listing: str
    title: str
    category: str
    role: str
    shop: str


def photos(asked: Asked, shop: str) -> list[Photo]:
    """Every picture of a shop (a folder of the data with `catalog.csv`), sorted by path. Raises NoData."""
    folder = asked.folder(shop)
    with (folder / "catalog.csv").open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    found = [
        Photo(
            folder / row["image_path"],
            f"{shop}:{row['product_id']}",
            row["title"],
            row["category"],
            row["image_role"],
            shop,
        )
        for row in rows
    ]
    return sorted((one for one in found if one.path.is_file()), key=lambda one: str(one.path))


def studio(asked: Asked) -> list[Photo]:
    """Clean packshots large enough to be judged at native size: magento2's mains, tailwind's details."""
    magento = [one for one in photos(asked, "magento2") if one.role == "main"]
    tailwind = [one for one in photos(asked, "tailwindtraders") if one.role == "detail"]
    return [*magento, *tailwind]


def spread(these: list[Photo], most: int) -> list[Photo]:
    """At most so many of them, taken evenly."""
    step = max(1, -(-len(these) // most))
    return these[::step]
