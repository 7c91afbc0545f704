"""Print that belongs to the goods: packs, covers, shirts, mugs, labels, signs; nothing is laid over these pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from overlaid.bases import texture
from overlaid.emblems import KINDS, fitted
from overlaid.patch import against, chance, colour, from_image, lay
from overlaid.phrases import BRANDS, SMALL, phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from overlaid.bases import Bases
    from overlaid.fonts import Part
    from overlaid.patch import Colour

    Pixels = NDArray[np.uint8]

CLOTHES = ("magento2", "clothing_dataset", "sylius", "solidus")


def design(rng: np.random.Generator, part: Part, bases: Bases, size: tuple[int, int], ground: Colour) -> Pixels:
    """The face of a pack, cover or poster: a name, small lines, emblems, a picture on some; RGB."""
    wide, high = size
    face = np.full((high, wide, 3), ground, np.uint8)
    idle = np.zeros((high, wide), np.uint8)
    if chance(rng, 0.3):
        top = int(rng.integers(0, high))
        face[top : top + int(rng.integers(high // 8, high // 2))] = colour(rng)
    if chance(rng, 0.12):
        face = texture(rng, size)
    if chance(rng, 0.35):
        photo = bases.photo(rng)[0]
        w, h = int(wide * float(rng.uniform(0.4, 1))), int(high * float(rng.uniform(0.3, 1)))
        x, y = int(rng.integers(0, wide - w + 1)), int(rng.integers(0, high - h + 1))
        face[y : y + h, x : x + w] = cv2.resize(photo, (w, h), interpolation=cv2.INTER_AREA)
    letters(rng, part, face, idle)
    for _ in range(int(rng.integers(0, 4))):
        side = int(min(size) * float(rng.uniform(0.1, 0.35)))
        kind = str(rng.choice([one for one in KINDS if one not in {"callout", "arrow"}]))
        image = KINDS[kind](rng, part, max(24, side))
        x, y = int(rng.integers(0, max(1, wide - image.width))), int(rng.integers(0, max(1, high - image.height)))
        lay(face, idle, from_image(image), (x, y))
    return face


def letters(rng: np.random.Generator, part: Part, face: Pixels, idle: Pixels) -> None:
    """A large name and smaller lines, in place."""
    high, wide = face.shape[:2]
    top = int(high * float(rng.uniform(0.03, 0.35)))
    for number in range(int(rng.integers(1, 7))):
        if chance(rng, 0.25):
            text, script = phrase(rng)
        else:
            text, script = str(rng.choice(BRANDS if number == 0 else SMALL)), "latin"
        share = float(rng.uniform(0.5, 0.95) if number == 0 else rng.uniform(0.25, 0.8))
        most = int(high * (0.3 if number == 0 else 0.12))
        if top >= high - 8:
            return
        middle = np.median(face[top : top + most, wide // 4 : 3 * wide // 4].reshape(-1, 3), axis=0)
        ground = (int(middle[0]), int(middle[1]), int(middle[2]))
        image = fitted(rng, part, text, script, (int(wide * share), max(8, most)), against(rng, ground))
        x = (wide - image.width) // 2 if chance(rng, 0.7) else int(wide * 0.06)
        lay(face, idle, from_image(image), (max(0, x), top))
        top += int(image.height * float(rng.uniform(1, 1.8)))


def printed(rng: np.random.Generator, part: Part, bases: Bases) -> tuple[Pixels, str]:
    """A picture of goods that bear print, and of which kind."""
    kind = str(rng.choice(["carton", "carton", "cover", "curved", "curved", "shirt", "shirt", "sign"]))
    if kind == "shirt":
        return _shirt(rng, part, bases), kind
    if kind == "sign":
        return _sign(rng, part, bases), kind
    cut = _carton(rng, part, bases, flat=kind == "cover") if kind != "curved" else _curved(rng, part, bases)
    return bases.scene(rng, int(rng.choice([1, 1, 1, 2, 3])), cut), kind


def _carton(rng: np.random.Generator, part: Part, bases: Bases, *, flat: bool) -> tuple[Pixels, Pixels]:
    """A printed face in light, seen aslant with a second face beside it, or straight from the front."""
    wide, high = int(rng.integers(220, 520)), int(rng.integers(280, 640))
    ground = colour(rng)
    face = design(rng, part, bases, (wide, high), ground).astype(np.float32)
    across = np.linspace(float(rng.uniform(0.75, 1.02)), float(rng.uniform(0.75, 1.05)), wide)[None, :, None]
    down = np.linspace(float(rng.uniform(0.85, 1.05)), float(rng.uniform(0.8, 1.02)), high)[:, None, None]
    face = face * across * down + rng.normal(0, float(rng.uniform(0, 4)), face.shape)
    face = np.clip(face, 0, 255).astype(np.uint8)
    if flat and chance(rng, 0.5):
        edge = np.full((high, wide), 255, np.uint8)
        return _softened(rng, face), edge
    side_wide = 0 if flat else int(wide * float(rng.uniform(0, 0.4)))
    whole = face
    if side_wide >= 8:  # noqa: PLR2004 - pixels: a narrower one shows nothing
        side = design(rng, part, bases, (side_wide, high), ground)
        side = np.clip(side * float(rng.uniform(0.5, 0.85)), 0, 255).astype(np.uint8)
        whole = np.concatenate([face, side], axis=1)
    h, w = whole.shape[:2]
    lean = float(rng.uniform(-0.12, 0.12))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    moved = corners + rng.uniform(-0.08, 0.08, (4, 2)).astype(np.float32) * (w, h)
    moved[1, 1] += lean * h
    moved[2, 1] -= lean * h
    angle = np.radians(float(rng.choice([0, 0, 0, rng.uniform(-30, 30)])))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = moved @ turn.T
    moved = (moved - moved.min(axis=0) + 2).astype(np.float32)
    size = (int(moved[:, 0].max()) + 3, int(moved[:, 1].max()) + 3)
    move = cv2.getPerspectiveTransform(corners, moved)
    rgb = cv2.warpPerspective(whole, move, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpPerspective(np.full((h, w), 255, np.uint8), move, size, flags=cv2.INTER_LINEAR)
    return _softened(rng, np.asarray(rgb, np.uint8)), np.asarray(alpha, np.uint8)


def _softened(rng: np.random.Generator, rgb: Pixels) -> Pixels:
    if chance(rng, 0.5):
        return rgb
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.4, 1.6))), np.uint8)


def _curved(rng: np.random.Generator, part: Part, bases: Bases) -> tuple[Pixels, Pixels]:
    """A drawn product with a label or print across it, bent as on a can, shaded and clipped by what it is on."""
    rgb, alpha, kind = bases.drawn[int(rng.integers(len(bases.drawn)))]
    high, wide = alpha.shape
    w, h = int(wide * float(rng.uniform(0.45, 1))), int(high * float(rng.uniform(0.2, 0.6)))
    ground = colour(rng)
    label = design(rng, part, bases, (max(60, w), max(50, h)), ground).astype(np.float32)
    lh, lw = label.shape[:2]
    sag = float(rng.uniform(0, 0.15)) * lh * (kind != "box")
    x, y = np.meshgrid(np.linspace(-1, 1, lw), np.arange(lh))
    from_x = (np.arcsin(np.clip(x * 0.95, -1, 1)) / np.arcsin(0.95) + 1) / 2 * (lw - 1)
    from_y = y - sag * (np.sqrt(1 - np.clip(x * 0.95, -1, 1) ** 2) - 0.5)
    maps = from_x.astype(np.float32), from_y.astype(np.float32)
    bent = cv2.remap(label, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.remap(np.ones((lh, lw), np.float32), *maps, cv2.INTER_LINEAR)
    if chance(rng, 0.45):  # print without a ground of its own
        inside = inside * (np.abs(bent - np.asarray(ground, np.float32)).max(axis=2) > 24)  # noqa: PLR2004 - levels
    top = int((high - lh) * float(rng.uniform(0.25, 0.75))) if high > lh else 0
    left = (wide - lw) // 2 if wide > lw else 0
    there = np.s_[top : top + lh, left : left + lw]
    under = rgb[there].astype(np.float32)
    bent, inside = bent[: under.shape[0], : under.shape[1]], inside[: under.shape[0], : under.shape[1]]
    light = cv2.GaussianBlur(under.mean(axis=2), (0, 0), 4)
    shade = np.clip(light / max(20.0, float(np.percentile(light, 80))), 0.25, 1.15)[..., None]
    share = (inside * (alpha[there] / 255.0))[..., None] * float(rng.uniform(0.85, 1))
    out = rgb.copy()
    out[there] = np.clip(under + (bent * shade - under) * share, 0, 255).astype(np.uint8)
    return out, alpha


def _shirt(rng: np.random.Generator, part: Part, bases: Bases) -> Pixels:
    """A photograph of clothes with a print on the chest that follows light and folds."""
    rgb, _ = bases.photo(rng, CLOTHES)
    high, wide = rgb.shape[:2]
    w, h = int(wide * float(rng.uniform(0.18, 0.4))), int(high * float(rng.uniform(0.08, 0.3)))
    x0 = int((wide - w) * float(rng.uniform(0.38, 0.62)))
    y0 = int((high - h) * float(rng.uniform(0.3, 0.6)))
    there = np.s_[y0 : y0 + h, x0 : x0 + w]
    under = rgb[there].astype(np.float32)
    middle = np.median(under.reshape(-1, 3), axis=0)
    ground = (int(middle[0]), int(middle[1]), int(middle[2]))
    if chance(rng, 0.3):
        face = design(rng, part, bases, (max(40, w), max(30, h)), colour(rng))
        face = cv2.resize(face, (w, h)).astype(np.float32)
        inside = np.ones((h, w), np.float32)
    else:
        sheet = np.full((h, w, 3), ground, np.uint8)
        letters(rng, part, sheet, np.zeros((h, w), np.uint8))
        if chance(rng, 0.5):
            side = max(24, int(min(w, h) * float(rng.uniform(0.4, 0.9))))
            image = KINDS[str(rng.choice(["logo", "icon", "badge", "row"]))](rng, part, side)
            lay(sheet, np.zeros((h, w), np.uint8), from_image(image), ((w - image.width) // 2, (h - image.height) // 2))
        face = sheet.astype(np.float32)
        inside = np.clip(np.abs(face - np.asarray(ground, np.float32)).max(axis=2) / 40, 0, 1)
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 8)), 1)
    face = cv2.warpAffine(face, turn, (w, h), borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(inside, turn, (w, h))
    light = cv2.cvtColor(rgb[there], cv2.COLOR_RGB2GRAY).astype(np.float32)
    folds = cv2.GaussianBlur(light, (0, 0), max(1.0, w / 60))
    by = float(rng.uniform(0.1, 0.6)) * w / 200
    slopes = [cv2.Sobel(folds, cv2.CV_32F, *way) for way in ((1, 0), (0, 1))]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    maps = x + by * slopes[0], y + by * slopes[1]
    face = cv2.remap(face, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.remap(inside, *maps, cv2.INTER_LINEAR)
    shade = np.clip(light / max(10.0, float(np.median(light))), 0.3, 1.5)[..., None]
    share = (inside * float(rng.uniform(0.8, 1)))[..., None]
    rgb[there] = np.clip(under + (np.clip(face * shade, 0, 255) - under) * share, 0, 255).astype(np.uint8)
    return rgb


def _sign(rng: np.random.Generator, part: Part, bases: Bases) -> Pixels:
    """A printed thing that is much of a photograph, in perspective: a poster, screen, sign or label seen from near."""
    canvas = bases.photo(rng)[0]
    high, wide = canvas.shape[:2]
    w, h = int(rng.integers(200, 500)), int(rng.integers(150, 500))
    face = design(rng, part, bases, (w, h), colour(rng))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    centre = rng.uniform(0.3, 0.7, 2) * (wide, high)
    reach = float(rng.uniform(0.15, 0.4)) * np.array([wide, high * h / w * wide / high])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * reach
    square += rng.uniform(-0.18, 0.18, (4, 2)) * reach * 2
    angle = np.radians(float(rng.normal(0, 14)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (square @ turn.T + centre).astype(np.float32)
    move = cv2.getPerspectiveTransform(corners, moved)
    warped = cv2.warpPerspective(face, move, (wide, high), flags=cv2.INTER_AREA).astype(np.float32)
    cover = cv2.warpPerspective(np.ones((h, w), np.float32), move, (wide, high))[..., None]
    light = cv2.GaussianBlur(cv2.cvtColor(canvas, cv2.COLOR_RGB2GRAY), (0, 0), 25).astype(np.float32)
    warped *= np.clip(light / max(30.0, float(light.mean())), 0.5, 1.2)[..., None]
    warped += rng.normal(0, float(rng.uniform(0.5, 5)), warped.shape)
    soft = float(rng.uniform(0.3, 1.5))
    warped = cv2.GaussianBlur(warped, (0, 0), soft)
    mixed = canvas * (1 - cover) + warped * cover
    return np.clip(mixed, 0, 255).astype(np.uint8)
