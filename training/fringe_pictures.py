"""Cut-outs on plain grounds, with a fringe along the outline and without: the ground truth of `halo_share`."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from base_pictures import base_pictures
from packshot.evaluate.outline_profiles import INSIDE, OUTSIDE, outline_profiles
from packshot.evaluate.plain_matte import plain_matte
from packshot.evaluate.segmentation import segment
from packshot.media.decode import decode
from packshot.testing.drawing.products import KINDS, draw_product
from quality_pictures import as_picture, saved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Plane = NDArray[np.float32]

SEEN, HIDDEN = 10.0, 3.0
"""Distance of colours, in CIE Lab, from which on a fringe is seen, and up to which there is none."""
DRAWN_OF = 2
"""One kind of drawn product in so many is for scoring only."""
GROUNDS = ((255, 255, 255), (255, 255, 255), (250, 250, 250), (240, 240, 240), (225, 226, 228), (200, 200, 205))
OLD = (
    (20, 20, 22),
    (60, 60, 60),
    (110, 115, 120),
    (255, 255, 255),
    (40, 120, 60),
    (60, 90, 160),
    (150, 110, 70),
    (180, 170, 150),
    (0, 200, 60),
)


class CutOut(NamedTuple):
    """A product with its exact transparency."""

    rgb: Pixels
    alpha: Plane
    """(h, w), 0 to 1."""
    name: str


class Made(NamedTuple):
    """A picture of a cut-out, and where a fringe is seen."""

    rgb: Pixels
    off: Plane
    """(h, w): distance, in CIE Lab, from the same picture without the fringe."""
    way: str
    name: str


def cut_outs(data: Path, *, held: bool) -> Iterator[CutOut]:
    """Transparent pictures of shops, products cut from white, and drawn products."""
    for base in base_pictures(data):
        if base.held != held:
            continue
        if base.shop == "solidus":
            picture = decode(base.path.read_bytes())
            if picture.alpha is not None and picture.alpha.min() < 10:  # noqa: PLR2004 - really transparent somewhere
                yield CutOut(picture.rgb, picture.alpha.astype(np.float32) / 255, base.name)
        elif base.role == "iconic" or base.shop == "tailwindtraders":
            found = _from_white(decode(base.path.read_bytes()).rgb)
            if found is not None:
                yield CutOut(*found, base.name)
    for number, kind in enumerate(sorted(KINDS)):
        if (number % DRAWN_OF == 0) == held:
            for seed in range(3):
                size = (360, 560, 800)[seed]
                rgb, alpha = draw_product(kind, seed + 10 * held, size, view=("front", "angle", "front")[seed])
                rim = size // 8
                rgb, alpha = (
                    cv2.copyMakeBorder(each, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0) for each in (rgb, alpha)
                )
                yield CutOut(np.asarray(rgb, np.uint8), alpha.astype(np.float32) / 255, f"drawn {kind} {seed}")


def _from_white(rgb: Pixels) -> tuple[Pixels, Plane] | None:
    """A product cut from a plain ground well inside of its outline, its colours carried outward."""
    picture = as_picture(rgb)
    found = picture.once(segment)
    if not found.confident:
        return None
    mask = plain_matte(picture, 256)
    mask = cv2.resize(mask, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)
    apart = np.abs(rgb.astype(np.int16) - np.array(found.colour)).max(axis=2) > 24  # noqa: PLR2004 - not the ground
    inside = ((mask > 128) & apart).astype(np.uint8)  # noqa: PLR2004 - half
    inside = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    inside = cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    inside = cv2.drawContours(np.zeros_like(inside), outlines, -1, 1, cv2.FILLED)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8))
    if inside.mean() < 0.02:  # noqa: PLR2004 - hardly anything
        return None
    alpha = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.7)
    return _carried_outward(rgb, inside > 0), alpha


def _carried_outward(rgb: Pixels, inside: NDArray[np.bool_]) -> Pixels:
    """The colour of the nearest pixel inside, everywhere outside."""
    _, labels = cv2.distanceTransformWithLabels(
        (~inside).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    colours[labels[inside]] = rgb[inside]
    return colours[labels]


def made_of(one: CutOut, count: int) -> Iterator[Made]:
    """The cut-out on plain grounds, in turn without a fringe and with one."""
    rng = np.random.default_rng(zlib.crc32(f"fringe {one.name}".encode()))
    solid = _carried_outward(one.rgb, one.alpha > 0.98)  # noqa: PLR2004 - opaque
    for number in range(count):
        ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
        if rng.random() < 0.15:  # noqa: PLR2004 - now and then any colour
            ground = tuple(int(level) for level in rng.integers(0, 256, 3))
        clean, product, alpha = _clean(one, solid, ground, rng)
        way = ("none", "old ground", "none", "ring", "old ground")[number % 5]
        spoiled = clean
        if way != "none":
            spoiled = _fringed(product, alpha, clean, way, rng)
        size = float(rng.uniform(0.5, 1.0))
        shape = (max(96, round(clean.shape[1] * size)), max(96, round(clean.shape[0] * size)))
        pair = [cv2.resize(each, shape, interpolation=cv2.INTER_AREA) for each in (spoiled, clean)]
        lab = [cv2.cvtColor(each.astype(np.float32) / 255, cv2.COLOR_RGB2Lab) for each in pair]
        off = np.linalg.norm(lab[0] - lab[1], axis=2).astype(np.float32)
        final = saved(np.clip(np.rint(pair[0]), 0, 255).astype(np.uint8), int(rng.choice([0, 80, 88, 92, 95, 98])))
        yield Made(final, off, way, one.name)


def _clean(one: CutOut, solid: Pixels, ground: tuple[int, ...], rng: np.random.Generator) -> tuple[Plane, Plane, Plane]:
    """The cut-out as it should be, on its ground with a shadow at times; its colours; its transparency."""
    height, width = one.alpha.shape
    stage = np.broadcast_to(np.array(ground, np.float32), (height, width, 3)).copy()
    if rng.random() < 0.4:  # noqa: PLR2004 - a shadow at times
        shadow = cv2.GaussianBlur(one.alpha, (0, 0), float(rng.uniform(0.01, 0.04)) * max(height, width))
        drop = np.roll(shadow, int(rng.uniform(0, 0.03) * height), axis=0) * float(rng.uniform(0.1, 0.5))
        stage *= 1 - drop[..., None]
    product = solid.astype(np.float32)
    edge = float(rng.uniform(0, 1.2))
    alpha = cv2.GaussianBlur(one.alpha, (0, 0), edge) if edge > 0.3 else one.alpha  # noqa: PLR2004 - less is nothing
    clean = alpha[..., None] * product + (1 - alpha[..., None]) * stage
    return clean, product, alpha


def _fringed(product: Plane, alpha: Plane, clean: Plane, way: str, rng: np.random.Generator) -> Plane:
    """With a band of the old ground that was cut out along with it, or with a light or dark ring around it."""
    unit = max(alpha.shape) / 800
    wide = float(rng.uniform(1.0, 5.0)) * max(unit, 0.6)
    part = _part_of(alpha, rng)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(np.ceil(wide)) + 1,) * 2)
    larger = cv2.GaussianBlur(cv2.dilate(alpha, kernel), (0, 0), float(rng.uniform(0.4, 1.0)))
    if way == "ring":
        level = float(rng.choice([0, 25, 255, 255]))
        ring = np.clip(larger - alpha, 0, 1) * float(rng.uniform(0.4, 1)) * part
        return clean * (1 - ring[..., None]) + level * ring[..., None]
    old = np.array(OLD[int(rng.integers(len(OLD)))], np.float32) + rng.normal(0, 8, 3)
    soft = cv2.GaussianBlur(alpha, (0, 0), float(rng.uniform(0.4, 1.4)))
    before = soft[..., None] * product + (1 - soft[..., None]) * np.clip(old, 0, 255).astype(np.float32)
    cut = (np.maximum(larger, alpha) * part)[..., None]
    return np.asarray(np.where(alpha[..., None] > 0.999, clean, cut * before + (1 - cut) * clean))  # noqa: PLR2004


def _part_of(alpha: Plane, rng: np.random.Generator) -> Plane:
    """1 along the part of the outline that has the fringe: all of it, or some."""
    if rng.random() < 0.6:  # noqa: PLR2004 - mostly all of it
        return np.ones_like(alpha)
    coarse = rng.random((5, 5)).astype(np.float32)
    field = cv2.resize(coarse, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip((field - float(rng.uniform(0.3, 0.7))) * 12, 0, 1).astype(np.float32)


def truth_of(made: Made) -> tuple[Pixels, NDArray[np.float32]] | None:
    """Colours across the outline, and at each place how far the fringe there is from none; None without an outline."""
    found = outline_profiles(as_picture(made.rgb))
    if found is None:
        return None
    height, width = made.off.shape
    steps = np.arange(-OUTSIDE, INSIDE - 4)[None, :, None]
    at = (found.places[:, None] + found.inward[:, None] * steps) * np.array([width, height], np.float32)
    x, y = (np.ascontiguousarray(at[..., axis] - 0.5, dtype=np.float32) for axis in (0, 1))
    off = cv2.remap(made.off, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return found.colours, np.sort(off, axis=1)[:, -2].astype(np.float32)
