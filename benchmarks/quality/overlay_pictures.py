"""The pictures that the exams of overlay text share: with text laid over, with text printed on the product, without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import in_split
from exam import Overlay
from lettering import lettered
from lettering_words import KINDS
from looking import columns_of
from printed import KINDS as PRINTED
from printed import printed
from shop_pictures import photos, spread

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from lettering import Lettered
    from numpy.typing import NDArray
    from shop_pictures import Photo

    from packshot.core.measurement import Value

SHOPS = ("magento2", "tailwindtraders", "grocery_store", "clothing_dataset", "sylius", "solidus")
PACKS = frozenset({"Juice", "Milk", "Yoghurt", "Sour-Cream", "Sour-Milk", "Oat-Milk", "Soyghurt"})
"""Categories of grocery_store that are packs with print on them."""
COLUMNS = (
    "overlay_text_confidence",
    "overlay_text_boxes",
    "overlay_text_words",
    "text_confidence",
    "text_words",
    "promotional_words",
    "promotional_confidence",
)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One picture, and what was measured of it."""

    id: str
    kind: str
    """Kind of the text that was laid over, or of the picture where none was."""
    laid: Lettered | None
    group: str
    data: Callable[[], bytes]
    columns: dict[str, Value]
    cpu_ms: float

    def overlay(self) -> Overlay:
        """What was laid over, and what was found."""
        flat = self.columns["overlay_text_boxes"] or ()
        found = tuple(zip(*(flat[side::4] for side in range(4)), strict=True)) if isinstance(flat, tuple) else ()
        words = self.columns["overlay_text_words"]
        said = tuple(str(one) for one in words) if isinstance(words, tuple) else ()
        return Overlay(truth_boxes=self.laid.boxes if self.laid else (), found_boxes=found, words=said)


@lru_cache(maxsize=2)
def seen(asked: Asked) -> tuple[Seen, ...]:
    """All pictures of the split for scoring, each measured once."""
    return tuple(_seen(asked))


def _seen(asked: Asked) -> Iterator[Seen]:
    each = asked.some(10, 60)
    for shop in SHOPS:
        these = [one for one in photos(asked, shop) if in_split(one.listing, "score")]
        for number, photo in enumerate(spread(these, each)):
            kind = KINDS[number % len(KINDS)]
            yield _measured(f"{photo.path.stem}, {kind}", kind, photo.listing, partial(_with_text, photo, number, kind))
    packs = [one for one in photos(asked, "grocery_store") if one.category in PACKS]
    packs = [one for one in packs if in_split(one.listing, "score")]
    for photo in spread(packs, asked.some(30, 200)):
        yield _measured(photo.path.stem, "printed packs", photo.listing, partial(_as_it_is, photo))
    for kind in PRINTED:
        for seed in range(asked.some(12, 60)):
            yield _measured(
                f"{kind} {seed}", f"printed {kind}s", f"{kind} {seed}", partial(_with_print, asked, seed, kind)
            )
    for shop in SHOPS:
        these = [one for one in photos(asked, shop) if in_split(one.listing, "score") and one.category not in PACKS]
        for photo in spread(these, each):
            yield _measured(photo.path.stem, "photographs", photo.listing, partial(_as_it_is, photo))


Made = tuple[bytes, "Lettered | None"]


def _measured(name: str, kind: str, group: str, make: Callable[[], Made]) -> Seen:
    data, laid = make()
    columns, cpu_ms = columns_of(data, *COLUMNS)
    return Seen(name, kind, laid, group, lambda: make()[0], columns, cpu_ms)


def _with_text(photo: Photo, number: int, kind: str) -> Made:
    laid = lettered(_small(decode(photo.path.read_bytes()).rgb), "score", 77_000 + number * 13 + len(photo.shop), kind)
    return _jpeg(laid.rgb, number), laid


def _with_print(asked: Asked, seed: int, kind: str) -> Made:
    return _jpeg(_small(printed(asked, "score", seed, kind).rgb), seed), None


def _as_it_is(photo: Photo) -> Made:
    return photo.path.read_bytes(), None


def _small(rgb: NDArray[np.uint8], longest: int = 1600) -> NDArray[np.uint8]:
    times = longest / max(rgb.shape[:2])
    if times >= 1:
        return rgb
    return np.asarray(cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_AREA), np.uint8)


def _jpeg(rgb: NDArray[np.uint8], number: int) -> bytes:
    quality = (78, 86, 94)[number % 3]
    return bytes(cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
