"""The pairs that the main ranker learns from: editors' choices, and pictures beside worse ones made of them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from listing_groups import MAINS, group_of, rows_of
from packshot.evaluate.product_matte import product_matte
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Random = np.random.Generator

WHOLE = ("magento2", "tailwindtraders", "sylius", "solidus", "clothing_dataset", "grocery_store")
FIRSTS = ("main", "natural", "detail", "iconic")
EACH = 12
"""Pictures of a shop that worse ones are made of, at most."""
LONGEST = 1000


@dataclass(frozen=True)
class Shown:
    """One picture of a listing."""

    shop: str
    group: str
    """What must not be on both sides of a split: a style in all its colours, a kind of grocery."""
    listing: str
    first: bool
    path: Path
    made: str = ""
    """What was made of it; empty where nothing was."""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.path} {self.made}".strip()


def shown(data: Path) -> Iterator[Shown]:
    """Every picture that is learnt from or scored on."""
    for shop in WHOLE:
        rows = rows_of(data / shop)
        firsts = [row for row in rows if row["image_role"] in FIRSTS]
        for row in rows if shop in MAINS else ():
            first = row["image_role"] == MAINS[shop]
            yield Shown(shop, group_of(shop, row), row["product_id"], first, data / shop / row["image_path"])
        for number, row in enumerate(firsts[:: -(-len(firsts) // EACH)]):
            path = data / shop / row["image_path"]
            group, listing = group_of(shop, row), f"{row['product_id']} {row['image_path']}"
            for made in list(WORSE)[number % 2 :: 2]:
                yield Shown(shop, group, f"{listing} {made}", first=True, path=path)
                yield Shown(shop, group, f"{listing} {made}", first=False, path=path, made=made)


def made_of(rgb: Pixels, made: str, name: str) -> Pixels:
    """The worse picture, the same each time."""
    rng = np.random.default_rng(zlib.crc32(f"{name} {made}".encode()))
    return np.ascontiguousarray(WORSE[made](rgb, rng))


def _cut(rgb: Pixels, rng: Random) -> Pixels:
    height, width = rgb.shape[:2]
    side = rng.uniform(0.35, 0.45)
    y, x = (int(rng.uniform(0.15, 0.45) * length) for length in (height, width))
    return rgb[y : y + int(side * height), x : x + int(side * width)]


def _soft(rgb: Pixels, rng: Random) -> Pixels:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.003, 0.008) * max(rgb.shape)), dtype=np.uint8)


def _small(rgb: Pixels, rng: Random) -> Pixels:
    share = rng.uniform(0.25, 0.5)
    return np.asarray(cv2.resize(rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _noisy(rgb: Pixels, rng: Random) -> Pixels:
    return np.asarray(np.clip(rgb + rng.normal(0, rng.uniform(8, 20), rgb.shape), 0, 255), np.uint8)


def _packed(rgb: Pixels, rng: Random) -> Pixels:
    _, data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(8, 22))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def _dark(rgb: Pixels, rng: Random) -> Pixels:
    return np.asarray(rgb * rng.uniform(0.12, 0.3), np.uint8)


def _burnt(rgb: Pixels, rng: Random) -> Pixels:
    return np.asarray(np.clip(rgb * rng.uniform(1.6, 2.4) + 20, 0, 255), np.uint8)


def _lost(rgb: Pixels, rng: Random) -> Pixels:
    """The product small in the middle of much of its own ground."""
    height, width = rgb.shape[:2]
    share = rng.uniform(0.3, 0.5)
    corner = np.median(np.concatenate([rgb[:4, :4].reshape(-1, 3), rgb[:4, -4:].reshape(-1, 3)]), axis=0)
    out = np.full_like(rgb, corner.astype(np.uint8))
    small = cv2.resize(rgb, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA)
    y, x = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    out[y : y + small.shape[0], x : x + small.shape[1]] = small
    return out


def _shifted(rgb: Pixels, rng: Random) -> Pixels:
    """Cut off at a side."""
    height, width = rgb.shape[:2]
    return (
        rgb[:, int(rng.uniform(0.3, 0.45) * width) :] if height < width else rgb[int(rng.uniform(0.3, 0.45) * height) :]
    )


def _framed(rgb: Pixels, rng: Random) -> Pixels:
    thick = int(rng.uniform(0.015, 0.05) * min(rgb.shape[:2])) + 2
    colour = [int(one) for one in rng.integers(0, 200, 3)]
    return np.asarray(cv2.copyMakeBorder(rgb, *(thick,) * 4, cv2.BORDER_CONSTANT, value=colour), dtype=np.uint8)


def _tinted(rgb: Pixels, rng: Random) -> Pixels:
    """White becomes another colour."""
    return np.asarray(rgb * rng.uniform(0.6, 0.95, 3), np.uint8)


def _restless(rgb: Pixels, rng: Random) -> Pixels:
    """The product before blots of many colours."""
    rgb = np.ascontiguousarray(cv2.resize(rgb, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA))
    found = product_matte(Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb))
    height, width = rgb.shape[:2]
    ground = np.zeros((height, width, 3))
    for size, part in ((5, 0.5), (17, 0.3), (60, 0.2)):
        blots = rng.integers(0, 256, (size, size, 3)).astype(np.float32)
        ground += part * cv2.resize(blots, (width, height), interpolation=cv2.INTER_CUBIC)
    mask = (
        np.zeros((height, width, 1)) if found is None else cv2.resize(found.mask, (width, height))[:, :, None] / 255.0
    )
    return np.asarray(np.clip(rgb * mask + ground * (1 - mask), 0, 255), np.uint8)


WORSE = {
    "cut": _cut,
    "soft": _soft,
    "small": _small,
    "noisy": _noisy,
    "packed": _packed,
    "dark": _dark,
    "burnt": _burnt,
    "lost": _lost,
    "shifted": _shifted,
    "framed": _framed,
    "tinted": _tinted,
    "restless": _restless,
}
"""Name → what makes a worse picture of a good one."""
