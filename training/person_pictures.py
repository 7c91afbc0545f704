"""The pictures that the person head learns from: labels, groups, and what is made of each picture besides."""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.segmentation import segment
from packshot.media.decode import decode
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.media.picture import Pixels

LABELS = Path(__file__).parent / "labels" / "persons.csv"
ENDINGS = {".jpg", ".jpeg", ".png"}
SIDE = 480
"""Longest side, or up to twice it, of what pictures are made from."""
HEADLESS = 0.22
"""Part of a standing person, from the top, that is cut away to leave a body without a head."""
EVALUATION_ONLY = ("avt_ai_images",)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture and what was seen in it."""

    path: Path
    name: str
    shop: str
    group: str
    """Pictures of one group are alike, and are trained on or scored on together."""
    person: bool | None
    """A head, a torso, legs or a worn arm shows; a hand that holds a thing does not count. None: open to dispute."""
    faces: int | None
    """Faces; None where part of one or a profile shows."""
    note: str


def labelled(data: Path, labels: Path = LABELS) -> list[Labelled]:
    """Every picture that the labels speak of, in the order of their names; a row that ends in `/` is a whole folder."""
    rows: dict[str, dict[str, str]] = {}
    with labels.open(newline="", encoding="utf-8") as opened:
        for row in sorted(csv.DictReader(opened), key=lambda one: not one["path"].endswith("/")):
            if row["path"].endswith("/"):
                inside = (p for p in (data / row["path"]).rglob("*") if p.suffix.lower() in ENDINGS)
                rows |= {str(p.relative_to(data)): row | {"note": ""} for p in inside}
            else:
                rows[row["path"]] = row
    senders = _senders(data)
    return [_one(data, name, row, senders) for name, row in sorted(rows.items()) if (data / name).is_file()]


def _one(data: Path, name: str, row: dict[str, str], senders: dict[str, str]) -> Labelled:
    path, shop = data / name, name.split("/", maxsplit=1)[0]
    groups = {
        "magento2": path.stem.split("-")[0],
        "sylius": "/".join(path.parts[-3:-1]),
        "solidus": "_".join(path.stem.split("_")[:2]),
        "clothing_dataset": senders.get(path.name, path.stem),
        "grocery_store": path.parent.name,
    }
    person = bool(int(row["person"])) if row["person"] else None
    faces = int(row["faces"]) if row["faces"] else None
    return Labelled(path, name, shop, f"{shop}:{groups.get(shop, path.stem)}", person, faces, row["note"])


def _senders(data: Path) -> dict[str, str]:
    """Who sent each picture of clothing_dataset: their carpets and walls are the same."""
    catalog = data / "clothing_dataset" / "catalog.csv"
    if not catalog.is_file():
        return {}
    with catalog.open(newline="", encoding="utf-8") as opened:
        return {Path(row["image_path"]).name: row["sender_id"] for row in csv.DictReader(opened)}


class Studio:
    """Makes more pictures of one: crops, hues, headless bodies, and things before other grounds."""

    def __init__(self, pictures: list[Labelled]) -> None:
        """Take every eighteenth flat garment and every fortieth grocery as a ground."""
        flat = [one for one in pictures if one.shop == "clothing_dataset"][3::18]
        shelf = [one for one in pictures if one.shop == "grocery_store"][5::40]
        self._grounds = [_small(decode(one.path.read_bytes())) for one in (*flat, *shelf)]

    def made(self, one: Labelled, picture: Picture) -> Iterator[Picture]:
        """The picture itself, then what is made of it; the same each time."""
        yield picture
        if one.shop in EVALUATION_ONLY or one.person is None:
            return
        random = np.random.default_rng(zlib.crc32(one.name.encode()))
        small = _small(picture)
        many = {"sylius": 4, "solidus": 4, "magento2": 1, "clothing_dataset": 1, "tailwindtraders": 1}
        for _ in range(many.get(one.shop, 0)):
            yield _as_picture(picture, _tinted(_cropped(small, random), random))
        if one.shop in {"sylius", "solidus"}:
            yield _as_picture(picture, np.ascontiguousarray(small[:, ::-1]))
        if one.shop in {"magento2", "clothing_dataset"}:
            yield from self._grounded(one, picture, small, random)

    def _grounded(
        self, one: Labelled, picture: Picture, small: Pixels, random: np.random.Generator
    ) -> Iterator[Picture]:
        found = segment(_as_picture(picture, small))
        if not found.confident or found.box is None:
            return
        mask = cv2.resize(found.product, (small.shape[1], small.shape[0]))
        ground = self._grounds[int(random.integers(len(self._grounds)))]
        placed = _placed(small, mask, _cropped(ground, random))
        yield _as_picture(picture, placed)
        if one.person:
            yield _as_picture(picture, _cropped(placed, random))
            top = (found.box[1] + HEADLESS * found.box[3]) / found.product.shape[0]
            yield _as_picture(picture, small[int(top * small.shape[0]) :])
        else:
            yield _as_picture(picture, _placed(small, mask, np.full_like(small, random.integers(235, 256))))


def _small(picture: Picture) -> Pixels:
    return np.ascontiguousarray(picture.rung(SIDE))


def _as_picture(like: Picture, rgb: Pixels) -> Picture:
    return Picture(like.header, np.ascontiguousarray(rgb))


def _cropped(rgb: Pixels, random: np.random.Generator) -> Pixels:
    height, width = rgb.shape[:2]
    tall, wide = int(height * random.uniform(0.5, 0.95)), int(width * random.uniform(0.6, 1))
    top, left = int(random.integers(0, height - tall + 1)), int(random.integers(0, width - wide + 1))
    return rgb[top : top + tall, left : left + wide]


def _tinted(rgb: Pixels, random: np.random.Generator) -> Pixels:
    """Another hue and brightness, and a JPEG of quality 25 to 80."""
    values = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2HSV).astype(int)
    values[..., 0] = (values[..., 0] + int(random.integers(-8, 9))) % 180
    values[..., 2] = np.clip(values[..., 2] * random.uniform(0.6, 1.3), 0, 255)
    tinted = cv2.cvtColor(values.astype(np.uint8), cv2.COLOR_HSV2RGB)
    _, packed = cv2.imencode(".jpg", tinted, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 80))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


def _placed(rgb: Pixels, mask: Pixels, ground: Pixels) -> Pixels:
    behind = cv2.resize(ground, (rgb.shape[1], rgb.shape[0]))
    share: NDArray[np.float64] = cv2.GaussianBlur(mask, (0, 0), 1)[:, :, None] / 255.0
    return (rgb * share + behind * (1 - share)).astype(np.uint8)
