"""The pictures that the exams of the screens share: held photographs, as they are, with words or a face laid in."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import in_split
from exam import Data, NoData
from lettering import lettered
from looking import timed
from shop_pictures import CLOTHING, GROCERY, MAGENTO2, SOLIDUS, SYLIUS, TAILWIND
from spoiled import jpeg

from packshot.evaluate import screens
from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.faces import found_faces
from packshot.evaluate.feature_maps import MODEL as MAPS
from packshot.evaluate.feature_maps import feature_maps
from packshot.evaluate.text_boxes import DETECTOR
from packshot.evaluate.text_reading import RECOGNISER
from packshot.media.decode import decode
from packshot.models.sources import version_of
from packshot.models.usable import lacking

sys.path.append(str(Path(__file__).parents[2] / "training"))
from base_pictures import Base, base_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exam import Asked
    from numpy.typing import NDArray

    from packshot.media.picture import Picture

    Pixels = NDArray[np.uint8]

AVT = "avt_ai_images"
DATA = (
    *(MAGENTO2, SYLIUS, SOLIDUS, CLOTHING, TAILWIND, GROCERY, Data(AVT, "GPL-3.0")),
    Data("words and faces laid into the same pictures", "Apache-2.0, AFL-3.0, MIT", synthetic=True),
)
MODELS = (MAPS, FACES, DETECTOR, RECOGNISER)
LARGEST = 1000
"""Pixels, at least, of the longer side of what something is laid into."""
SET_ON = (
    "photographs of the same shops that are not held, of other groups, with words of the split `tune` and other faces "
    "laid in (`training/screens.md`)"
)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One picture."""

    id: str
    kind: str
    """The shop, `words laid over` or `face laid in`."""
    group: str
    data: Callable[[], bytes]

    def picture(self) -> Picture:
        """Decoded anew: nothing that was found in it before is known."""
        return decode(self.data())


def shown(asked: Asked, quick: int, *, words: bool = False, faces: bool = False) -> Iterator[Shown]:
    """Held photographs and those of AVT, about `quick` of them unless all are asked for, and what was laid in."""
    for shop in ("magento2", "grocery_store", "clothing_dataset", "sylius", AVT):
        asked.folder(shop)
    if missing := lacking(MODELS):
        raise NoData(f"the models {', '.join(missing)} are not here")
    held = [one for one in base_pictures(asked.data) if one.held]
    step = 1 if asked.full else max(1, len(held) // quick)
    heads = _heads(asked.data) if faces else []
    for number, one in enumerate(held[::step]):
        yield Shown(one.name, one.shop, one.group, one.path.read_bytes)
        if words and number % 2 == 0 and in_split(one.path.name, "score"):
            yield Shown(f"{one.name}, words", "words laid over", one.group, partial(_with_words, one, number))
        if faces and number % 2 == 0 and heads:
            yield Shown(f"{one.name}, face", "face laid in", one.group, partial(_with_face, one, heads, number))
    for path in sorted(p for p in (asked.data / AVT).rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png"}):
        yield Shown(f"{AVT}/{path.name}", AVT, path.name, path.read_bytes)


def looked(one: Shown) -> tuple[screens.Likely, float]:
    """What the small model says, and the CPU ms that it costs beside the shared maps."""
    picture = one.picture()
    picture.once(feature_maps)
    found, cpu_ms = timed(lambda: screens.likely(picture))
    return found, cpu_ms


def versions() -> dict[str, str]:
    """The versions of the models."""
    return {name: version_of(name) for name in MODELS} | {screens.HEAD: screens.mark()}


def _with_words(one: Base, number: int) -> bytes:
    return jpeg(lettered(_rgb(one), "score", number).rgb)


def _rgb(one: Base) -> Pixels:
    return np.ascontiguousarray(decode(one.path.read_bytes()).rung(LARGEST))


@cache
def _heads(data: Path) -> list[Pixels]:
    """Faces of held people and what is close around them."""
    found = []
    for one in base_pictures(data):
        if one.held and one.shop in {"magento2", "sylius", "solidus"}:
            picture = decode(one.path.read_bytes())
            for face in picture.once(found_faces)[:1]:
                if face.score >= 0.8:  # noqa: PLR2004 - sure ones
                    x, y, w, h = (v * s for v, s in zip(face[:4], (picture.width, picture.height) * 2, strict=True))
                    top, left = max(0, int(y - 0.5 * h)), max(0, int(x - 0.4 * w))
                    found.append(np.ascontiguousarray(picture.rgb[top : int(y + 1.4 * h), left : int(x + 1.4 * w)]))
    return found


def _with_face(one: Base, heads: list[Pixels], number: int) -> bytes:
    """A head from 5 to 60 % of the short side high, as a rectangle or an oval with soft edges."""
    rgb, rng = _rgb(one), np.random.default_rng([number, 23])
    head = heads[int(rng.integers(len(heads)))]
    height, width = rgb.shape[:2]
    high = max(12, int(min(height, width) * rng.uniform(0.05, 0.6)))
    wide = max(8, int(high * head.shape[1] / head.shape[0]))
    if wide >= width or high >= height:
        return jpeg(rgb)
    x, y = int(rng.integers(width - wide)), int(rng.integers(height - high))
    small = cv2.resize(head, (wide, high), interpolation=cv2.INTER_AREA).astype(np.float32) * rng.uniform(0.6, 1.2)
    cover = np.zeros((high, wide), np.float32)
    if number % 4:
        cv2.ellipse(cover, (wide // 2, high // 2), (wide // 2 - 2, high // 2 - 2), 0, 0, 360, 1.0, -1)
    else:
        cover[1:-1, 1:-1] = 1
    cover = cv2.GaussianBlur(cover, (0, 0), max(0.8, high / 40))[..., None]
    part = rgb[y : y + high, x : x + wide].astype(np.float32)
    rgb[y : y + high, x : x + wide] = np.clip(small * cover + part * (1 - cover), 0, 255).astype(np.uint8)
    return jpeg(rgb)
