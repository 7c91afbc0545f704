"""Pictures with an exact mask: cut-outs laid on grounds of many kinds, whole or cut off, alone or side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mask_cutouts import seen_photos
from packshot.media.decode import decode
from packshot.testing.drawing import room, sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from mask_cutouts import Piece

    Pixels = NDArray[np.uint8]
    Floats = NDArray[np.float32]

SIZES = ((352, 352), (352, 352), (288, 352), (256, 352), (352, 288), (352, 256))
"""Width and height; shops' pictures are as high as wide, or higher."""
OVER = 1.5
"""Made so much larger than it is seen, as pictures are."""
KINDS = {
    "plain": 0.13,
    "gradient": 0.08,
    "own colour": 0.11,
    "surface": 0.2,
    "photo": 0.26,
    "room": 0.14,
    "noise": 0.08,
}
"""Grounds, and the share of pictures on each."""
SEEN_THROUGH = 0.06
"""Share of the products that are of glass, more or less."""
ROOMS = 40
"""Drawn rooms."""
FINEST = 600
"""Pixels, at least, of the longer side of the photographs that grounds are cut from."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture and how much of each pixel is product, both (h, w)."""

    rgb: Pixels
    alpha: Pixels
    kind: str


class Scenes:
    """Makes scenes out of pieces; the n-th scene is the same each time."""

    def __init__(self, data: Path, parts: Sequence[Piece]) -> None:
        self._photos = [one for one in seen_photos(data) if one.role == "natural"]
        groups: dict[str, list[Piece]] = {}
        for part in parts:
            groups.setdefault(part.group, []).append(part)
        self._groups = list(groups.values())
        self._weights = np.sqrt([len(group) for group in self._groups])
        self._weights /= self._weights.sum()

    def scene(self, number: int) -> Scene:
        """The scene of that number."""
        rng = np.random.default_rng([number, 5])
        shown = SIZES[int(rng.integers(len(SIZES)))]
        size = (round(shown[0] * OVER), round(shown[1] * OVER))
        kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
        several = rng.random() < 0.16  # noqa: PLR2004 - one picture in six
        front, alpha = self._several(rng, size) if several else self._one(rng, size)
        scene = self._ground(kind, size, rng, front, alpha)
        if kind == "own colour":
            front, scene = _alike(front, alpha, scene, rng)
        if rng.random() < (0.5 if kind in {"plain", "gradient", "own colour"} else 0.85):
            scene = scene * (1 - _cast(alpha, rng)[..., None])
        share = _glassy(alpha, rng) if rng.random() < SEEN_THROUGH else alpha / np.float32(255)
        mixed = front * share[..., None] + scene * (1 - share[..., None])
        mixed = _taken(mixed, rng)
        rgb = cv2.resize(np.clip(mixed, 0, 255).astype(np.uint8), shown, interpolation=cv2.INTER_AREA)
        mask = cv2.resize(alpha, shown, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:  # noqa: PLR2004 - one in two
            rgb, mask = rgb[:, ::-1], mask[:, ::-1]
        return Scene(_stored(np.ascontiguousarray(rgb), rng), np.ascontiguousarray(mask, np.uint8), kind)

    def _piece(self, rng: np.random.Generator) -> tuple[Floats, Pixels, bool]:
        group = self._groups[int(rng.choice(len(self._groups), p=self._weights))]
        part = group[int(rng.integers(len(group)))]
        rgb = part.rgb.astype(np.float32)
        if rng.random() < 0.5:  # noqa: PLR2004 - one in two in other colours
            rgb = rgb[..., rng.permutation(3)]
        if rng.random() < 0.5:  # noqa: PLR2004 - one in two in other light
            rgb = 255 * (rgb / 255) ** np.float32(np.exp(rng.normal(0, 0.4)))
        return rgb, part.alpha, part.foot

    def _one(self, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Pixels]:
        rgb, alpha, foot = self._piece(rng)
        if not foot and rng.random() < 0.35:  # noqa: PLR2004 - a third lie aslant
            rgb, alpha = _turned(rgb, alpha, float(rng.normal(0, 25)))
        fill = float(rng.uniform(0.25, 0.98))
        cut = rng.random() < 0.12  # noqa: PLR2004 - one in eight runs off the frame
        return _laid(rgb, alpha, size, fill, _place(rng, size, alpha, fill, foot=foot, cut=cut))

    def _several(self, rng: np.random.Generator, size: tuple[int, int]) -> tuple[Floats, Pixels]:
        count = int(rng.integers(2, 4))
        front, alpha = np.zeros((size[1], size[0], 3), np.float32), np.zeros((size[1], size[0]), np.uint8)
        level = float(rng.uniform(0.45, 0.6))
        for place in range(count):
            rgb, own, _ = self._piece(rng)
            at = (0.06 + 0.88 * (place + 0.5) / count, level + float(rng.normal(0, 0.03)))
            each, cover = _laid(rgb, own, size, 0.85 / count * float(rng.uniform(0.8, 1.15)), at)
            share = cover[..., None] / np.float32(255)
            front = each * share + front * (1 - share)
            alpha = np.maximum(alpha, cover)
        return front, alpha

    def _ground(  # noqa: PLR0911 - one for each kind
        self, kind: str, size: tuple[int, int], rng: np.random.Generator, front: Floats, alpha: Pixels
    ) -> Floats:
        flat = np.ones((size[1], size[0], 3), np.float32)
        if kind == "plain":
            return flat * (rng.integers(0, 256, 3) if rng.random() < 0.5 else int(rng.choice([255, 250, 235, 20, 8])))  # noqa: PLR2004 - one in two
        if kind == "gradient":
            tint = rng.integers(-25, 1, 3)
            light, dim = int(rng.integers(90, 256)), int(rng.integers(20, 200))
            plane = sweep(size, tuple(int(c) for c in np.clip(light + tint, 0, 255)), (dim, dim, dim))
            return plane.astype(np.float32)
        if kind == "own colour":
            return flat * _colour_of(front, alpha)
        if kind == "room":
            return _room(int(rng.integers(ROOMS)), size)
        if kind == "noise":
            return _clouds(rng, size)
        photo = _photo(self._photos[int(rng.integers(len(self._photos)))].path)
        if kind == "surface":
            return _mirrored(photo, size, rng)
        return _out_of_focus(photo, size, rng)


def _place(  # noqa: PLR0913 - each says one thing of the place
    rng: np.random.Generator, size: tuple[int, int], alpha: Pixels, fill: float, *, foot: bool, cut: bool
) -> tuple[float, float]:
    zoom = fill / max(alpha.shape[1] / size[0], alpha.shape[0] / size[1])
    free = [(1 - alpha.shape[1] * zoom / size[0]) / 2, (1 - alpha.shape[0] * zoom / size[1]) / 2]
    if cut:
        free = [one + 0.3 for one in free]
    x, y = (0.5 + float(rng.uniform(-0.9, 0.9)) * max(0.0, one) for one in free)
    return (x, 1 - alpha.shape[0] * zoom / size[1] / 2) if foot else (x, y)


def _laid(
    rgb: Floats, alpha: Pixels, size: tuple[int, int], fill: float, centre: tuple[float, float]
) -> tuple[Floats, Pixels]:
    """The piece in a frame of that size: its colours, and its alpha."""
    zoom = fill / max(alpha.shape[1] / size[0], alpha.shape[0] / size[1])
    move = np.array(
        [
            [zoom, 0, centre[0] * size[0] - alpha.shape[1] * zoom / 2],
            [0, zoom, centre[1] * size[1] - alpha.shape[0] * zoom / 2],
        ]
    )
    front = cv2.warpAffine(rgb, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(alpha, move, size, flags=cv2.INTER_LINEAR)
    return np.asarray(front, np.float32), np.asarray(cover, np.uint8)


def _turned(rgb: Floats, alpha: Pixels, degrees: float) -> tuple[Floats, Pixels]:
    height, width = alpha.shape
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(move[0, 0]), abs(move[0, 1])
    wide, high = int(height * sin + width * cos) + 2, int(height * cos + width * sin) + 2
    move[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    turned = cv2.warpAffine(rgb, move, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.float32), np.asarray(cv2.warpAffine(alpha, move, (wide, high)), np.uint8)


def _colour_of(front: Floats, alpha: Pixels) -> Floats:
    inside = alpha >= 128  # noqa: PLR2004 - half of 255
    return front[inside].mean(axis=0) if inside.any() else np.zeros(3, np.float32)


def _alike(front: Floats, alpha: Pixels, scene: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """White on white, black on black, or the product before its own colour: only shading and edges tell."""
    grey = front.mean(axis=2, keepdims=True)
    inside = alpha >= 128  # noqa: PLR2004 - half of 255
    middle = float(grey[inside].mean()) if inside.any() else 128.0
    way = rng.random()
    if way < 0.4:  # noqa: PLR2004 - white
        told = np.clip(250 - (middle * 1.4 - grey) * rng.uniform(0.1, 0.45), 120, 253)
        return np.repeat(told, 3, axis=2), np.full_like(scene, int(rng.integers(244, 256)))
    if way < 0.75:  # noqa: PLR2004 - black
        told = np.clip(front * (rng.uniform(10, 34) / max(1.0, middle)), 0, 255)
        size = (scene.shape[1], scene.shape[0])
        light, dim = int(rng.integers(10, 45)), int(rng.integers(2, 12))
        return told, sweep(size, (light, light, light + 2), (dim, dim, dim + 2)).astype(np.float32)
    return front, np.clip(scene + rng.normal(0, 12, 3), 0, 255).astype(np.float32)


def _glassy(alpha: Pixels, rng: np.random.Generator) -> Floats:
    """Opaque at the rim, seen through within."""
    share = alpha / np.float32(255)
    width = max(3, int(max(alpha.shape) * 0.03)) | 1
    inner = cv2.GaussianBlur(cv2.erode(share, np.ones((width, width), np.uint8)), (0, 0), width / 3)
    return np.asarray(share * (1 - inner * float(rng.uniform(0.5, 0.9))), np.float32)


def _cast(alpha: Pixels, rng: np.random.Generator) -> Floats:
    """How much darker the ground is: soft, to a side and below, or a narrow one at the foot."""
    side = max(alpha.shape)
    move = np.array([[1, 0, rng.normal(0, 0.025) * side], [0, 1, rng.uniform(-0.005, 0.05) * side]])
    moved = cv2.warpAffine(alpha, move, alpha.shape[::-1]).astype(np.float32) / 255
    if rng.random() < 0.3:  # noqa: PLR2004 - a third fall on a floor
        rows = np.flatnonzero(alpha.max(axis=1) >= 128)  # noqa: PLR2004 - half of 255
        if len(rows):
            moved[: rows[-1] - int(0.08 * side)] = 0
    soft = cv2.GaussianBlur(moved, (0, 0), float(rng.uniform(0.004, 0.03)) * side)
    return np.asarray(soft * float(rng.uniform(0.1, 0.55)), np.float32)


@cache
def _photo(path: Path) -> Pixels:
    return decode(path.read_bytes()).rung(FINEST)


@cache
def _drawn_room(number: int) -> Pixels:
    return room((640, 640), number, blur=0.003)


def _room(number: int, size: tuple[int, int]) -> Floats:
    side = max(size)
    large = cv2.resize(_drawn_room(number), (side, side), interpolation=cv2.INTER_LINEAR)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    return np.asarray(large[top : top + size[1], left : left + size[0]], np.float32)


def _clouds(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Cloth, plaster, marble: noise of a few scales between two colours."""
    plane = np.zeros((size[1], size[0]), np.float32)
    for scale in (4, 9, 24, 80):
        coarse = rng.normal(0, 1, (scale, scale)).astype(np.float32)
        plane += cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) * np.float32(rng.uniform(0.1, 1))
    share = 1 / (1 + np.exp(-plane * rng.uniform(0.5, 2)))[..., None]
    one, other = rng.integers(0, 256, 3), rng.integers(0, 256, 3)
    other = one + (other - one) * rng.uniform(0.1, 0.6)
    return np.asarray(one * share + other * (1 - share), np.float32)


def _crop(rgb: Pixels, size: tuple[int, int], share: float, rng: np.random.Generator) -> Floats:
    """A part of it of the wanted shape, enlarged or shrunk to it."""
    height, width = rgb.shape[:2]
    unit = share * min(width / size[0], height / size[1])
    wide, high = max(4, int(size[0] * unit)), max(4, int(size[1] * unit))
    y, x = int(rng.integers(0, height - high + 1)), int(rng.integers(0, width - wide + 1))
    how = cv2.INTER_AREA if wide > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb[y : y + high, x : x + wide], size, interpolation=how), np.float32)


def _mirrored(rgb: Pixels, size: tuple[int, int], rng: np.random.Generator) -> Floats:
    """The calmest of a few corners, mirrored to fill the frame: floors, walls, cloth."""
    tries = [_crop(rgb, size, float(rng.uniform(0.2, 0.4)), rng) for _ in range(4)]
    calm = min(tries, key=lambda one: float(one.std(axis=(0, 1)).sum()))
    half = cv2.resize(calm, (size[0] // 2 + 1, size[1] // 2 + 1), interpolation=cv2.INTER_AREA)
    tile = np.concatenate([half, half[:, ::-1]], axis=1)
    return np.asarray(np.concatenate([tile, tile[::-1]], axis=0)[: size[1], : size[0]], np.float32)


def _out_of_focus(rgb: Pixels, size: tuple[int, int], rng: np.random.Generator) -> Floats:
    scene = _crop(rgb, size, float(rng.uniform(0.5, 1.0)), rng)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(0.003, 0.02)) * max(size)), np.float32)


def _taken(mixed: Floats, rng: np.random.Generator) -> Floats:
    """As a camera gives it: a cast, less or more light, softness, noise."""
    mixed = mixed * np.asarray(rng.normal(1, 0.04, 3), np.float32) * np.float32(rng.uniform(0.85, 1.1))
    if rng.random() < 0.3:  # noqa: PLR2004 - a third are a little soft
        mixed = cv2.GaussianBlur(mixed, (0, 0), float(rng.uniform(0.4, 1.5)))
    return mixed + rng.normal(0, float(rng.uniform(0, 4)), mixed.shape).astype(np.float32)


def _stored(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    if rng.random() < 0.3:  # noqa: PLR2004 - what is shrunk a lot has lost its JPEG blocks
        return rgb
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 97))])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
