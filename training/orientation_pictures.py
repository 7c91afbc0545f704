"""The upright pictures that the orientation model learns from: photographs of shops, drawn things, printed packs."""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from base_pictures import base_pictures
from orientation_models import drawn, solids
from orientation_packs import happens, pack
from packshot.evaluate.segmentation import segment
from packshot.media.decode import decode
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Pixels = NDArray[np.uint8]

SIDE = 224
"""Pixels of each side of what is learned from."""
LONGEST = 480
PALE, HALF = 215, 127
"""Level of a border from which on it is filled up with white; half of all levels."""
PLAIN, SLOPE, FLOOR = 0.4, 0.5, 0.65
"""Of grounds: up to here white or nearly, from here with a slope of light, from here a wall above a floor."""
CROPS = {
    "clothing_dataset": 7,
    "grocery_store": 4,
    "magento2": 8,
    "tailwindtraders": 12,
    "solidus": 16,
    "sylius": 16,
}
"""Crops of each photograph."""
SWAPPED = 2
"""Crops of each photograph of these shops with another ground behind the product, where a mask is trusted."""
SWAPS = ("clothing_dataset", "magento2", "tailwindtraders", "solidus")
DEBIAN = {"openclipart-png": "1:0.18+dfsg-19", "sweethome3d-furniture": "1.8-1"}
NPM = "@lobehub/fluent-emoji-3d@1.1.0"
PACKS = 1400
VIEWS = 2
"""Drawings of each 3D model."""
CLIP_ART = (
    r"/(food|animals|people|buildings|plants|containers|electronics|office|tools|unsorted|education|science"
    r"|transportation/vehicles|recreation/(toys|music|sports|holiday)|computer/hardware)/"
)
LARGEST_FILE = 300_000
"""Bytes of a drawing that is opened; half of those that fit are."""
EMOJI = [
    (0x1F300, 0x1F3FF),
    (0x1F400, 0x1F4FF),
    (0x1F525, 0x1F5FF),
    (0x1F680, 0x1F6CF),
    (0x1F900, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
]
SKIN, JOINED, FLAT = (0x1F3FB, 0x1F3FF), "200d", (0x1F4B9, 0x1F4C3)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """One upright picture."""

    rgb: Pixels
    """Shape (224, 224, 3)."""
    shop: str
    """The shop, or what drew it."""
    group: str
    """Crops of one group are alike: learned from or scored on together."""


def fetch(folder: Path) -> None:
    """Lay the packages of drawings into `folder`, by apt-get and npm, where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, version in DEBIAN.items():
        if not (folder / name).is_dir():
            subprocess.run(["apt-get", "download", f"{name}={version}"], cwd=folder, check=True)  # noqa: S603, S607 -- fixed
            subprocess.run(["dpkg", "-x", next(folder.glob(f"{name}_*.deb")), folder / name], check=True)  # noqa: S603, S607
    if not (folder / "package").is_dir():
        told = subprocess.run(["npm", "pack", "--json", NPM], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
        subprocess.run(["tar", "xzf", json.loads(told.stdout)[0]["filename"]], cwd=folder, check=True)  # noqa: S603, S607


def crops(data: Path, packages: Path) -> Iterator[Crop]:
    """Every crop, upright, the same each time."""
    yield from _photographs(data)
    for source, things in (("furniture", _furniture), ("emoji", _emoji), ("clip art", _clip_art), ("packs", _packs)):
        for name, image in things(packages):
            random = np.random.default_rng(zlib.crc32(f"{source} {name}".encode()))
            yield Crop(cropped(_standing(image, random), random), source, f"{source}:{name.split('#')[0]}")
    yield from _swatches(data)


def _photographs(data: Path) -> Iterator[Crop]:
    grounds: list[Pixels] = []
    for one in base_pictures(data):
        if one.held:
            continue
        random = np.random.default_rng(zlib.crc32(one.name.encode()))
        picture = decode(one.path.read_bytes())
        rgb = np.ascontiguousarray(picture.rung(LONGEST))
        if one.shop in {"grocery_store", "clothing_dataset"} and happens(random, 0.2):
            grounds.append(rgb)
        for _ in range(CROPS[one.shop] if one.role != "detail" else CROPS[one.shop] // 2):
            yield Crop(cropped(rgb, random, mirrored=0.3), one.shop, one.group)
        if one.shop in SWAPS and grounds:
            yield from _swapped(one.shop, one.group, picture, rgb, grounds, random)


def _swatches(data: Path) -> Iterator[Crop]:
    """Cloth and ground from so near that nothing tells which way is up, and plain grounds: to be unsure of."""
    for number, one in enumerate(base_pictures(data)):
        if one.held or one.shop not in {"clothing_dataset", "magento2"}:
            continue
        random = np.random.default_rng(zlib.crc32(f"swatch {one.name}".encode()))
        rgb = np.ascontiguousarray(decode(one.path.read_bytes()).rung(2 * LONGEST))
        if number % 8 == 0:
            rgb = np.full_like(rgb, random.integers(0, 256, 3))
        side = int(min(rgb.shape[:2]) * random.uniform(0.1, 0.22))
        top, left = ((np.array(rgb.shape[:2]) - side) * random.uniform(0.3, 0.7, 2)).astype(int)
        piece = cv2.resize(rgb[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        yield Crop(_recoloured(piece, random), one.shop, one.group)


def _swapped(  # noqa: PLR0913, PLR0917 -- what a crop is made of
    shop: str, group: str, picture: Picture, rgb: Pixels, grounds: list[Pixels], random: np.random.Generator
) -> Iterator[Crop]:
    """The product before other grounds: plain, drawn, or a piece of another photograph turned any way."""
    found = segment(Picture(picture.header, rgb))
    if not found.confident or found.box is None:
        return
    mask = cv2.resize(found.product, (rgb.shape[1], rgb.shape[0]))
    for _ in range(SWAPPED):
        ground = _ground(random, rgb.shape[:2])
        if happens(random, 0.4):
            other = np.rot90(grounds[int(random.integers(len(grounds)))], int(random.integers(4)))
            ground = cv2.resize(other, (rgb.shape[1], rgb.shape[0]))
        share = cv2.GaussianBlur(mask, (0, 0), 1)[:, :, None] / 255.0
        yield Crop(cropped((rgb * share + ground * (1 - share)).astype(np.uint8), random, mirrored=0.3), shop, group)


def _furniture(packages: Path) -> Iterator[tuple[str, Pixels]]:
    for library in sorted(packages.glob("sweethome3d-furniture/usr/share/sweethome3d/furniture/*.sh3f")):
        for solid in solids(library):
            random = np.random.default_rng(zlib.crc32(solid.name.encode()))
            for number in range(VIEWS):
                yield f"{solid.name}#{number}", drawn(solid, random)


def _emoji(packages: Path) -> Iterator[tuple[str, Pixels]]:
    for file in sorted((packages / "package" / "assets").glob("*.webp")):
        points = [int(one, 16) for one in file.stem.split("-")]
        inside = any(low <= points[0] <= high for low, high in EMOJI) and not FLAT[0] <= points[0] <= FLAT[1]
        if inside and JOINED not in file.stem and not any(SKIN[0] <= one <= SKIN[1] for one in points):
            yield file.stem, _opened(file)


def _clip_art(packages: Path) -> Iterator[tuple[str, Pixels]]:
    files = sorted((packages / "openclipart-png" / "usr/share/openclipart/png").rglob("*.png"))
    fitting = [one for one in files if re.search(CLIP_ART, str(one)) and one.stat().st_size < LARGEST_FILE]
    for file in fitting[::2]:
        yield str(file.relative_to(packages)), _opened(file)


def _packs(packages: Path) -> Iterator[tuple[str, Pixels]]:
    random = np.random.default_rng(5)
    pictures = [image for _, image in islice(_emoji(packages), 0, 600, 5)]
    for number in range(PACKS):
        yield str(number), pack(random, pictures[int(random.integers(len(pictures)))])


def _opened(file: Path) -> Pixels:
    with Image.open(file) as opened:
        opened.thumbnail((LONGEST, LONGEST))
        return np.asarray(opened.convert("RGBA"))


def _ground(random: np.random.Generator, size: tuple[int, int]) -> Pixels:
    """White, grey, coloured, a slope of light, or a wall above a floor or a table."""
    kind = random.random()
    colour = random.integers(228, 256) if kind < PLAIN else random.integers(0, 256, 3)
    ground = np.zeros((*size, 3), np.float32) + colour
    if kind > FLOOR:
        at = int(size[0] * random.uniform(0.35, 0.9))
        ground[at:] = random.integers(0, 256, 3)
        ground[at:] += np.linspace(0, random.uniform(-40, 40), size[0] - at)[:, None, None]
        ground += random.normal(0, random.uniform(0, 8), (*size, 1))
        ground = cv2.GaussianBlur(ground, (0, 0), random.uniform(0.5, 6))
    elif kind > SLOPE:
        ground += (np.linspace(-1, 1, size[0])[:, None, None]) * random.uniform(-30, 60)
    return np.clip(ground, 0, 255).astype(np.uint8)


def _standing(rgba: Pixels, random: np.random.Generator) -> Pixels:
    """The thing on a ground, with a shadow where it touches it, most times."""
    rows, columns = np.nonzero(rgba[..., 3] > HALF)
    if len(rows) == 0:
        return np.full((SIDE, SIDE, 3), 255, np.uint8)
    cut = rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = 360 / max(cut.shape[:2])
    cut = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if happens(random, 0.4):
        cut = cut[:, ::-1] if happens(random, 0.5) else cut
    height, width = int(cut.shape[0] * random.uniform(1.05, 1.7)), int(cut.shape[1] * random.uniform(1.05, 1.9))
    top, left = int(random.integers(0, height - cut.shape[0] + 1)), int(random.integers(0, width - cut.shape[1] + 1))
    ground = _ground(random, (height, width)).astype(np.float32)
    if happens(random, 0.6):
        shadow = np.zeros((height, width), np.float32)
        middle = (left + cut.shape[1] // 2, min(top + cut.shape[0] - 4, height - 1))
        axes = (int(cut.shape[1] * random.uniform(0.35, 0.55)) + 1, int(cut.shape[0] * random.uniform(0.02, 0.08)) + 2)
        cv2.ellipse(shadow, middle, axes, 0, 0, 360, 1, -1)
        shadow = cv2.GaussianBlur(shadow, (0, 0), random.uniform(3, 14))
        ground *= 1 - random.uniform(0.15, 0.6) * shadow[..., None]
    share = cut[..., 3:] / 255.0
    place = np.s_[top : top + cut.shape[0], left : left + cut.shape[1]]
    ground[place] = cut[..., :3] * share + ground[place] * (1 - share)
    return np.clip(ground, 0, 255).astype(np.uint8)


def cropped(rgb: Pixels, random: np.random.Generator, mirrored: float = 0.0) -> Pixels:
    """A square piece of the picture, or all of it filled up to a square; other colours; maybe leaning or mirrored."""
    if random.random() < mirrored:
        rgb = rgb[:, ::-1]
    if happens(random, 0.5):
        rgb = _squared(rgb, random)
    height, width = rgb.shape[:2]
    side = int(min(height, width) * random.uniform(0.62, 1.0))
    top, left = int(random.integers(0, height - side + 1)), int(random.integers(0, width - side + 1))
    piece = np.ascontiguousarray(rgb[top : top + side, left : left + side])
    if happens(random, 0.3):
        lean = cv2.getRotationMatrix2D((side / 2, side / 2), random.uniform(-9, 9), 1.12)
        piece = cv2.warpAffine(piece, lean, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(piece, (SIDE, SIDE), interpolation=cv2.INTER_AREA if side > SIDE else cv2.INTER_CUBIC)
    return _recoloured(small, random)


def _squared(rgb: Pixels, random: np.random.Generator) -> Pixels:
    height, width = rgb.shape[:2]
    more, before = abs(height - width), random.uniform()
    first = int(more * before)
    amounts = (0, 0, first, more - first) if height > width else (first, more - first, 0, 0)
    border = np.concatenate([rgb[[0, -1]].reshape(-1, 3), rgb[:, [0, -1]].reshape(-1, 3)])
    fill = (255, 255, 255) if border.mean() > PALE else (127, 127, 127)
    kind = cv2.BORDER_REPLICATE if happens(random, 0.4) else cv2.BORDER_CONSTANT
    return np.asarray(cv2.copyMakeBorder(rgb, *amounts, kind, value=fill), np.uint8)


def _recoloured(rgb: Pixels, random: np.random.Generator) -> Pixels:
    values = rgb.astype(np.float32)
    if happens(random, 0.8):
        values *= random.uniform(0.8, 1.2, 3) * random.uniform(0.75, 1.15)
        grey = values.mean(axis=2, keepdims=True)
        values = grey + (values - grey) * random.choice([0.0, 0.5, 0.8, 1.0, 1.2], p=[0.05, 0.15, 0.3, 0.3, 0.2])
    if happens(random, 0.15):
        values = cv2.GaussianBlur(values, (0, 0), random.uniform(0.4, 1.2))
    found = np.clip(values, 0, 255).astype(np.uint8)
    if happens(random, 0.3):
        _, packed = cv2.imencode(".jpg", found, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(40, 95))])
        found = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return found
