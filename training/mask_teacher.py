"""What U2-Net's small model says of photographs that training may see, whole, cropped, mirrored and in other light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from mask_cutouts import seen_photos
from mask_scenes import SIZES, Scene
from packshot.media.decode import decode
from packshot.models import desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

MODEL, SIDE = "u2netp", 320
"""The teacher, and the sides of what it sees, as its authors run it."""


def taught(data: Path, variants: int) -> Iterator[Scene]:
    """Each photograph in so many variants, the first of them nearly as it is."""
    for number, photo in enumerate(seen_photos(data)):
        for variant in range(variants):
            rng = np.random.default_rng([number, variant, 9])
            rgb = decode(photo.path.read_bytes()).rung(600)
            shown = _cropped(rgb, rng) if variant else rgb
            shown = shown[:, ::-1] if rng.random() < 0.5 else shown  # noqa: PLR2004 - one in two
            mask = _mask(np.ascontiguousarray(shown))
            small, mask = (_fitted(np.ascontiguousarray(each)) for each in (shown, mask))
            yield Scene(_lit(small, rng) if variant else small, mask, "teacher")


def _cropped(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    height, width = rgb.shape[:2]
    share = float(rng.uniform(0.55, 0.95))
    wide, high = (max(32, int(side * min(1.0, share * float(rng.uniform(0.9, 1.1))))) for side in (width, height))
    y, x = int(rng.integers(0, max(1, height - high + 1))), int(rng.integers(0, max(1, width - wide + 1)))
    return rgb[y : y + high, x : x + wide]


def _mask(rgb: Pixels) -> Pixels:
    """0 to 255, at the size of `rgb`."""
    small = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    ready = (small / max(1.0, float(small.max())) - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    answer = desk.run(MODEL, ready.transpose(2, 0, 1)[None].astype(np.float32))[0][0, 0]
    mask = np.clip(answer * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(mask, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _fitted(plane: Pixels) -> Pixels:
    """Its long side as long as the trunk sees it."""
    factor = max(SIZES[0]) / max(plane.shape[:2])
    size = (max(32, round(plane.shape[1] * factor)), max(32, round(plane.shape[0] * factor)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)


def _lit(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    shown = 255 * (rgb / 255) ** np.exp(rng.normal(0, 0.2)) * rng.normal(1, 0.05, 3)
    return np.clip(shown, 0, 255).astype(np.uint8)
