"""Cut-outs with exact alpha, set on plain grounds and into scenes; seeded, in two splits that share nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image
from shop_pictures import photos

from packshot.media.decode import decode
from packshot.testing.drawing import Framing, draw_product, flat, framed, product_box, room, sweep

if TYPE_CHECKING:
    from pathlib import Path

    from exam import Asked, Box
    from lettering_words import Split
    from numpy.typing import NDArray
    from shop_pictures import Photo

    Pixels = NDArray[np.uint8]

RENDERS: dict[Split, tuple[str, ...]] = {
    "tune": ("cap", "tote", "canvas_tote", "notebook"),
    "score": ("bottles", "dark_tee", "hat", "hoodie", "long_sleeve_tee", "mug_set", "sticker", "tshirt"),
}
"""Shapes of the solidus renders; a shape in several colours and views is one group."""
DRAWN: dict[Split, tuple[str, ...]] = {
    "tune": ("backpack", "ball", "bottle", "box", "chair", "lamp", "mug", "pan", "shoe", "watch"),
    "score": (
        "book",
        "candle",
        "headphones",
        "loudspeaker",
        "plant_pot",
        "spoon",
        "sunglasses",
        "t_shirt",
        "teapot",
        "vase",
    ),
}
"""Kinds of drawn products (`packshot.testing.drawing`), without the glass: what is seen through has no one truth."""
PLAIN = ("white", "grey", "coloured", "gradient")
SCENES = ("surface", "shelf", "room")
GROUNDS = (*PLAIN, *SCENES)
CORNER = 0.28
"""Height and width of the corner of a photograph that becomes a surface, as a share of the photograph's."""
SEED_OF: dict[Split, int] = {"tune": 1, "score": 2}
COLOURS: dict[Split, tuple[tuple[int, int, int], ...]] = {
    "tune": ((205, 222, 236), (240, 214, 190), (70, 110, 90), (225, 60, 50)),
    "score": ((214, 204, 232), (186, 226, 205), (245, 226, 140), (60, 66, 110), (236, 150, 130)),
}


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """A product on nothing, tight around it."""

    name: str
    group: str
    """Its shape: the same product in another colour or view is in the same group."""
    kind: str
    """`render` (solidus) or `drawn`."""
    rgb: Pixels
    """(h, w, 3)."""
    alpha: Pixels
    """(h, w), exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A cut-out on a ground."""

    rgb: Pixels
    alpha: Pixels
    """Truth: (h, w), how much of each pixel is product."""
    box: Box
    """Truth: x, y, w, h as shares."""
    ground: str


def renders(asked: Asked, split: Split) -> list[CutOut]:
    """The solidus renders of a split. Raises NoData."""
    found = []
    for photo in photos(asked, "solidus"):
        shape = _shape(photo.path.stem.removeprefix("solidus_"))
        if shape not in RENDERS[split]:
            continue
        with Image.open(photo.path) as opened:
            rgba = np.asarray(opened.convert("RGBA"))
        rgb, alpha = _tight(rgba[..., :3], rgba[..., 3])
        found.append(CutOut(photo.path.stem, f"solidus:{shape}", "render", rgb, alpha))
    return found


def drawn_products(split: Split, seeds: int = 1, size_px: int = 700) -> list[CutOut]:
    """Each drawn kind of a split from the front and at an angle, in as many looks as there are seeds."""
    found = []
    for kind in DRAWN[split]:
        for number in range(seeds):
            view = ("angle", "front")[number % 2]
            rgb, alpha = draw_product(kind, seed=SEED_OF[split] * 1000 + number, size_px=size_px, view=view)
            found.append(CutOut(f"{kind} {number}", f"drawn:{kind}", "drawn", rgb, alpha))
    return found


def cutouts(asked: Asked, split: Split, seeds: int = 1, size_px: int = 700) -> list[CutOut]:
    """Every cut-out of a split: renders, then drawn ones. Raises NoData where the renders are not there."""
    return [*renders(asked, split), *drawn_products(split, seeds, size_px)]


def composed(  # noqa: PLR0913 - each says one thing of the picture
    asked: Asked, cutout: CutOut, ground: str, split: Split, *, seed: int, size: tuple[int, int] = (800, 800)
) -> Composed:
    """The cut-out on a ground of GROUNDS; `size` is width, height in pixels.

    Place, size, ground and shadow come from the seed; the product lies wholly inside. On `white` the ground is pure
    and half of the pictures have a contact shadow, as shops' pictures have. `surface` is a corner of a phone
    photograph of clothes (floor, wall, bed), `shelf` a phone photograph in a grocery out of focus, `room` is drawn.
    Raises NoData where the photographs are not there.
    """
    rng = np.random.default_rng([seed, SEED_OF[split], _number(cutout.name), GROUNDS.index(ground)])
    fill = float(rng.uniform(0.45, 0.9))
    framing = Framing(size, fill)
    _, inside = framed(cutout.rgb, cutout.alpha, framing)
    slack = [(1 - side) / 2 - 0.01 for side in (product_box(inside) or (0, 0, 1, 1))[2:]]
    centre = tuple(0.5 + float(rng.uniform(-0.8, 0.8)) * max(0.0, one) for one in slack)
    shadow = ground in SCENES or bool(rng.random() < 0.5)  # noqa: PLR2004 - one in two
    framing = replace(framing, centre=(centre[0], centre[1]))
    front, alpha = framed(cutout.rgb, cutout.alpha, framing)
    scene = _ground(asked, ground, split, size, rng).astype(np.float32)
    if shadow:
        scene *= 1 - _cast(alpha, rng)[..., None]
    share = alpha.astype(np.float32)[..., None] / 255
    mixed = front.astype(np.float32) * share + scene * (1 - share)
    if ground in SCENES:
        mixed += rng.normal(0, 1.5, mixed.shape).astype(np.float32)
    rgb = np.clip(np.round(mixed), 0, 255).astype(np.uint8)
    return Composed(rgb, alpha, product_box(alpha) or (0.0, 0.0, 0.0, 0.0), ground)


def iou(found: Pixels, truth: Pixels) -> float:
    """Intersection over union of two masks, 0 to 255, of which from 128 on counts; the found one is resized."""
    if found.shape != truth.shape:
        found = np.asarray(cv2.resize(found, truth.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    one, other = found >= 128, truth >= 128  # noqa: PLR2004 - half of 255
    whole = int(np.count_nonzero(one | other))
    return float(np.count_nonzero(one & other) / whole) if whole else 1.0


def in_split(name: str, split: Split) -> bool:
    """Whether a base picture belongs to a split: half of them each, by the hash of the name."""
    return _number(name) % 2 == (split == "score")


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")


def _shape(stem: str) -> str:
    """`cap_red_2` is a cap, `hoodie_black_1` a hoodie, `bottles_2` bottles."""
    shapes = sorted((one for names in RENDERS.values() for one in names), key=len, reverse=True)
    return next((one for one in shapes if stem == one or stem.startswith(f"{one}_")), stem)


def _tight(rgb: Pixels, alpha: Pixels) -> tuple[Pixels, Pixels]:
    rows, columns = np.flatnonzero((alpha >= 8).any(axis=1)), np.flatnonzero((alpha >= 8).any(axis=0))  # noqa: PLR2004 - visible
    inside = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(rgb[inside]), np.ascontiguousarray(alpha[inside])


def _ground(asked: Asked, ground: str, split: Split, size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    if ground == "white":
        return flat(size, (255, 255, 255))
    if ground == "grey":
        level = int(rng.integers(200, 250))
        return flat(size, (level, level, level))
    if ground == "coloured":
        return flat(size, COLOURS[split][int(rng.integers(len(COLOURS[split])))])
    if ground == "gradient":
        light, dim = int(rng.integers(235, 256)), int(rng.integers(170, 225))
        return sweep(size, (light, light, light), (dim, dim, dim))
    if ground == "room":
        return room(size, SEED_OF[split] * 100_000 + int(rng.integers(100_000)))
    shop = {"surface": "clothing_dataset", "shelf": "grocery_store"}[ground]
    these = [one for one in photos(asked, shop) if one.role == "natural" and in_split(one.path.name, split)]
    photo = these[int(rng.integers(len(these)))]
    return _surface(photo.path, size, rng) if ground == "surface" else _shelf(photo, size, rng)


@cache
def _pixels(path: Path) -> Pixels:
    return decode(path.read_bytes()).rgb


def _surface(path: Path, size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """One of the two calmer corners, where the clothes seldom reach, mirrored to fill the frame."""
    rgb = _pixels(path)
    height, width = (round(side * CORNER) for side in rgb.shape[:2])
    rows, columns = (slice(None, height), slice(-height, None)), (slice(None, width), slice(-width, None))
    corners = [rgb[down, across] for down in rows for across in columns]
    corners.sort(key=lambda one: float(one.std(axis=(0, 1)).sum()))
    corner = corners[int(rng.integers(2))]
    tile = np.concatenate([corner, corner[:, ::-1]], axis=1)
    tile = np.concatenate([tile, tile[::-1]], axis=0)
    return _filled(tile, size)


def _shelf(photo: Photo, size: tuple[int, int], rng: np.random.Generator) -> Pixels:
    """The whole picture, out of focus by 0.3 to 1 % of the side, as what lies behind a product is."""
    scene = _filled(_pixels(photo.path), size)
    sigma = float(rng.uniform(0.003, 0.01)) * max(size)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), sigma), np.uint8)


def _filled(rgb: Pixels, size: tuple[int, int]) -> Pixels:
    """Enlarged to cover `size`, and cut to it in the middle."""
    times = max(size[0] / rgb.shape[1], size[1] / rgb.shape[0])
    large = cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    top, left = (large.shape[0] - size[1]) // 2, (large.shape[1] - size[0]) // 2
    cut = large[max(0, top) :, max(0, left) :][: size[1], : size[0]]
    return np.asarray(cv2.resize(cut, size), np.uint8)


def _cast(alpha: Pixels, rng: np.random.Generator) -> NDArray[np.float32]:
    """How much darker the ground is, 0 to 1: a soft shadow to one side and below."""
    side = max(alpha.shape)
    right, down = float(rng.uniform(-0.02, 0.02)) * side, float(rng.uniform(0.005, 0.03)) * side
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(alpha, move, alpha.shape[::-1])
    soft = cv2.GaussianBlur(moved.astype(np.float32) / 255, (0, 0), float(rng.uniform(0.006, 0.02)) * side)
    return np.asarray(soft * float(rng.uniform(0.15, 0.45)), np.float32)
