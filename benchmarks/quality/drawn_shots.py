"""Shots of the kinds that no shop here has, drawn for scoring alone.

Fonts, layouts and photographs are others than training's, and nothing is shared with `training/shot_pictures.py`. All
of them are synthetic.
"""

# ruff: noqa: PLR2004 - odds and places of a drawing say what they are where they stand
from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import cv2
import numpy as np
from lettering import font
from lettering_words import FONTS
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Ink = tuple[int, int, int]

BODY = ("Neck", "Bust", "Shoulder", "Inseam", "Hip", "Arm length", "Foot length", "Tour de cou", "Schulter", "Rug")
ROWS = ("S", "M", "L", "XL", "2XL", "3XL", "4XL")
SHOES = ("35", "36", "37", "38", "39", "40", "41", "42")
POINTS = (
    *("Machine washable", "Handmade in Porto", "Hidden pocket", "Double stitched", "40 h of music", "Folds flat"),
    *(
        "Reflective strip",
        "Keeps warm 12 h",
        "Food safe",
        "Magnetic lid",
        "Recycled yarn",
        "Hält 5 kg",
        "Sans plastique",
    ),
)
LEADS = ("BUILT FOR EVERY DAY", "Small things matter", "In the box", "Dimensions", "Why switch?", "Material & care")
MAKERS = ("Sundby", "ARVEN", "little fern", "TORQ", "Maison Oll", "pure&co")


def drawn(kind: str, number: int, photo: Pixels) -> Pixels:
    """A picture of a kind, the same for the same number and photograph, (h, w, 3)."""
    rng = np.random.default_rng(zlib.crc32(f"second {kind} {number}".encode()))
    return KINDS[kind](rng, photo)


def _letters(rng: np.random.Generator, size: int) -> object:
    family = FONTS["score"][int(rng.integers(3))]
    return font(family, family.files[int(rng.integers(len(family.files)))], max(9, size))


def _paint(rng: np.random.Generator, low: int, high: int) -> Ink:
    hue, level = int(rng.integers(180)), int(rng.integers(low, high))
    strong = int(rng.integers(0, 140))
    red, green, blue = cv2.cvtColor(np.uint8([[[hue, strong, level]]]), cv2.COLOR_HSV2RGB)[0, 0]  # type: ignore[arg-type]
    return int(red), int(green), int(blue)


def _chart(rng: np.random.Generator, _photo: Pixels) -> Pixels:
    """Sizes stand across and parts of the body down, on a card with a round head, beside a drawn body or foot."""
    width, height = int(rng.integers(700, 1300)), int(rng.integers(420, 900))
    image = Image.new("RGB", (width, height), _paint(rng, 225, 256))
    draw = ImageDraw.Draw(image)
    sizes = SHOES[: int(rng.integers(4, 9))] if rng.random() < 0.4 else ROWS[: int(rng.integers(3, 8))]
    parts = [BODY[k] for k in rng.permutation(len(BODY))[: int(rng.integers(2, 6))]]
    left = int(width * (0.3 if rng.random() < 0.5 else 0.05))
    if left > width * 0.2:
        line = _paint(rng, 40, 150)
        draw.ellipse((width * 0.1, height * 0.2, width * 0.18, height * 0.34), outline=line, width=3)
        draw.rounded_rectangle((width * 0.07, height * 0.36, width * 0.21, height * 0.85), 30, outline=line, width=3)
        draw.line((width * 0.05, height * 0.5, width * 0.23, height * 0.5), line, 2)
    top, right, low = int(height * 0.2), int(width * 0.95), int(height * rng.uniform(0.7, 0.95))
    step, tall = (right - left) / (len(sizes) + 1), (low - top) / (len(parts) + 1)
    draw.text((left, height * 0.05), str(rng.choice(LEADS)), _paint(rng, 10, 90), _letters(rng, int(height * 0.07)))
    draw.rounded_rectangle((left, top, right, top + tall), 16, fill=_paint(rng, 60, 200))
    letters, ink = _letters(rng, int(min(tall * 0.36, step * 0.24))), _paint(rng, 0, 80)
    for row in range(len(parts) + 1):
        y = top + tall * (row + 0.5)
        if row:
            draw.line((left, top + tall * row, right, top + tall * row), _paint(rng, 180, 230), 2)
            draw.text((left + 6, y), parts[row - 1], ink, letters, anchor="lm")
        for column, size in enumerate(sizes):
            text = f"{rng.uniform(20, 120):.1f}" if row else size
            draw.text((left + step * (column + 1.5), y), text, ink if row else (255, 255, 255), letters, anchor="mm")
    return np.asarray(image)


def _poster(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """Panels of one photograph with captions, a list with ticks beside it, or points around it."""
    side = 900
    image = Image.new("RGB", (side, int(side * rng.uniform(0.7, 1.2))), _paint(rng, 170, 256))
    draw, tall = ImageDraw.Draw(image), image.height
    ink, layout = _paint(rng, 0, 90), int(rng.integers(3))
    draw.text((side / 2, tall * 0.06), str(rng.choice(LEADS)), ink, _letters(rng, int(tall * 0.06)), anchor="mm")
    points = [POINTS[k] for k in rng.permutation(len(POINTS))[:4]]
    letters = _letters(rng, int(tall * 0.034))
    if layout == 0:
        for number, text in enumerate(points[: int(rng.integers(2, 5))]):
            x, y = side * (0.05 + 0.47 * (number % 2)), tall * (0.13 + 0.43 * (number // 2))
            top, start = (int(rng.uniform(0, 0.4) * length) for length in photo.shape[:2])
            part = photo[top : top + photo.shape[0] // 2, start : start + photo.shape[1] // 2]
            image.paste(Image.fromarray(part).resize((int(side * 0.43), int(tall * 0.34))), (int(x), int(y)))
            draw.text((x, y + tall * 0.35), text, ink, letters)
        return np.asarray(image)
    thumb = Image.fromarray(photo)
    thumb.thumbnail((int(side * 0.5), int(tall * 0.7)))
    at = (int(side * (0.03 if layout == 1 else 0.25)), int(tall * 0.18))
    image.paste(thumb, at)
    for number, text in enumerate(points):
        if layout == 1:
            x, y = side * 0.58, tall * (0.25 + 0.16 * number)
            draw.line([(x, y), (x + 10, y + 12), (x + 28, y - 14)], _paint(rng, 60, 180), 5)
            draw.text((x + 40, y), text, ink, letters, anchor="lm")
        else:
            x, y = side * (0.02 if number % 2 else 0.76), tall * (0.3 + 0.3 * (number // 2))
            draw.arc((x, y - 60, x + 50, y - 10), 0, 300, ink, 5)
            draw.multiline_text((x, y), text.replace(" ", "\n"), ink, letters)
    return np.asarray(image)


def _cloth(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A card with notched edges, a checked or mottled cloth, or the middle of a garment, very near."""
    side, kind = int(rng.integers(160, 640)), int(rng.integers(3))
    if kind == 0:
        middle = [length // 2 for length in photo.shape[:2]]
        reach = max(6, int(min(photo.shape[:2]) * 0.06))
        piece = photo[middle[0] - reach : middle[0] + reach, middle[1] - reach : middle[1] + reach]
        return np.asarray(cv2.resize(piece, (side, side), interpolation=cv2.INTER_LANCZOS4), np.uint8)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (side, side)), (0, 0), float(rng.uniform(0.6, 5)))
    grain /= grain.std()
    base, other = (np.array(_paint(rng, 30, 250), float) for _ in range(2))
    line = np.arange(side) // int(rng.integers(6, 60)) % 2
    checks = (line[:, None] + line[None]) / 2 if rng.random() < 0.5 else np.zeros((side, side))
    cloth = base + (other - base) * checks[..., None] + grain[..., None] * rng.uniform(2, 18)
    cloth = np.clip(cloth, 0, 255).astype(np.uint8)
    if kind == 1:
        return cloth
    out = np.full((side + 80, side + 80, 3), 255, np.uint8)
    teeth = 8 + 8 * (np.arange(side) // 10 % 2)
    for row in range(side):
        out[40 + row, 40 + teeth[row] : 40 + side - teeth[row]] = cloth[row, teeth[row] : side - teeth[row]]
    return out


def _near(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """The part with most edges, a little turned."""
    small = cv2.resize(photo, (64, 64), interpolation=cv2.INTER_AREA)
    edges = cv2.GaussianBlur(np.abs(cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.CV_32F)), (0, 0), 7)
    edges[:14], edges[-14:], edges[:, :14], edges[:, -14:] = 0, 0, 0, 0
    y, x = np.unravel_index(int(edges.argmax()), edges.shape)
    reach = min(photo.shape[:2]) * rng.uniform(0.16, 0.23)
    middle = (float((x + 0.5) / 64 * photo.shape[1]), float((y + 0.5) / 64 * photo.shape[0]))
    turn = cv2.getRotationMatrix2D(middle, float(rng.uniform(-12, 12)), 256 / reach)
    turn[:, 2] += 256 - np.array(middle)
    return np.asarray(cv2.warpAffine(photo, turn, (512, 512), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT))


def _carton(rng: np.random.Generator, photo: Pixels) -> Pixels:
    """A box seen from a corner, all three faces drawn in parallel projection, or an envelope with a label."""
    side = 800
    out = np.full((side, side, 3), _paint(rng, 215, 256), np.uint8)
    tone = np.array((178, 138, 96) if rng.random() < 0.45 else _paint(rng, 60, 245), float)
    if rng.random() < 0.25:
        cv2.rectangle(out, (140, 220), (660, 600), [float(one) for one in tone], -1)
        cv2.line(out, (140, 220), (400, 400), [float(one) for one in tone * 0.8], 3)
        cv2.line(out, (660, 220), (400, 400), [float(one) for one in tone * 0.8], 3)
        cv2.rectangle(out, (440, 460), (620, 560), (250, 250, 250), -1)
        return _barcode(rng, out, (460, 480))
    across, up, deep = (float(rng.uniform(*ends)) for ends in ((180, 300), (160, 330), (120, 260)))
    slope, middle = float(rng.uniform(0.25, 0.55)), np.array([400.0, 480.0])
    right, left = np.array([across, -slope * across]), np.array([-deep, -slope * deep])
    high, start = np.array([0.0, -up]), middle + np.array([0.0, up / 2])
    faces = ((right, high, 1.0), (left, high, 0.75))
    for one, two, shade in faces:
        corners = np.array([start, start + one, start + one + two, start + two], np.int32)
        cv2.fillPoly(out, [corners], [float(c) for c in np.clip(tone * shade, 0, 255)], cv2.LINE_AA)
    lid = np.array([start + high, start + high + right, start + high + right + left, start + high + left], np.int32)
    cv2.fillPoly(out, [lid], [float(c) for c in np.clip(tone * 1.15, 0, 255)], cv2.LINE_AA)
    face = Image.new("RGB", (300, 300), tuple(int(one) for one in tone))
    draw = ImageDraw.Draw(face)
    if rng.random() < 0.6:
        face.paste(Image.fromarray(photo).resize((170, 170)), (100, 90))
    draw.text((20, 20), str(rng.choice(MAKERS)), _paint(rng, 0, 255), _letters(rng, 46))
    corners = np.float32([start + high, start + high + right, start + right, start])  # type: ignore[arg-type]
    turn = cv2.getPerspectiveTransform(np.float32([(0, 0), (300, 0), (300, 300), (0, 300)]), corners)  # type: ignore[arg-type]
    laid = cv2.warpPerspective(np.asarray(face), turn, (side, side))
    where = cv2.warpPerspective(np.full((300, 300), 255, np.uint8), turn, (side, side)) > 0
    out[where] = laid[where]
    return out


def _barcode(rng: np.random.Generator, out: Pixels, at: tuple[int, int]) -> Pixels:
    x, y = at
    for _ in range(24):
        wide = int(rng.integers(1, 5))
        cv2.rectangle(out, (x, y), (x + wide, y + 60), (20, 20, 20), -1)
        x += wide + int(rng.integers(1, 4))
    return out


KINDS: dict[str, Callable[[np.random.Generator, Pixels], Pixels]] = {
    "size_chart": _chart,
    "infographic": _poster,
    "swatch": _cloth,
    "detail": _near,
    "packaging": _carton,
}
"""Kind → what draws one, given random numbers and a photograph."""
