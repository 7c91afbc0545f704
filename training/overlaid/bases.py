"""The pictures that things are laid over: photographs, drawn products on grounds, cropped and changed a little."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from base_pictures import base_pictures
from overlaid.fonts import of_part
from overlaid.patch import chance, colour
from packshot.media.decode import decode
from packshot.testing.drawing import KINDS, draw_product, room

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from overlaid.fonts import Part

    Pixels = NDArray[np.uint8]

WEIGHTS = {
    "magento2": 3.0,
    "grocery_store": 0.8,
    "clothing_dataset": 0.8,
    "tailwindtraders": 4,
    "sylius": 5,
    "solidus": 5,
}
"""How often a photograph of each shop comes, so that small shops count."""
LONGEST = 900
DRAWN = 60
"""Drawn products in the pool, of all kinds in turn."""
ROOMS = 16
"""Drawn rooms to stand in."""


@cache
def _room(seed: int) -> Pixels:
    return np.ascontiguousarray(room((900, 900), seed=seed))


@dataclass(slots=True, eq=False)
class Bases:
    """A pool of photographs that may be trained on, of one part, and drawn products."""

    data: Path
    part: Part
    seed: int = 0
    photos: list[Pixels] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)
    chances: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    drawn: list[tuple[Pixels, Pixels, str]] = field(default_factory=list)
    """RGB, alpha, kind."""

    def load(self) -> Bases:
        """Decode the photographs and draw the products, once."""
        for one in base_pictures(self.data):
            if one.held or not of_part(one.group, self.part):
                continue
            self.photos.append(smaller(decode(one.path.read_bytes()).rgb, LONGEST))
            self.groups.append(one.group)
            self.shops.append(one.shop)
        weights = np.array([WEIGHTS[shop] for shop in self.shops])
        self.chances = weights / weights.sum()
        kinds = sorted(KINDS)
        views = ("front", "angle", "front", "angle", "back")
        for number in range(DRAWN if self.part == "train" else DRAWN // 4):
            kind, view = kinds[number % len(kinds)], views[number % len(views)]
            seed = zlib.crc32(f"{self.part} {number} {self.seed}".encode()) % 100_000
            rgb, alpha = draw_product(kind, seed=seed, size_px=520, view=view)
            self.drawn.append((rgb, alpha, kind))
        return self

    def photo(self, rng: np.random.Generator, shops: tuple[str, ...] = ()) -> tuple[Pixels, str]:
        """A photograph, cropped and changed a little, and its group."""
        chances = self.chances
        if shops:
            chances = chances * np.isin(self.shops, shops)
            chances = chances / chances.sum()
        number = int(rng.choice(len(self.photos), p=chances))
        return varied(rng, self.photos[number]), self.groups[number]

    def scene(self, rng: np.random.Generator, count: int = 1, cut_out: tuple[Pixels, Pixels] | None = None) -> Pixels:
        """Drawn products, or the one that is given, side by side on a plain, graded or photographed ground."""
        high, wide = (int(one) for one in rng.integers(440, 800, 2))
        canvas = self.ground(rng, (wide, high))
        for number in range(count):
            rgb, alpha = cut_out or self.drawn[int(rng.integers(len(self.drawn)))][:2]
            room_x = wide / count
            times = min(room_x * 0.95 / rgb.shape[1], high * 0.95 / rgb.shape[0]) * float(rng.uniform(0.55, 1))
            size = max(2, int(rgb.shape[1] * times)), max(2, int(rgb.shape[0] * times))
            way = cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR
            small, cover = cv2.resize(rgb, size, interpolation=way), cv2.resize(alpha, size, interpolation=way)
            x = int(number * room_x + (room_x - size[0]) * float(rng.uniform(0.2, 0.8)))
            y = int((high - size[1]) * float(rng.uniform(0.3, 0.9)))
            x, y = max(0, x), max(0, y)
            under = canvas[y : y + size[1], x : x + size[0]].astype(np.float32)
            share = cover[: under.shape[0], : under.shape[1], None].astype(np.float32) / 255
            under += (small[: under.shape[0], : under.shape[1]] - under) * share
            canvas[y : y + size[1], x : x + size[0]] = np.clip(under, 0, 255).astype(np.uint8)
        return canvas

    def ground(self, rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
        """White, plain, graded, textured, a drawn room, or a photograph out of focus."""
        kind = str(rng.choice(["white", "white", "plain", "graded", "texture", "room", "photo"]))
        wide, high = size
        if kind == "white":
            return np.full((high, wide, 3), 255, np.uint8)
        if kind == "plain":
            return np.full((high, wide, 3), colour(rng), np.uint8)
        if kind == "graded":
            first, last = (np.asarray(colour(rng), np.float32) for _ in range(2))
            down = np.linspace(0, 1, high, dtype=np.float32)[:, None, None]
            return np.tile(first + (last - first) * down, (1, wide, 1)).astype(np.uint8)
        if kind == "texture":
            return texture(rng, size)
        if kind == "room":
            return np.asarray(cv2.resize(_room(int(rng.integers(ROOMS))), size, interpolation=cv2.INTER_AREA), np.uint8)
        photo = cv2.resize(self.photo(rng)[0], size, interpolation=cv2.INTER_AREA)
        soft = float(rng.uniform(0.5, 8))
        return np.asarray(cv2.GaussianBlur(photo, (0, 0), soft), np.uint8)


def texture(rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
    """Bricks, tiles, stripes, dots, checks or weave: patterns that repeat and that nobody laid over anything."""
    wide, high = size
    ink, ground = (np.asarray(colour(rng), np.float32) for _ in range(2))
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    if chance(rng, 0.5):
        turn = np.radians(float(rng.choice([45, 30, rng.uniform(0, 90)])))
        x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    step = float(rng.uniform(0.03, 0.2)) * min(size)
    kind = str(rng.choice(["bricks", "tiles", "stripes", "dots", "checks", "waves"]))
    if kind == "bricks":
        shifted = x + step * ((y // step) % 2)
        on = ((shifted % (2 * step)) < step * 0.1) | ((y % step) < step * 0.1)
    elif kind == "tiles":
        on = ((x % step) < step * 0.06) | ((y % step) < step * 0.06)
    elif kind == "stripes":
        on = (x % step) < step * float(rng.uniform(0.2, 0.6))
    elif kind == "dots":
        on = ((x % step) - step / 2) ** 2 + ((y % step) - step / 2) ** 2 < (step * float(rng.uniform(0.15, 0.4))) ** 2
    elif kind == "checks":
        on = ((x // step) + (y // step)) % 2 < 1
    else:
        on = ((y + np.sin(x / step) * step * 0.4) % step) < step * 0.4
    strength = float(rng.uniform(0.1, 1))
    made = ground + (ink - ground) * (on * strength)[..., None]
    made += rng.normal(0, float(rng.uniform(0, 8)), (high, wide, 1))
    return np.clip(made, 0, 255).astype(np.uint8)


def smaller(rgb: Pixels, longest: int) -> Pixels:
    """The picture with a long side of at most so many pixels."""
    times = longest / max(rgb.shape[:2])
    if times >= 1:
        return np.ascontiguousarray(rgb)
    size = max(1, round(rgb.shape[1] * times)), max(1, round(rgb.shape[0] * times))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def varied(rng: np.random.Generator, rgb: Pixels) -> Pixels:
    """The picture mirrored, cropped, or with a little other light, so that few photographs serve often."""
    if chance(rng, 0.35):
        rgb = rgb[:, ::-1]
    if chance(rng, 0.5):
        high, wide = rgb.shape[:2]
        share = float(rng.uniform(0.5, 0.98))
        h, w = max(8, int(high * share)), max(8, int(wide * float(np.clip(share * rng.uniform(0.8, 1.2), 0.3, 1))))
        y, x = int(rng.integers(0, high - h + 1)), int(rng.integers(0, wide - w + 1))
        rgb = rgb[y : y + h, x : x + w]
    rgb = np.ascontiguousarray(rgb)
    if chance(rng, 0.4):
        gain = np.asarray(rng.normal(1, 0.08, 3) * rng.normal(1, 0.1), np.float32)
        rgb = np.clip(rgb * gain, 0, 255).astype(np.uint8)
    least = 420
    if max(rgb.shape[:2]) < least:
        times = least / max(rgb.shape[:2])
        rgb = np.asarray(cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
    return rgb.copy()
