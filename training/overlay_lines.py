"""Makes what the overlay head learns from: lines found in pictures of the tuning split, laid over or printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import in_split
from lettering import lettered
from overlay_pictures import PACKS
from printed import KINDS as PRINTED
from printed import printed
from shop_pictures import photos

from packshot.evaluate.text_boxes import text_boxes
from packshot.evaluate.text_reading import read
from packshot.evaluate.text_traits import traits
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked, Box
    from lettering_words import Split
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

SHOPS = ("magento2", "tailwindtraders", "grocery_store", "clothing_dataset", "sylius", "solidus")
MOST_OF = 90
"""Pictures taken of one shop, about."""
TEXTS = ("", "", "watermark")
"""Kinds of text laid over each photograph in turn; where empty, any. Watermarks are the hardest, so they come most."""
STAMP = re.compile(r"\d\d[.:/-]\d\d[.:/-](19|20)\d\d")
"""The date that a camera writes: it is laid over, in photographs that count as free of text."""
WITHIN = 0.6
"""Share of a found box that must lie in a laid one for its line to count as laid over; below half of it, it is not."""
LONGEST = 1600


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A picture to learn from."""

    data: bytes
    boxes: tuple[Box, ...]
    """Of the text that was laid over it; empty where there is none."""
    source: str
    """Shop, or kind of printed product: what is left out in turn."""
    group: str
    """Listing: what a fold holds together."""
    kind: str = ""
    """Of the text that was laid over it; empty where there is none."""


def pictures(asked: Asked, split: Split = "tune", printed_each: int = 100) -> Iterator[Made]:
    """Photographs without and with text laid over them, and products with text printed on them."""
    for shop in SHOPS:
        these = [one for one in photos(asked, shop) if in_split(one.listing, split)]
        step = max(1, len(these) // MOST_OF)
        for number, photo in enumerate(these):
            rng = np.random.default_rng([asked.seed, number, len(shop)])
            if number % step and photo.category not in PACKS:
                continue
            rgb = _small(decode(photo.path.read_bytes()).rgb)
            yield Made(_encoded(rgb, rng), (), shop, photo.listing)
            if number % step:
                continue
            for again, kind in enumerate(TEXTS):
                text = lettered(rgb, split, 1000 * number + 10 * len(shop) + again, kind)
                yield Made(_encoded(text.rgb, rng), text.boxes, shop, photo.listing, text.kind)
    for kind in PRINTED:
        for seed in range(printed_each):
            one = printed(asked, split, seed, kind)
            rgb = _small(one.rgb)
            rng = np.random.default_rng([asked.seed, seed, 5])
            yield Made(_encoded(rgb, rng), (), kind, one.group)
            if seed % 3 == 0:
                text = lettered(rgb, split, 500_000 + seed)
                yield Made(_encoded(text.rgb, rng), text.boxes, kind, one.group, text.kind)


def lines(made: Made) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Traits of the lines found in a picture, (n, traits), and for each 1 where it is laid over, 0 where it is not.

    Lines that lie half in a laid box are left out, and the stamps of cameras.
    """
    picture = decode(made.data)
    boxes = text_boxes(picture)
    shares = np.array([_within(box.upright(picture.width, picture.height), made.boxes) for box in boxes])
    readings = read(picture, boxes)
    found = traits(picture, boxes, readings)
    told = (shares >= WITHIN) | (shares < WITHIN / 2) if len(boxes) else np.zeros(0, bool)
    told &= [STAMP.search(reading.text) is None for reading in readings] if len(boxes) else told
    return found[told], (shares[told] >= WITHIN).astype(np.float32) if len(boxes) else np.zeros(0, np.float32)


def _within(box: Box, laid: tuple[Box, ...]) -> float:
    x, y, w, h = box
    best = 0.0
    for one in laid:
        across = min(x + w, one[0] + one[2]) - max(x, one[0])
        down = min(y + h, one[1] + one[3]) - max(y, one[1])
        best = max(best, max(0.0, across) * max(0.0, down) / max(w * h, 1e-9))
    return best


def _small(rgb: Pixels) -> Pixels:
    times = LONGEST / max(rgb.shape[:2])
    return rgb if times >= 1 else np.asarray(cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_AREA))


def _encoded(rgb: Pixels, rng: np.random.Generator) -> bytes:
    """As shops' pictures come: JPEG of some quality, now and then made smaller after the text was laid over."""
    if min(rgb.shape[:2]) > 700 and rng.random() < 0.25:  # noqa: PLR2004 - one in four of the large ones
        times = float(rng.uniform(0.5, 0.9))
        rgb = np.asarray(cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_AREA), np.uint8)
    quality = int(rng.integers(72, 97))
    return bytes(cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
