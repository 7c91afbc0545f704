"""Several pictures in one: tiles with and without gutters, insets, one product in several colours; and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from overlaid.patch import chance, colour

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overlaid.bases import Bases

    Pixels = NDArray[np.uint8]

GRIDS = ((1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (3, 3), (1, 4))


def collage(rng: np.random.Generator, bases: Bases) -> tuple[Pixels, str]:
    """A collage, and of which kind."""
    kind = str(rng.choice(["grid", "grid", "uneven", "inset", "inset", "colours"]))
    if kind == "inset":
        return _inset(rng, bases), kind
    if kind == "colours":
        return _colours(rng, bases), kind
    high, wide = (int(one) for one in rng.integers(480, 820, 2))
    gap = 0 if chance(rng, 0.35) else int(rng.integers(2, 24))
    rim = gap if chance(rng, 0.5) else 0
    ground = (255, 255, 255) if chance(rng, 0.6) else colour(rng)
    canvas = np.full((high, wide, 3), ground, np.uint8)
    boxes = _grid(rng, wide, high) if kind == "grid" else _uneven(rng, wide, high)
    alike = chance(rng, 0.35)  # crops of one picture: details beside the whole
    first = _any(rng, bases)
    for number, (x, y, w, h) in enumerate(boxes):
        tile = _crop(rng, first) if alike and number else first if alike else _any(rng, bases)
        left, top = x + (rim if x == 0 else gap // 2), y + (rim if y == 0 else gap // 2)
        right, bottom = x + w - (rim if x + w >= wide else gap // 2), y + h - (rim if y + h >= high else gap // 2)
        if right - left > 4 and bottom - top > 4:  # noqa: PLR2004 - pixels
            whole = chance(rng, 0.3)
            canvas[top:bottom, left:right] = _fill(tile, (right - left, bottom - top), ground, whole=whole)
    return canvas, kind


def several_goods(rng: np.random.Generator, bases: Bases) -> Pixels:
    """Several products side by side on one ground: a set, which is no collage."""
    return bases.scene(rng, int(rng.integers(2, 6)))


def shelf(rng: np.random.Generator, bases: Bases) -> Pixels:
    """Products on the boards of a shelf or behind the bars of a window, on one ground: no collage either."""
    high, wide = (int(one) for one in rng.integers(480, 820, 2))
    canvas = bases.ground(rng, (wide, high))
    rows, ink = int(rng.integers(2, 4)), colour(rng)
    thick = int(rng.integers(4, 22))
    step = high // rows
    for row in range(rows):
        floor = (row + 1) * step - thick
        for x in range(0, wide, max(60, wide // int(rng.integers(2, 6)))):
            rgb, alpha, _ = bases.drawn[int(rng.integers(len(bases.drawn)))]
            times = min(step * 0.8 / rgb.shape[0], wide / 4 / rgb.shape[1])
            size = max(2, int(rgb.shape[1] * times)), max(2, int(rgb.shape[0] * times))
            small, cover = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (rgb, alpha))
            there = np.s_[max(0, floor - size[1]) : floor, x : x + size[0]]
            under = canvas[there].astype(np.float32)
            cut = small[-under.shape[0] :, : under.shape[1]], cover[-under.shape[0] :, : under.shape[1]]
            canvas[there] = (under + (cut[0] - under) * (cut[1][..., None] / 255.0)).astype(np.uint8)
        shade = np.linspace(1.1, 0.6, thick)[:, None, None]
        canvas[floor : floor + thick] = np.clip(np.asarray(ink) * shade, 0, 255).astype(np.uint8)
    if chance(rng, 0.4):
        for x in range(0, wide, max(80, wide // 3)):
            canvas[:, x : x + thick] = ink
    noise = rng.standard_normal(canvas.shape, np.float32) * np.float32(rng.uniform(0, 5))
    return np.clip(canvas + noise, 0, 255).astype(np.uint8)


def _any(rng: np.random.Generator, bases: Bases) -> Pixels:
    return bases.photo(rng)[0] if chance(rng, 0.75) else bases.scene(rng)


def _grid(rng: np.random.Generator, wide: int, high: int) -> list[tuple[int, int, int, int]]:
    rows, columns = GRIDS[int(rng.integers(len(GRIDS)))]
    w, h = wide // columns, high // rows
    boxes = [(c * w, r * h, w, h) for r in range(rows) for c in range(columns)]
    return [(x, y, wide - x if x + 2 * w > wide else w, high - y if y + 2 * h > high else h) for x, y, w, h in boxes]


def _uneven(rng: np.random.Generator, wide: int, high: int) -> list[tuple[int, int, int, int]]:
    """One large tile and two to four small ones beside or below it."""
    share, count = float(rng.uniform(0.55, 0.8)), int(rng.integers(2, 5))
    if chance(rng, 0.5):
        large, step = int(wide * share), high // count
        return [(0, 0, large, high), *((large, n * step, wide - large, step) for n in range(count))]
    large, step = int(high * share), wide // count
    return [(0, 0, wide, large), *((n * step, large, step, high - large) for n in range(count))]


def _crop(rng: np.random.Generator, rgb: Pixels) -> Pixels:
    high, wide = rgb.shape[:2]
    share = float(rng.uniform(0.2, 0.6))
    h, w = max(4, int(high * share)), max(4, int(wide * share))
    y, x = int(rng.integers(0, high - h + 1)), int(rng.integers(0, wide - w + 1))
    return rgb[y : y + h, x : x + w]


def _fill(tile: Pixels, size: tuple[int, int], ground: tuple[int, int, int], *, whole: bool) -> Pixels:
    """The tile at a size: cut to its shape, or whole on the ground."""
    wide, high = size
    times = (min if whole else max)(wide / tile.shape[1], high / tile.shape[0])
    scaled = max(1, round(tile.shape[1] * times)), max(1, round(tile.shape[0] * times))
    small = cv2.resize(tile, scaled, interpolation=cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR)
    if whole:
        canvas = np.full((high, wide, 3), ground, np.uint8)
        x, y = max(0, (wide - scaled[0]) // 2), max(0, (high - scaled[1]) // 2)
        canvas[y : y + scaled[1], x : x + scaled[0]] = small[: high - y, : wide - x]
        return canvas
    small = cv2.copyMakeBorder(small, 0, max(0, high - scaled[1]), 0, max(0, wide - scaled[0]), cv2.BORDER_REPLICATE)
    y, x = (small.shape[0] - high) // 2, (small.shape[1] - wide) // 2
    return np.asarray(small[y : y + high, x : x + wide], np.uint8)


def _inset(rng: np.random.Generator, bases: Bases) -> Pixels:
    """A picture with one to three small pictures in it: round or square, with a border or none."""
    canvas = _any(rng, bases)
    high, wide = canvas.shape[:2]
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        side = int(min(high, wide) * float(rng.uniform(0.18, 0.45)))
        w, h = (side, side) if chance(rng, 0.6) else (side, int(side * float(rng.uniform(0.6, 1.4))))
        tile = _fill(_crop(rng, canvas) if chance(rng, 0.5) else _any(rng, bases), (w, h), (255, 255, 255), whole=False)
        edge = int(side * 0.04 * rng.random())
        x = int(side * 0.1) if chance(rng, 0.5) else max(0, wide - w - int(side * 0.1))
        y = int(rng.uniform(0, 1) * max(1, high - h))
        mask, ring = np.zeros((high, wide), np.uint8), np.zeros((high, wide), np.uint8)
        if chance(rng, 0.5):
            middle, axes = (x + w // 2, y + h // 2), (w // 2, h // 2)
            cv2.ellipse(mask, middle, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
            if edge:
                cv2.ellipse(ring, middle, axes, 0, 0, 360, 255, edge, cv2.LINE_AA)
        else:
            mask[y : y + h, x : x + w] = 255
            if edge:
                cv2.rectangle(ring, (x, y), (x + w, y + h), 255, edge)
        spread = canvas.copy()
        part = spread[y : y + h, x : x + w]
        part[:] = tile[: part.shape[0], : part.shape[1]]
        share = mask[..., None] / 255.0
        canvas = (canvas * (1 - share) + spread * share).astype(np.uint8)
        line = ring[..., None] / 255.0
        canvas = (canvas * (1 - line) + np.asarray(colour(rng)) * line).astype(np.uint8)
    return canvas


def _colours(rng: np.random.Generator, bases: Bases) -> Pixels:
    """One photograph or drawn product again and again in other colours, in a row or a grid, as tiles."""
    first = _any(rng, bases)
    rows, columns = GRIDS[int(rng.integers(len(GRIDS)))]
    w, h = int(rng.integers(180, 420)), int(rng.integers(180, 420))
    tiles = []
    for _ in range(rows * columns):
        hsv = cv2.cvtColor(_fill(first, (w, h), (255, 255, 255), whole=False), cv2.COLOR_RGB2HSV)
        hsv[:, :, 0] = (hsv[:, :, 0].astype(int) + int(rng.integers(0, 180))) % 180
        hsv[:, :, 1] = np.clip(hsv[:, :, 1] * float(rng.uniform(0.4, 1.8)), 0, 255)
        tiles.append(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))
    gap = 0 if chance(rng, 0.5) else int(rng.integers(2, 16))
    padded = [cv2.copyMakeBorder(one, 0, gap, 0, gap, cv2.BORDER_CONSTANT, value=(255, 255, 255)) for one in tiles]
    lines = [np.concatenate(padded[r * columns : (r + 1) * columns], axis=1) for r in range(rows)]
    return np.ascontiguousarray(np.concatenate(lines, axis=0))
