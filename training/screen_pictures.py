"""What the screens learn from: pictures that are not held, some with words or faces laid in, and what is found there.

The full models themselves say what is there: a screen may only spare what they would not have found.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from base_pictures import Base, base_pictures
from packshot.evaluate.faces import found_faces
from packshot.evaluate.feature_maps import feature_maps
from packshot.evaluate.text_lines import text_lines
from packshot.media.decode import decode

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "quality"))

from compose import in_split
from lettering import lettered
from spoiled import jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

    Pixels = NDArray[np.uint8]
    Boxes = list[tuple[float, float, float, float]]

LAID_OVER = 0.3
"""Lines that were not read count from this likelihood of having been laid over: half of what checks doubt from."""
LARGEST = 1000
"""Pixels, at least, of the longer side of what something is laid into."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One picture: its maps, and where the full models find what."""

    group: str
    shop: str
    kind: str
    """`as it is`, `words` or `face`."""
    maps: tuple[NDArray[np.float16], ...]
    shares: tuple[float, float]
    """Of the maps' width and height that show the picture."""
    text: Boxes
    doubtful: Boxes
    """Of what the text detector lit up on and nobody could read: neither text nor none."""
    faces: Boxes
    faint: Boxes
    """Faces below the score from which one counts."""


def pictures(data: Path) -> Iterator[Seen]:
    """Each photograph that is not held, as it is; one in two with words laid over; faces laid into every third."""
    photos = [one for one in base_pictures(data) if not one.held]
    heads = list(_heads(photos))
    for number, one in enumerate(photos):
        picture = decode(one.path.read_bytes())
        yield _seen(picture, one, "as it is")
        rgb = np.ascontiguousarray(picture.rung(LARGEST))
        rng = np.random.default_rng([number, 17])
        if number % 2 == 0 and in_split(one.path.name, "tune"):
            yield _seen(decode(jpeg(lettered(rgb, "tune", number).rgb)), one, "words")
        if number % 3 == 0 and heads:
            yield _seen(decode(jpeg(_with_face(rgb, heads, rng))), one, "face")


def _seen(picture: Picture, one: Base, kind: str) -> Seen:
    maps = picture.once(feature_maps)
    lines, faces = text_lines(picture), found_faces(picture)
    told = [line for line in lines if line.is_read or line.overlay >= LAID_OVER]
    return Seen(
        one.group,
        one.shop,
        kind,
        tuple(plane.astype(np.float16) for plane in maps[:4]),
        (maps.width_share, maps.height_share),
        [line.box for line in told],
        [line.box for line in lines if line not in told],
        [face[:4] for face in faces if face.score >= 0.5],  # noqa: PLR2004 - below it a person head sees no face
        [face[:4] for face in faces if face.score < 0.5],  # noqa: PLR2004 - the same
    )


def _heads(photos: list[Base]) -> Iterator[Pixels]:
    """The heads of the people in the photographs, with some of what is around them."""
    for one in photos:
        if one.shop not in {"magento2", "sylius"}:
            continue
        picture = decode(one.path.read_bytes())
        for face in found_faces(picture):
            if face.score >= 0.8:  # noqa: PLR2004 - sure ones
                x, y, w, h = (v * s for v, s in zip(face[:4], (picture.width, picture.height) * 2, strict=True))
                left, top = max(0, int(x - 0.5 * w)), max(0, int(y - 0.6 * h))
                yield np.ascontiguousarray(picture.rgb[top : int(y + 1.5 * h), left : int(x + 1.5 * w)])


def _with_face(rgb: Pixels, heads: list[Pixels], rng: np.random.Generator) -> Pixels:
    """A head laid in, mirrored or not, in other light, with soft edges."""
    head = heads[int(rng.integers(len(heads)))].astype(np.float32)
    head = head[:, ::-1] if rng.random() < 0.5 else head  # noqa: PLR2004 - one in two
    head = np.clip(255 * (head / 255) ** np.exp(rng.normal(0, 0.5)) * rng.normal(1, 0.1, 3), 0, 255)
    height, width = rgb.shape[:2]
    high = int(min(height, width) * np.exp(rng.uniform(np.log(0.06), np.log(0.7))))
    wide = max(4, int(high * head.shape[1] / head.shape[0]))
    if wide >= width or high >= height or high < 8:  # noqa: PLR2004 - nothing to see
        return rgb
    x, y = int(rng.integers(0, width - wide)), int(rng.integers(0, height - high))
    small = cv2.resize(np.ascontiguousarray(head, np.float32), (wide, high), interpolation=cv2.INTER_AREA)
    across, down = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    share = np.clip((1 - np.hypot(across, down)) * 4, 0, 1).astype(np.float32)[..., None]
    out = rgb.astype(np.float32)
    out[y : y + high, x : x + wide] = small * share + out[y : y + high, x : x + wide] * (1 - share)
    return np.clip(out, 0, 255).astype(np.uint8)
