"""Things cut out of photographs and put before other grounds, so that no kind of shot is known by its shop."""

# ruff: noqa: PLR2004 - odds and places of a drawing say what they are where they stand
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.product_matte import product_matte
from packshot.media.decode import decode
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from shot_labels import Shot

    Pixels = NDArray[np.uint8]
    Random = np.random.Generator

SIDE = 480
"""Longest side, or up to twice it, of what pictures are made from."""


@dataclass(frozen=True)
class Grounds:
    """Pictures whose parts things are put before."""

    laid: list[Path]
    """Flat lays: their rims are carpets, floors and beds."""
    scenes: list[Path]
    """Shelves, rooms, streets."""


def kinds_of(one: Shot) -> tuple[tuple[str, str, str | None], ...]:
    """What can be made of a photograph: name, kind of shot, view."""
    if one.shot_type == "flat_lay" and one.shop == "clothing_dataset":
        return (("on white", "packshot", one.view),)
    if one.shot_type == "packshot":
        return (("in a scene", "lifestyle", one.view), ("laid", "flat_lay", one.view))
    if one.shot_type == "on_model" and one.shop == "magento2":
        return (("in a scene", "on_model", one.view),)
    return ()


def scene(path: Path, kind: str, grounds: Grounds, rng: Random) -> Picture | None:
    """The thing of a photograph before another ground; None where it cannot be told from its own."""
    rgb = np.ascontiguousarray(decode(path.read_bytes()).rung(SIDE))
    found = product_matte(_picture(rgb))
    if found is None or found.confidence < 0.5:
        return None
    mask = cv2.resize(found.mask, rgb.shape[1::-1])[:, :, None] / 255.0
    if kind == "on white":
        level = rng.integers(238, 256, 3) if rng.random() < 0.4 else np.full(3, 255)
        ground = np.broadcast_to(level, rgb.shape)
    elif kind == "laid":
        ground = _rim(_read(grounds.laid, rng), rgb.shape, rng)
    else:
        ground = _part(_read(grounds.scenes, rng), rgb.shape, rng)
    if kind == "laid" or (kind == "in a scene" and rng.random() < 0.5):
        share = rng.uniform(0.6, 1)
        rgb, mask = _smaller(rgb, share), _smaller(mask, share)
    return _picture(np.asarray(rgb * mask + ground * (1 - mask), np.uint8))


def _read(paths: list[Path], rng: Random) -> Pixels:
    return np.ascontiguousarray(decode(paths[int(rng.integers(len(paths)))].read_bytes()).rung(SIDE))


def _part(ground: Pixels, shape: tuple[int, ...], rng: Random) -> Pixels:
    """A part of a scene, often out of focus."""
    height, width = (int(side * rng.uniform(0.6, 1)) for side in ground.shape[:2])
    y, x = int(rng.integers(0, ground.shape[0] - height + 1)), int(rng.integers(0, ground.shape[1] - width + 1))
    part = cv2.resize(ground[y : y + height, x : x + width], shape[1::-1])
    return np.asarray(cv2.GaussianBlur(part, (0, 0), rng.uniform(0.5, 6)) if rng.random() < 0.6 else part, np.uint8)


def _rim(ground: Pixels, shape: tuple[int, ...], rng: Random) -> Pixels:
    """A corner of a flat lay, mirrored until it fills the frame."""
    height, width = (max(8, int(side * 0.22)) for side in ground.shape[:2])
    corner = ground[:height, :width] if rng.random() < 0.5 else ground[-height:, -width:]
    tile = np.concatenate(
        [np.concatenate([corner, corner[:, ::-1]], 1), np.concatenate([corner[::-1], corner[::-1, ::-1]], 1)]
    )
    return np.asarray(cv2.resize(np.tile(tile, (2, 2, 1)), shape[1::-1]), np.uint8)


def _smaller(image: NDArray[np.generic], share: float) -> NDArray[np.generic]:
    """The image in the middle of black, its sides a share of before."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (max(1, int(width * share)), max(1, int(height * share))), interpolation=cv2.INTER_AREA)
    out = np.zeros(image.shape, image.dtype)
    y, x = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    out[y : y + small.shape[0], x : x + small.shape[1]] = small.reshape(small.shape[0], small.shape[1], -1)
    return out


def _picture(rgb: Pixels) -> Picture:
    return Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb), None)
