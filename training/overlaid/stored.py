"""Makes the pictures once and keeps them in a folder, in an order that lets any first part of them serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cv2
import numpy as np

from overlaid.pictures import made, pair

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from overlaid.bases import Bases
    from overlaid.pictures import Made

PAIR_EVERY = 6
"""One in so many draws is a picture with a watermark and the same without."""
PAIR_OPACITY = {"train": (0.15, 0.6), "validate": (0.25, 0.6)}
SEED_OF = {"train": 1, "validate": 2}
QUALITY = 97
MASK_SIDE = 176
"""Long side at which masks are kept."""


def make(bases: Bases, folder: Path, first: int, last: int) -> None:
    """Draws `first` to `last` of the part of the pool, into the folder; what is there already is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, last):
        if (folder / f"{number:05d}.json").exists():
            continue
        rng = np.random.default_rng([number, SEED_OF[bases.part], bases.seed])
        if number % PAIR_EVERY == 0:
            these = pair(rng, bases, float(rng.uniform(*PAIR_OPACITY[bases.part])))
        else:
            these = (made(rng, bases),)
        told = [_keep(folder / f"{number:05d}-{place}", one) for place, one in enumerate(these)]
        (folder / f"{number:05d}.json").write_text(json.dumps(told), encoding="utf-8")


def told(folder: Path) -> Iterator[dict[str, object]]:
    """What is known of each picture that was made, in order: kind, opacity, labels, `path` without its suffix."""
    for path in sorted(folder.glob("?????.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def _keep(path: Path, one: Made) -> dict[str, object]:
    rgb = np.ascontiguousarray(one.rgb[:, :, ::-1])
    cv2.imwrite(f"{path}.jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111])
    times = MASK_SIDE / max(one.rgb.shape[:2])
    size = max(1, round(one.rgb.shape[1] * times)), max(1, round(one.rgb.shape[0] * times))
    masks = [cv2.resize(mask, size, interpolation=cv2.INTER_AREA) for mask in (one.overlay_mask, one.watermark_mask)]
    cv2.imwrite(f"{path}.png", np.stack([*masks, np.zeros_like(masks[0])], axis=2))
    return {
        "path": str(path),
        "kind": one.kind,
        "opacity": one.opacity,
        "overlay": one.overlay,
        "watermark": one.watermark,
        "collage": one.collage,
    }
