"""Pictures that the second generator starts from: photographs held back from every training, as Pillow images."""

from __future__ import annotations

import csv
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from exam import NoData
from PIL import Image
from shop_pictures import CLOTHING, GROCERY, MAGENTO2, SOLIDUS, SYLIUS, TAILWIND

from packshot.media.decode import decode

if TYPE_CHECKING:
    from exam import Asked

TRAINING = Path(__file__).parents[2] / "training"
if str(TRAINING) not in sys.path:
    sys.path.append(str(TRAINING))
from base_pictures import SHOPS, Base, base_pictures  # noqa: E402 - a script beside the package, not in it

DATA = (MAGENTO2, TAILWIND, GROCERY, CLOTHING, SYLIUS, SOLIDUS)
HELD_OUT = "nothing that is scored here: a third of the photographs, by group, is held back from every training"
PACKS = frozenset({"Juice", "Milk", "Yoghurt", "Yogurt", "Sour-Cream", "Sour-Milk", "Oat-Milk", "Soyghurt", "Soy-Milk"})
"""Folders of grocery_store whose goods come in packs with print on them."""
LABELS = Path(__file__).parent / "labels/overlays.csv"
"""What was seen by eye to be laid over real pictures: `path,kind,note`. `unclear` is left out of everything."""
STUDIO = frozenset({"magento2", "tailwindtraders", "solidus"})
"""Shops whose pictures stand on a plain ground; grocery_store's packshots do as well."""
LARGEST_PX = 1000
"""Longest side of what pictures are composed at, so that an exam keeps to its minute."""


@cache
def _held(data: Path) -> tuple[Base, ...]:
    return tuple(one for one in base_pictures(data) if one.held)


def held(asked: Asked, *shops: str) -> list[Base]:
    """What no training sees, of these shops or of all, without those that bear something laid over. Raises NoData."""
    for shop in SHOPS:
        asked.folder(shop)
    if not (found := _held(asked.data)):
        raise NoData(f"no photographs of {', '.join(SHOPS)} in {asked.data.name}")
    marked = laid_over()
    return [one for one in found if one.name not in marked and (not shops or one.shop in shops)]


def spread(these: list[Base], most: int) -> list[Base]:
    """At most so many, of every shop as many as it has share, never two of a group before every group has one."""
    if not most:
        return []
    seen: dict[str, int] = {}
    turn = []
    for one in these:
        turn.append(seen.setdefault(one.group, 0))
        seen[one.group] += 1
    ordered = [one for _, one in sorted(zip(turn, these, strict=True), key=lambda pair: (pair[0], pair[1].name))]
    if len(ordered) <= most:
        return ordered
    step = len(ordered) / most
    return [ordered[int(place * step)] for place in range(most)]


def balanced(these: list[Base], most: int) -> list[Base]:
    """At most so many, in turn packshots on a plain ground and natural pictures, while there are both."""
    white = spread([one for one in these if on_white(one)], most // 2)
    natural = spread([one for one in these if not on_white(one)], most - len(white))
    both = min(len(white), len(natural))
    mixed = [one for pair in zip(white, natural, strict=False) for one in pair]
    return [*mixed, *white[both:], *natural[both:]]


def on_white(base: Base) -> bool:
    """Whether it is a packshot on a plain ground."""
    return base.shop in STUDIO or base.role == "iconic"


def is_pack(base: Base) -> bool:
    """Whether it shows a pack with print on it."""
    return base.shop == "grocery_store" and not PACKS.isdisjoint(Path(base.name).parts)


@cache
def laid_over() -> dict[str, str]:
    """Name of a picture of the data → what was seen to be laid over it."""
    with LABELS.open(newline="", encoding="utf-8") as opened:
        return {row["path"]: row["kind"] for row in csv.DictReader(opened)}


def image(path: Path, longest: int = LARGEST_PX) -> Image.Image:
    """The picture as a shopper sees it, RGB, made smaller where it is larger."""
    found = Image.fromarray(decode(path.read_bytes()).rgb)
    found.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return found


def grain(size: tuple[int, int], sigma: float, rng: np.random.Generator) -> Image.Image:
    """Grey noise around 128, by sigma in levels: Pillow's own has no seed."""
    values = rng.normal(128, sigma, size[::-1])
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def encoded(picture: Image.Image, number: int = 0) -> bytes:
    """As a shop would store it: JPEG of three qualities, and WebP, in turn."""
    file = BytesIO()
    if number % 4 == 3:  # noqa: PLR2004 - the last of four
        picture.convert("RGB").save(file, "WEBP", quality=86, method=2)
    else:
        picture.convert("RGB").save(file, "JPEG", quality=(94, 88, 80)[number % 4])
    return file.getvalue()
