"""Lays text over pictures as sellers do: promotions, prices, features, addresses, watermarks; seeded, in two splits."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from exam import NoData
from lettering_words import FONTS, KINDS, WORDS
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from exam import Box
    from lettering_words import Family, Split
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Colour = tuple[int, int, int]

HEIGHTS: dict[Split, tuple[float, ...]] = {"tune": (0.035, 0.05, 0.08, 0.12), "score": (0.03, 0.042, 0.065, 0.1)}
"""Height of a line, as a share of the picture's shorter side."""
ANGLES: dict[Split, tuple[float, ...]] = {
    "tune": (0, 0, 0, 0, 0, 0, 15, -15, 5, -40, 90),
    "score": (0, 0, 0, 0, 8, -22, 30, -90),
}
"""Degrees, anticlockwise; most text is level."""
INKS: dict[Split, tuple[Colour, ...]] = {
    "tune": (
        *((20, 20, 20), (250, 250, 250), (200, 20, 30), (20, 60, 160)),
        *((250, 120, 170), (0, 160, 200), (110, 70, 30), (180, 180, 180)),
    ),
    "score": ((45, 40, 60), (255, 248, 225), (225, 75, 0), (0, 110, 70), (120, 20, 110), (240, 200, 0)),
}
WIDTHS: dict[Split, tuple[float, ...]] = {"tune": (1, 1, 1, 0.6, 0.8, 1.3), "score": (1,)}
"""How wide the letters are set: for tuning, narrow and wide cuts of its few fonts."""
LEAST_CONTRAST, LEAST_CLEAR = 60, 0.85
"""Luma levels between ink and ground, and the share of the ground where they must be reached; else a plate is laid."""
PLATES = 0.4
"""Share of the texts that get a plate even where they could be read without."""
WATERMARK_OPACITY = (0.28, 0.5)
NO_LETTER = "\U0010fffd"
"""A code point that no font has."""
LEAST_PX = 14
"""Height of a line below which nobody reads it."""


@dataclass(frozen=True, slots=True, eq=False)
class Lettered:
    """A picture with text laid over it."""

    rgb: Pixels
    boxes: tuple[Box, ...]
    """x, y, w, h of each block of text, as shares; upright around a turned one."""
    words: tuple[str, ...]
    """What each block says."""
    kind: str
    language: str
    family: str
    angle: float
    """Degrees."""
    height_share: float
    """Height of a line as a share of the picture's shorter side."""


@cache
def font(family: Family, file: str, size: int) -> ImageFont.FreeTypeFont:
    """One font. Raises NoData where its package is not installed."""
    spec = util.find_spec(family.module)
    if spec is None or not spec.submodule_search_locations:
        raise NoData(f"fonts: the package {family.module} is missing; pip install --group bench")
    return ImageFont.truetype(str(Path(spec.submodule_search_locations[0]) / family.folder / file), size)


def lettered(rgb: Pixels, split: Split, seed: int, kind: str = "", language: str = "") -> Lettered:
    """The picture (h, w, 3) with one to three blocks of text of one kind, all drawn from the seed.

    `kind` is one of `lettering_words.KINDS`, `language` one of the split's; drawn where they are empty.
    Raises NoData where a font is missing.
    """
    rng = np.random.default_rng([seed, 31])
    kind = kind or str(rng.choice(KINDS))
    language = language or str(rng.choice(list(WORDS[split])))
    texts = _texts(rng, split, language, kind)
    share = float(rng.choice(HEIGHTS[split]))
    size = max(LEAST_PX, round(share * min(rgb.shape[:2])))
    family, shape = _font_for(rng, split, "".join(texts), size)
    angle = 0.0 if kind == "features" else float(rng.choice(ANGLES[split]))
    width = float(np.random.default_rng([seed, 32]).choice(WIDTHS[split]))
    canvas, boxes, words = rgb.copy(), [], []
    for text in texts:
        drawn = _laid(rng, canvas, text, shape, _Look(split, kind, angle, width, boxes))
        if drawn is not None:
            boxes.append(drawn)
            words.append(text)
    return Lettered(canvas, tuple(boxes), tuple(words), kind, language, family.name, angle, size / min(rgb.shape[:2]))


def knows(shape: ImageFont.FreeTypeFont, text: str) -> bool:
    """Whether a font has every letter of a text, and shows none as the box that stands for what it lacks."""
    lacking = bytes(shape.getmask(NO_LETTER))
    return all(bytes(shape.getmask(letter)) != lacking for letter in set(text) - set(" \n"))


def _font_for(rng: np.random.Generator, split: Split, text: str, size: int) -> tuple[Family, ImageFont.FreeTypeFont]:
    """A font of the split that knows the text; every family that does is as likely."""
    for number in rng.permutation(len(FONTS[split])):
        family = FONTS[split][int(number)]
        for file in rng.permutation(family.files):
            if knows(shape := font(family, str(file), size), text):
                return family, shape
    raise NoData(f"fonts: none of the split {split} knows {text!r}")


def _texts(rng: np.random.Generator, split: Split, language: str, kind: str) -> list[str]:
    """What the blocks say: one short text, or a list of features."""
    choice = WORDS[split][language][kind]
    if kind == "features":
        count = min(len(choice), int(rng.integers(2, 5)))
        return ["\n".join(rng.permutation(choice)[:count].tolist())]
    count = min(len(choice), int(rng.integers(1, 3))) if kind != "watermark" else 1
    return [str(one) for one in rng.permutation(choice)[:count]]


@dataclass(frozen=True, slots=True)
class _Look:
    split: Split
    kind: str
    angle: float
    width: float
    taken: list[Box]


def _laid(
    rng: np.random.Generator, canvas: Pixels, text: str, shape: ImageFont.FreeTypeFont, look: _Look
) -> Box | None:
    """Draw one block where none lies yet and give its box; None where it finds no place."""
    height, width = canvas.shape[:2]
    plate_wanted = bool(rng.random() < PLATES) and look.kind not in {"watermark", "features"}
    ink_mask, plate_mask = _cover(text, shape, look, (width, height))
    high, wide = ink_mask.shape
    if wide > width or high > height:
        return None
    for _ in range(20):
        x, y = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
        box = (x / width, y / height, wide / width, high / height)
        if any(_overlap(box, other) for other in look.taken):
            continue
        under = canvas[y : y + high, x : x + wide].astype(np.float32)
        ink, ground, plate = _inks(rng, under, look.split, plate=plate_wanted)
        opacity = float(rng.uniform(*WATERMARK_OPACITY)) if look.kind == "watermark" else 1.0
        if plate:
            under += (np.asarray(ground, np.float32) - under) * plate_mask[..., None]
        under += (np.asarray(ink, np.float32) - under) * ink_mask[..., None] * opacity
        canvas[y : y + high, x : x + wide] = np.clip(np.round(under), 0, 255).astype(np.uint8)
        return box
    return None


def _cover(
    text: str, shape: ImageFont.FreeTypeFont, look: _Look, frame: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Coverage, 0 to 1, of the letters and of the plate under them, turned and tight around the letters' plate."""
    if "\n" not in text and shape.getlength(text) * look.width > 0.9 * max(frame) and " " in text:
        text = textwrap.fill(text, max(8, len(text) // 2 + 2))
    measure = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = measure.multiline_textbbox((0, 0), text, font=shape)
    pad = max(2, round(shape.size * 0.25))
    size = (round(right - left) + 2 * pad, round(bottom - top) + 2 * pad)
    letters, plate = Image.new("L", size, 0), Image.new("L", size, 255)
    ImageDraw.Draw(letters).multiline_text((pad - left, pad - top), text, font=shape, fill=255)
    if look.width != 1:
        set_wide = (round(size[0] * look.width), size[1])
        letters, plate = (one.resize(set_wide, Image.Resampling.BICUBIC) for one in (letters, plate))
    turned = [one.rotate(look.angle, Image.Resampling.BICUBIC, expand=True) for one in (letters, plate)]
    masks = [np.asarray(one, np.float32) / 255 for one in turned]
    return masks[0], masks[1]


def _inks(
    rng: np.random.Generator, under: NDArray[np.float32], split: Split, *, plate: bool
) -> tuple[Colour, Colour, bool]:
    """Ink, plate, and whether the plate is laid: as asked, or where no ink can be read on the picture itself."""
    inks = [INKS[split][number] for number in rng.permutation(len(INKS[split]))]
    luma = under @ np.array([0.299, 0.587, 0.114], np.float32)
    clear = [one for one in inks if np.mean(np.abs(luma - _luma(one)) >= LEAST_CONTRAST) >= LEAST_CLEAR]
    if clear and not plate:
        return clear[0], clear[0], False
    ground = inks[0]
    return max(inks, key=lambda one: abs(_luma(one) - _luma(ground))), ground, True


def _luma(colour: Colour) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def _overlap(box: Box, other: Box) -> bool:
    return (
        box[0] < other[0] + other[2]
        and other[0] < box[0] + box[2]
        and box[1] < other[1] + other[3]
        and other[1] < box[1] + box[3]
    )
