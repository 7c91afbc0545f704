"""Products with text printed on them: books, bottles, shirts, drawn and photographed; seeded, in two splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import PLAIN, SEED_OF, CutOut, composed
from lettering import font as font_of
from lettering import knows
from lettering_words import FONTS, WORDS
from PIL import Image, ImageDraw
from shop_pictures import photos

from packshot.media.decode import decode
from packshot.testing.drawing import draw_product

if TYPE_CHECKING:
    from exam import Asked
    from lettering_words import Split
    from numpy.typing import NDArray
    from PIL.ImageFont import FreeTypeFont
    from shop_pictures import Photo

    Pixels = NDArray[np.uint8]
    Colour = tuple[int, int, int]

NAMES: dict[Split, tuple[str, ...]] = {
    "tune": (
        "Nordwind",
        "ALPINA",
        "Morning Oats",
        "Café Lumière",
        "THE LONG ROAD",
        "Birke & Moos",
        "Volt 9",
        "Kestrel",
    ),
    "score": (
        "Fjällbo",
        "HARBOUR TEA",
        "Quiet Rivers",
        "Monte Verde",
        "A Winter Atlas",
        "Zest",
        "TRAIL CLUB 84",
        "Olmo",
    ),
}
"""What stands largest on a product: brands and titles."""
LINES: dict[Split, tuple[str, ...]] = {
    "tune": ("a novel", "net weight 500 g", "with whole grain", "since 1921", "finest quality", "200 ml", "Anna Berg"),
    "score": (
        "short stories",
        "e 250 g",
        "cold pressed",
        "established 1964",
        "extra mild",
        "330 ml",
        "Tom Aldous",
        "No. 7",
    ),
}
COVERS: dict[Split, tuple[Colour, ...]] = {
    "tune": ((30, 50, 90), (235, 225, 200), (180, 40, 40), (245, 245, 245), (60, 110, 80), (240, 190, 60)),
    "score": ((90, 30, 80), (250, 240, 225), (20, 110, 130), (210, 215, 220), (225, 110, 60), (35, 35, 40)),
}
ROUND = ("bottle", "mug", "candle", "vase", "plant_pot", "teapot")
"""Drawn kinds on which text bends."""
FLAT = ("box", "backpack", "loudspeaker", "lamp")
OUTSIDE = ("surface", "shelf")
"""Photographed grounds (the drawn room has books and bottles of its own)."""
KINDS = ("book", "round", "shirt")


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A picture of a product that bears text; none is laid over it."""

    rgb: Pixels
    kind: str
    group: str
    """The product below the text."""


def printed(asked: Asked, split: Split, seed: int, kind: str = "") -> Printed:
    """A product of one of KINDS with text printed on it, all drawn from the seed. Raises NoData."""
    rng = np.random.default_rng([seed, SEED_OF[split], 77])
    kind = kind or str(rng.choice(KINDS))
    if kind == "shirt":
        return _shirt(asked, split, rng)
    cut = _book(rng, split) if kind == "book" else _round(rng, split, seed)
    ground = str(rng.choice(PLAIN if rng.random() < 0.7 else OUTSIDE))  # noqa: PLR2004 - most are packshots
    side = int(rng.choice((600, 800, 1000, 1400)))
    return Printed(composed(asked, cut, ground, split, seed=seed, size=(side, side)).rgb, kind, cut.group)


def _book(rng: np.random.Generator, split: Split) -> CutOut:
    """A cover or the front of a carton: seen from the front or turned, lit from one side."""
    wide, high = int(rng.integers(420, 720)), int(rng.integers(600, 900))
    shade = COVERS[split][int(rng.integers(len(COVERS[split])))]
    face = np.full((high, wide, 3), shade, np.float32)
    if rng.random() < 0.5:  # noqa: PLR2004 - one in two has a band or a picture
        _decorate(rng, face, split)
    _write(rng, face, split, lines=int(rng.integers(2, 7)))
    across = np.linspace(float(rng.uniform(0.85, 1)), float(rng.uniform(0.85, 1.08)), wide, dtype=np.float32)
    face *= across[None, :, None]
    face += rng.normal(0, float(rng.uniform(0, 2.5)), face.shape).astype(np.float32)
    alpha = np.full((high, wide), 255, np.uint8)
    rgb = np.clip(face, 0, 255).astype(np.uint8)
    if rng.random() < 0.65:  # noqa: PLR2004 - the others are seen from the front
        rgb, alpha = _turned(rng, rgb, alpha)
    if rng.random() < 0.5:  # noqa: PLR2004 - a lens or a resize softened it
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.5, 1.5))), np.uint8)
    return CutOut(f"cover {rng.integers(1_000_000)}", f"cover {rng.integers(1_000_000)}", "drawn", rgb, alpha)


def _decorate(rng: np.random.Generator, face: NDArray[np.float32], split: Split) -> None:
    high, wide = face.shape[:2]
    colour = COVERS[split][int(rng.integers(len(COVERS[split])))]
    if rng.random() < 0.5:  # noqa: PLR2004 - a band or a disc
        top = int(rng.integers(0, high // 2))
        face[top : top + int(rng.integers(high // 8, high // 3))] = colour
    else:
        centre = (int(rng.integers(wide // 4, 3 * wide // 4)), int(rng.integers(high // 3, high)))
        cv2.circle(face, centre, int(rng.integers(wide // 8, wide // 3)), colour, -1, cv2.LINE_AA)


def _turned(rng: np.random.Generator, rgb: Pixels, alpha: Pixels) -> tuple[Pixels, Pixels]:
    high, wide = rgb.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    moved = corners + rng.uniform(-0.14, 0.14, (4, 2)).astype(np.float32) * (wide, high)
    angle = np.radians(float(rng.choice((0, 0, rng.uniform(-25, 25)))))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = ((moved - (wide / 2, high / 2)) @ turn.T).astype(np.float32)
    moved -= moved.min(axis=0) - 2
    size = tuple(int(side) + 4 for side in moved.max(axis=0))
    move = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return (
        np.asarray(
            cv2.warpPerspective(rgb, move, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE), np.uint8
        ),
        np.asarray(cv2.warpPerspective(alpha, move, size, flags=cv2.INTER_LINEAR), np.uint8),
    )


def _round(rng: np.random.Generator, split: Split, seed: int) -> CutOut:
    """A drawn product with text in its middle, bent where the product is round, under its light."""
    from compose import DRAWN

    kinds = [one for one in DRAWN[split] if one in ROUND + FLAT]
    kind = kinds[int(rng.integers(len(kinds)))]
    rgb, alpha = draw_product(kind, seed=SEED_OF[split] * 7000 + seed % 997, size_px=800, view="front")
    rows, columns = np.flatnonzero((alpha > 250).any(axis=1)), np.flatnonzero((alpha > 250).any(axis=0))  # noqa: PLR2004
    rgb, alpha = (one[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] for one in (rgb, alpha))
    high, wide = alpha.shape
    middle = np.s_[int(high * 0.4) : int(high * 0.8), int(wide * 0.2) : int(wide * 0.8)]
    face = np.zeros((*alpha[middle].shape, 3), np.float32)
    cover = _cover(rng, face.shape[:2], split, int(rng.integers(1, 4)))
    if kind in ROUND:
        cover = _bent(cover, float(rng.uniform(0.02, 0.12)))
    under = rgb[middle].astype(np.float32)
    ink = np.asarray(_ink_for(rng, under), np.float32)
    light = under.mean(axis=2, keepdims=True) / max(1.0, float(under.mean()))
    share = cover[..., None] * (alpha[middle] > 250)[..., None]  # noqa: PLR2004 - well inside
    out = rgb.copy()
    out[middle] = np.clip(under + (ink * np.clip(light, 0.4, 1.6) - under) * share, 0, 255).astype(np.uint8)
    return CutOut(f"{kind} {seed}", f"drawn:{kind}", "drawn", np.ascontiguousarray(out), np.ascontiguousarray(alpha))


def _bent(cover: NDArray[np.float32], by: float) -> NDArray[np.float32]:
    """As on a cylinder seen a little from above: narrower at the sides, and sagging in the middle."""
    high, wide = cover.shape
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.arange(high))
    from_x = (np.arcsin(np.clip(x * 0.92, -1, 1)) / np.arcsin(0.92) + 1) / 2 * (wide - 1)
    from_y = y - by * high * np.sqrt(1 - np.clip(x * 0.92, -1, 1) ** 2)
    return np.asarray(cv2.remap(cover, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_LINEAR))


def _shirt(asked: Asked, split: Split, rng: np.random.Generator) -> Printed:
    """A photograph of a worn or lying top with text on the chest, under the light and folds of the cloth."""
    from compose import in_split

    these = [one for one in photos(asked, "magento2") if one.role == "main" and in_split(one.listing, split)]
    lying = [
        one
        for one in photos(asked, "clothing_dataset")
        if one.category.lower() in {"t-shirt", "longsleeve", "hoodie", "shirt", "top"} and in_split(one.listing, split)
    ]
    pool: list[Photo] = lying if lying and rng.random() < 0.4 else these  # noqa: PLR2004 - most are studio
    photo = pool[int(rng.integers(len(pool)))]
    rgb = decode(photo.path.read_bytes()).rgb.copy()
    high, wide = rgb.shape[:2]
    x0, x1 = (0.36, 0.64) if photo.shop == "magento2" else (0.35, 0.65)
    middle = np.s_[int(high * 0.28) : int(high * 0.45), int(wide * x0) : int(wide * x1)]
    under = rgb[middle].astype(np.float32)
    cover = _cover(rng, under.shape[:2], split, int(rng.integers(1, 4)))
    light = cv2.cvtColor(rgb[middle], cv2.COLOR_RGB2GRAY).astype(np.float32)
    folds = cv2.GaussianBlur(light, (0, 0), 3)
    slope_x, slope_y = (cv2.Sobel(folds, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
    x, y = np.meshgrid(np.arange(under.shape[1], dtype=np.float32), np.arange(under.shape[0], dtype=np.float32))
    turn = cv2.getRotationMatrix2D((under.shape[1] / 2, under.shape[0] / 2), float(rng.normal(0, 4)), 1.0)
    cover = np.asarray(cv2.warpAffine(cover, turn, cover.shape[::-1]), np.float32)
    cover = np.asarray(cv2.remap(cover, x + 0.25 * slope_x, y + 0.25 * slope_y, cv2.INTER_LINEAR), np.float32)
    shade = light / max(8.0, float(np.median(light)))
    ink = np.asarray(_ink_for(rng, under), np.float32)
    laid = ink * np.clip(shade, 0.3, 1.5)[..., None]
    rgb[middle] = np.clip(under + (laid - under) * cover[..., None] * 0.93, 0, 255).astype(np.uint8)
    return Printed(rgb, "shirt", photo.listing)


def _ink_for(rng: np.random.Generator, under: NDArray[np.float32]) -> Colour:
    level = float(under.mean())
    bright: Colour = (235, int(rng.integers(200, 245)), int(rng.integers(190, 240)))
    dark: Colour = (int(rng.integers(10, 70)), int(rng.integers(10, 60)), int(rng.integers(10, 80)))
    return bright if level < 120 else dark  # noqa: PLR2004 - the middle


def _write(rng: np.random.Generator, face: NDArray[np.float32], split: Split, lines: int) -> None:
    cover = _cover(rng, face.shape[:2], split, lines)
    face += (np.asarray(_ink_for(rng, face), np.float32) - face) * cover[..., None]


def _cover(rng: np.random.Generator, shape: tuple[int, int], split: Split, lines: int) -> NDArray[np.float32]:
    """Coverage, 0 to 1: a large name and smaller lines, as a designer would set them."""
    high, wide = shape
    sheet = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(sheet)
    top = high * float(rng.uniform(0.04, 0.3))
    centred = bool(rng.random() < 0.7)  # noqa: PLR2004 - mostly
    languages = list(WORDS[split])
    for number in range(lines):
        language = languages[int(rng.integers(len(languages)))]
        small = (*LINES[split], *WORDS[split][language]["features"])
        choice = NAMES[split] if number == 0 else small
        text = str(choice[int(rng.integers(len(choice)))])
        share = float(rng.uniform(0.6, 0.95) if number == 0 else rng.uniform(0.3, 0.75))
        shape_of = _fitting(rng, split, text, share * wide, high / 4)
        if shape_of is None:
            continue
        left, upper, right, lower = pen.textbbox((0, 0), text, font=shape_of)
        if top + lower - upper > high:
            break
        x = (wide - (right - left)) / 2 if centred else wide * 0.06
        pen.text((x - left, top - upper), text, font=shape_of, fill=255)
        top += (lower - upper) * float(rng.uniform(1.3, 2.4))
    return np.asarray(sheet, np.float32) / 255


def _fitting(rng: np.random.Generator, split: Split, text: str, width: float, most: float) -> FreeTypeFont | None:
    """A font of the split that knows the text, of the size that fills the width; None where there is none."""
    for number in rng.permutation(len(FONTS[split])):
        family = FONTS[split][int(number)]
        file = str(rng.choice(family.files))
        if knows(font_of(family, file, 40), text):
            size = 40 * width / max(1.0, font_of(family, file, 40).getlength(text))
            return font_of(family, file, int(max(12, min(size, most))))
    return None
