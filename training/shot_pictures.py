"""Pictures of the kinds of shots that no shop here has enough of, drawn and cut out of photographs; synthetic."""

# ruff: noqa: PLR2004 - odds and places of a drawing say what they are where they stand
from __future__ import annotations

import zlib
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Colour = tuple[int, int, int]
    Random = np.random.Generator

FONTS = {
    "matplotlib": (
        "mpl-data/fonts/ttf",
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "STIXGeneral.ttf", "STIXGeneralBol.ttf"),
    ),
    "font_manrope": ("files", ("Manrope-Regular.ttf", "Manrope-ExtraBold.ttf", "Manrope-Light.ttf")),
    "font_source_sans_pro": ("files", ("SourceSansPro-Regular.ttf", "SourceSansPro-Black.ttf")),
}
"""Package → folder and files; of the group `bench`. Bitstream Vera, OFL-1.1."""
SIZES = (("XS", "S", "M", "L", "XL", "XXL"), ("34", "36", "38", "40", "42", "44", "46"), ("2T", "3T", "4T", "5T", "6"))
MEASURES = (
    "Chest",
    "Waist",
    "Hips",
    "Length",
    "Sleeve",
    "EU",
    "UK",
    "US",
    "cm",
    "Brust",
    "Taille",
    "Longueur",
    "Ancho",
)
TITLES = ("SIZE CHART", "Size guide", "Größentabelle", "Guide des tailles", "Measurements (cm)", "Find your size")
CLAIMS = (
    *("Durable", "Water resistant", "Easy to clean", "Soft touch", "100 % cotton", "Long battery life", "BPA free"),
    *("Leicht und robust", "Facile à ranger", "Two pockets", "Quick dry", "Non-slip base", "1.5 L", "3 year warranty"),
    *("Breathable mesh", "Fits any kitchen", "Stainless steel", "Adjustable strap", "30 x 20 cm", "Ultra quiet"),
)
HEADLINES = (
    "WHY YOU WILL LOVE IT",
    "Key features",
    "Made to last",
    "Details, die zählen",
    "PERFECT FIT",
    "How it works",
)
BRANDS = ("NORVA", "Halden", "OTIMO", "Brightwell", "KUMA", "Lindqvist", "Pacific & Co", "zefir")


@dataclass(frozen=True, slots=True)
class Made:
    """A synthetic picture and what it shows."""

    rgb: Pixels
    shot_type: str
    view: str


def random_of(name: str) -> Random:
    """The random numbers of one picture."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def size_chart(rng: Random) -> Made:
    """A table of sizes, with a title and sometimes a drawn garment."""
    width, height = int(rng.integers(600, 1100)), int(rng.integers(500, 1100))
    light = rng.random() < 0.85
    ground: Colour = _tint(rng, 238, 256) if light else _tint(rng, 10, 60)
    ink: Colour = _tint(rng, 0, 90) if light else _tint(rng, 200, 256)
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    top = int(height * rng.uniform(0.03, 0.08))
    if rng.random() < 0.8:
        font = _font(rng, int(height * rng.uniform(0.05, 0.09)))
        draw.text((width * rng.uniform(0.03, 0.3), top), str(rng.choice(TITLES)), ink, font)
        top += int(height * 0.14)
    if rng.random() < 0.4:
        side = int(height * rng.uniform(0.25, 0.4))
        _garment(draw, (width - side) // 2, top, side, ink)
        top += side + 10
    sizes = SIZES[int(rng.integers(len(SIZES)))]
    columns = [str(one) for one in rng.permutation(MEASURES)[: int(rng.integers(2, 7))]]
    _table(draw, rng, (int(width * 0.04), top, int(width * 0.96), int(height * 0.96)), sizes, columns, ink)
    return Made(np.asarray(image), "size_chart", "")


def _table(  # noqa: PLR0913, PLR0917 - each of them is another thing
    draw: ImageDraw.ImageDraw,
    rng: Random,
    box: tuple[int, int, int, int],
    sizes: tuple[str, ...],
    columns: list[str],
    ink: Colour,
) -> None:
    left, top, right, bottom = box
    rows, wide = len(sizes) + 1, (right - left) / (len(columns) + 1)
    tall = min((bottom - top) / rows, wide * 0.8)
    font = _font(rng, max(11, int(min(tall * 0.45, wide * 0.22))))
    banded, ruled = rng.random() < 0.5, rng.random() < 0.7
    head, band = _tint(rng, 90, 220), _tint(rng, 215, 245)
    number = float(rng.uniform(20, 90))
    for row in range(rows):
        for column in range(len(columns) + 1):
            x, y = left + column * wide, top + row * tall
            fill = head if row == 0 and banded else band if banded and row % 2 else None
            draw.rectangle((x, y, x + wide, y + tall), fill=fill, outline=ink if ruled else None)
            if row and column:
                text = f"{number + 4 * row + 7 * column:.0f}" + ("-96" if rng.random() < 0.1 else "")
            else:
                text = "Size" if row == column == 0 else columns[column - 1] if row == 0 else sizes[row - 1]
            said = (20, 20, 20) if fill is not None else ink
            draw.text((x + wide / 2, y + tall / 2), text, said, font, anchor="mm")


def _garment(draw: ImageDraw.ImageDraw, x: int, y: int, side: int, ink: Colour) -> None:
    shape = ((0.3, 0), (0.42, 0.06), (0.58, 0.06), (0.7, 0), (1, 0.25), (0.85, 0.42), (0.75, 0.34), (0.75, 1))
    shape += ((0.25, 1), (0.25, 0.34), (0.15, 0.42), (0, 0.25))
    draw.line([(x + side * a, y + side * b) for a, b in (*shape, shape[0])], ink, 3)
    for a, b, c, d in ((0.27, 0.5, 0.73, 0.5), (0.5, 0.08, 0.5, 0.98)):
        draw.line((x + side * a, y + side * b, x + side * c, y + side * d), ink, 2)


def infographic(rng: Random, rgb: Pixels) -> Made:
    """A photograph with a headline and callouts: lines, badges, measures, panels."""
    side = int(rng.integers(600, 1000))
    dark = rng.random() < 0.2
    ground = _tint(rng, 20, 90) if dark else _tint(rng, 200, 256)
    ink: Colour = (250, 250, 250) if dark else _tint(rng, 0, 110)
    image = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(image)
    full = rng.random() < 0.3
    share = 1.0 if full else rng.uniform(0.45, 0.75)
    photo = Image.fromarray(rgb)
    photo.thumbnail((int(side * share), int(side * share)))
    if full:
        photo = photo.resize((side, side))
    x, y = (int(rng.uniform(0, max(1, side - size))) for size in photo.size)
    image.paste(photo, (x, y))
    if rng.random() < 0.85:
        size = int(side * rng.uniform(0.045, 0.085))
        at = (int(side * rng.uniform(0.02, 0.25)), int(side * rng.uniform(0.01, 0.05)))
        font, text = _font(rng, size), str(rng.choice(HEADLINES))
        if full or rng.random() < 0.3:
            draw.rectangle((0, 0, side, at[1] + int(1.6 * size)), fill=ground)
        draw.text(at, text, ink, font)
    _callouts(draw, rng, side, (x, y, *photo.size), ink, ground)
    return Made(np.asarray(image), "infographic", "")


def _callouts(  # noqa: PLR0913, PLR0917 - each of them is another thing
    draw: ImageDraw.ImageDraw, rng: Random, side: int, box: tuple[int, int, int, int], ink: Colour, ground: Colour
) -> None:
    x, y, w, h = box
    style = int(rng.integers(4))
    for number in range(int(rng.integers(2, 6))):
        font = _font(rng, int(side * rng.uniform(0.026, 0.045)))
        target = (x + w * rng.uniform(0.2, 0.8), y + h * rng.uniform(0.2, 0.8))
        left = rng.random() < 0.5
        at = (side * (0.02 if left else 0.6), side * (0.16 + 0.15 * number))
        text = str(rng.choice(CLAIMS))
        mark = _tint(rng, 40, 230)
        if style == 0:
            draw.line((at[0] + side * 0.12, at[1] + 8, *target), ink, 2)
            draw.ellipse((target[0] - 6, target[1] - 6, target[0] + 6, target[1] + 6), outline=ink, width=2)
        elif style == 1:
            r = side * 0.045
            draw.ellipse((at[0], at[1] - r / 2, at[0] + 2 * r, at[1] + 1.5 * r), fill=mark)
            at = (at[0] + 2.3 * r, at[1])
        elif style == 2:
            draw.line((x, y + h * 0.97, x + w, y + h * 0.97), ink, 3)
            draw.line((x + w * 0.98, y, x + w * 0.98, y + h), ink, 3)
            text = f"{rng.integers(5, 90)} cm" if rng.random() < 0.5 else text
        box_of = draw.textbbox(at, text, font)
        if style == 3 or rng.random() < 0.3:
            fill = mark if style == 3 else ground
            draw.rectangle((box_of[0] - 8, box_of[1] - 6, box_of[2] + 8, box_of[3] + 6), fill=fill)
        draw.text(at, text, ink if style != 3 else (255, 255, 255), font)


def swatch(rng: Random, rgb: Pixels) -> Made:
    """A piece of cloth or colour that fills the frame, or chips of several colours."""
    kind = int(rng.integers(4))
    side = int(rng.integers(100, 700))
    if kind == 0:
        piece = _piece(rng, rgb, 0.06, 0.16)
        return Made(cv2.resize(piece, (side, side), interpolation=cv2.INTER_CUBIC), "swatch", "")
    if kind == 1:
        return Made(_weave(rng, side), "swatch", "")
    if kind == 2:
        flat = np.full((side, side, 3), _tint(rng, 10, 245), np.uint8)
        return Made(_noisy(rng, flat, 3), "swatch", "")
    image = Image.new("RGB", (600, int(rng.integers(300, 700))), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    across, down = int(rng.integers(2, 6)), int(rng.integers(1, 4))
    step, font, round_ = 600 / across, _font(rng, 16), rng.random() < 0.5
    for number in range(across * down):
        x, y = number % across * step + step * 0.1, number // across * (image.height / down) + 8
        size = min(step * 0.8, image.height / down - 34)
        (draw.ellipse if round_ else draw.rectangle)((x, y, x + size, y + size), fill=_tint(rng, 0, 256))
        draw.text((x, y + size + 4), f"{rng.choice(BRANDS)} {number}", (60, 60, 60), font)
    return Made(np.asarray(image), "swatch", "")


def detail(rng: Random, rgb: Pixels) -> Made:
    """A part of the product, near."""
    return Made(_piece(rng, rgb, 0.3, 0.5), "detail", "detail")


def packaging(rng: Random, rgb: Pixels) -> Made:
    """A closed box in perspective: of plain cardboard, or printed with a picture of what is in it."""
    plain = rng.random() < 0.35
    colour = (190, 150, 105) if plain else _tint(rng, 30, 250)
    face = np.full((300, int(rng.integers(200, 480)), 3), colour, np.uint8)
    image = Image.fromarray(_noisy(rng, face, 5 if plain else 2))
    draw = ImageDraw.Draw(image)
    if plain:
        draw.rectangle((0, 140, image.width, 165), fill=(205, 175, 130))
    elif rng.random() < 0.85:
        photo = Image.fromarray(rgb)
        photo.thumbnail((int(image.width * 0.75), 190))
        image.paste(photo, ((image.width - photo.width) // 2, 90))
    draw.text((16, 20), str(rng.choice(BRANDS)), _tint(rng, 0, 255), _font(rng, int(rng.integers(22, 54))))
    if rng.random() < 0.5:
        draw.text((16, 270), str(rng.choice(CLAIMS)), _tint(rng, 0, 255), _font(rng, 18))
    return Made(_box(rng, np.asarray(image), colour), "packaging", "")


def _box(rng: Random, face: Pixels, colour: Colour) -> Pixels:
    side = 700
    ground = _tint(rng, 225, 256) if rng.random() < 0.7 else _tint(rng, 90, 210)
    out = np.full((side, side, 3), ground, np.uint8)
    height, width = face.shape[:2]
    zoom = rng.uniform(0.55, 0.75) * side / max(height, width)
    w, h = width * zoom, height * zoom
    x, y = (side - w) / 2 - 40, (side - h) / 2 + 30
    deep, lift, squeeze = rng.uniform(50, 160), rng.uniform(15, 70), rng.uniform(0, 40)
    if rng.random() < 0.5:
        deep = -deep
    fore = [(x, y), (x + w, y + squeeze / 2), (x + w, y + h - squeeze / 2), (x, y + h)]
    edge = (1, 2) if deep > 0 else (0, 3)
    far = [(fore[k][0] + deep, fore[k][1] - lift) for k in edge]
    flank = [fore[edge[0]], far[0], (far[1][0], far[1][1] + lift * 0.4), fore[edge[1]]]
    lid = [fore[0], fore[1], (fore[1][0] + deep, fore[1][1] - lift), (fore[0][0] + deep, fore[0][1] - lift)]
    for shape, shade in ((flank, 0.72), (lid, 1.12)):
        tone = tuple(int(min(255, c * shade)) for c in colour)
        cv2.fillPoly(out, [np.array(shape, np.int32)], tone, cv2.LINE_AA)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners, np.array(fore, np.float32))
    laid = cv2.warpPerspective(face, turn, (side, side), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), turn, (side, side))[:, :, None] / 255.0
    return np.asarray(out * (1 - mask) + laid * mask, np.uint8)


def _piece(rng: Random, rgb: Pixels, least: float, most: float) -> Pixels:
    """A square of the product, its side a share of the picture's; where the picture is least white."""
    height, width = rgb.shape[:2]
    side = max(8, int(min(height, width) * rng.uniform(least, most)))
    best, found = -1.0, rgb[:side, :side]
    for _ in range(12):
        y, x = int(rng.integers(0, height - side + 1)), int(rng.integers(0, width - side + 1))
        piece = rgb[y : y + side, x : x + side]
        product = float((piece.min(axis=2) < 235).mean()) - 0.6 * (abs(y + side / 2 - height / 2) / height)
        if product > best:
            best, found = product, piece
    return np.ascontiguousarray(found)


def _weave(rng: Random, side: int) -> Pixels:
    """Threads that cross, or stripes."""
    y, x = np.mgrid[:side, :side]
    step, slant = rng.uniform(2, 24), rng.uniform(-1, 1)
    wave = np.sin(2 * np.pi * (x + slant * y) / step) + np.sin(2 * np.pi * y / rng.uniform(2, 24)) * rng.integers(0, 2)
    base, other = (np.array(_tint(rng, 20, 240)) for _ in range(2))
    part = (wave[:, :, None] + 2) / 4 * rng.uniform(0.2, 1)
    return _noisy(rng, np.asarray(base * (1 - part) + other * part, np.uint8), rng.uniform(2, 14))


def _noisy(rng: Random, rgb: Pixels, sigma: float) -> Pixels:
    return np.asarray(np.clip(rgb + rng.normal(0, sigma, rgb.shape), 0, 255), np.uint8)


def _tint(rng: Random, low: int, high: int) -> Colour:
    """A colour: grey half of the time."""
    if rng.random() < 0.5:
        level = int(rng.integers(low, high))
        return (level, level, level)
    red, green, blue = (int(one) for one in rng.integers(low, high, 3))
    return (red, green, blue)


def _font(rng: Random, size: int) -> ImageFont.FreeTypeFont:
    module = str(rng.choice(list(FONTS)))
    folder, files = FONTS[module]
    spec = util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        message = f"the fonts of {module} are missing: pip install --group bench"
        raise FileNotFoundError(message)
    return ImageFont.truetype(str(Path(spec.submodule_search_locations[0]) / folder / str(rng.choice(files))), size)


DRAWN: dict[str, Callable[[Random, Pixels], Made]] = {
    "size_chart": lambda rng, _: size_chart(rng),
    "infographic": infographic,
    "swatch": swatch,
    "detail": detail,
    "packaging": packaging,
}
"""Kind → what draws one, given random numbers and a photograph."""
