"""Draws packs with print on them (boxes, tins, bottles, books, bags): letters say which way up a thing stands."""

from __future__ import annotations

import subprocess
from functools import cache
from shutil import which

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]

WORDS = {
    "en": "pure natural organic fresh coffee tea sugar crunchy classic original shampoo care soft baby milk cream "
    "deluxe extra strong light power mega sport vitamin protein energy garden kitchen home studio best quality since "
    "1921 net weight 500 g 250 ml ingredients water salt new formula made with love handmade wireless speaker lamp "
    "camera charger phone case leather cotton wool size large small toy puzzle game age 3+ pieces volume one chapter "
    "the history of",
    "ru": "молоко чай кофе сахар натуральный вкус свежий хлеб масло крем шампунь детский игра мыло новый масса "  # noqa: RUF001 -- Russian
    "нетто",
    "el": "γάλα καφές ζάχαρη φυσικό νερό ελιά λάδι σαπούνι κρέμα νέο καθαρό μέλι παιχνίδι βιβλίο",
    "de": "Milch Kaffee Zucker Würze frisch natürlich Öl Käse für Seife Creme neu stark weiß groß Schön Qualität",
    "fr": "lait café sucre crème fraîche savon naturel pâte à thé été goût qualité nouveau beauté maison",
    "zh": "牛奶 咖啡 绿茶 天然 新鲜 面霜 洗发水 玩具 经典 原味 净含量 品质 家居 健康",
}
SIDE = 448


@cache
def fonts(language: str) -> tuple[str, ...]:
    """The files of the installed fonts that know the language (fontconfig), in order; those of symbols are left out."""
    listed = subprocess.run(  # noqa: S603 -- a language of ours
        [which("fc-list") or "fc-list", f":lang={language}", "file", "family"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(":") for line in sorted(listed.splitlines())]
    no = ("emoji", "awesome", "symbol", "math", "braille", "amiri", "arab")
    files = [
        file
        for file, family, *_ in rows
        if file.endswith((".ttf", ".otf", ".ttc")) and not any(one in family.lower() for one in no)
    ]
    if language == "en":  # families of other scripts know Latin letters, too: they would crowd out the rest
        files = [one for one in files if "noto" not in one.lower() or "NotoSans-" in one or "NotoSerif-" in one]
    return tuple(files)


def happens(random: np.random.Generator, share: float) -> bool:
    """True in so large a share of the times it is asked."""
    return bool(random.random() < share)


def panel(random: np.random.Generator, size: tuple[int, int], picture: Pixels | None = None) -> Pixels:
    """A printed face, (height, width, 3) uint8: coloured bands, a name, lines of print, a picture, a barcode."""
    width, height = size
    ground, ink, band = _colours(random)
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    if happens(random, 0.5):
        top, bottom = np.sort(random.uniform(0, height, 2))
        pen.rectangle((0, top, width, bottom), fill=band)
    if picture is not None and happens(random, 0.6):
        side = int(min(width, height) * random.uniform(0.3, 0.6))
        pasted = Image.fromarray(picture).resize((side, side))
        image.paste(pasted, (int(random.uniform(0, width - side)), int(random.uniform(0, height - side))), pasted)
    language = str(random.choice(list(WORDS), p=[0.6, 0.08, 0.06, 0.1, 0.08, 0.08]))
    for _ in range(int(random.integers(1, 4))):
        _line(random, pen, size, language, ink, random.uniform(0.08, 0.26))
    if happens(random, 0.7):
        _small_print(random, pen, size, language, ink)
    if happens(random, 0.3):
        left, top = random.uniform(0, width * 0.6), random.uniform(0.6, 0.8) * height
        wide = width * 0.3
        pen.rectangle((left, top, left + wide, top + height * 0.12), fill="white")
        for at in np.arange(left + 3, left + wide - 3, 3):
            if happens(random, 0.5):
                pen.line((at, top + 3, at, top + height * 0.12 - 3), fill="black", width=1 + int(random.integers(2)))
    return np.asarray(image)


def _colours(random: np.random.Generator) -> tuple[tuple[int, int, int], ...]:
    ground = random.integers(0, 256, 3) if happens(random, 0.6) else np.full(3, random.integers(225, 256))
    dark = ground.mean() > 128  # noqa: PLR2004 -- half of 255
    ink = random.integers(0, 90, 3) if dark else random.integers(190, 256, 3)
    return tuple(tuple(int(v) for v in one) for one in (ground, ink, random.integers(0, 256, 3)))  # type: ignore[misc]


def _shape(random: np.random.Generator, language: str, size: int) -> ImageFont.FreeTypeFont:
    files = fonts(language)
    return ImageFont.truetype(files[int(random.integers(len(files)))], max(size, 6))


def _text(random: np.random.Generator, language: str, count: int) -> str:
    found = " ".join(random.choice(WORDS[language].split(), count))
    return str(random.choice([found, found.upper(), found.title()]))


def _line(  # noqa: PLR0913, PLR0917 -- what a line is
    random: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    size: tuple[int, int],
    language: str,
    ink: object,
    share: float,
) -> None:
    text = _text(random, language, int(random.integers(1, 3)))
    shape = _shape(random, language, int(size[1] * share))
    wide = pen.textlength(text, font=shape)
    if wide > size[0] * 0.95:
        shape = shape.font_variant(size=max(6, int(shape.size * size[0] * 0.9 / wide)))
        wide = pen.textlength(text, font=shape)
    at = (float(random.choice([0.04 * size[0], (size[0] - wide) / 2])), random.uniform(0.02, 0.75) * size[1])
    pen.text(at, text, font=shape, fill=ink)  # type: ignore[arg-type]


def _small_print(
    random: np.random.Generator, pen: ImageDraw.ImageDraw, size: tuple[int, int], language: str, ink: object
) -> None:
    shape = _shape(random, language, int(size[1] * random.uniform(0.025, 0.05)))
    top, left = random.uniform(0.3, 0.8) * size[1], random.uniform(0.03, 0.3) * size[0]
    for number in range(int(random.integers(2, 8))):
        text = _text(random, language, int(random.integers(2, 6)))
        pen.text((left, top + number * shape.size * 1.3), text, font=shape, fill=ink)  # type: ignore[arg-type]


def pack(random: np.random.Generator, picture: Pixels | None = None) -> Pixels:
    """One pack, upright, (448, 448, 4) uint8 with its alpha: a box, a tin or bottle, or something flat."""
    return (_box, _round, _flat)[int(random.integers(3))](random, picture)


def _warped(image: Pixels, face: Pixels, onto: list[tuple[float, float]], shade: float) -> None:
    height, width = face.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, np.array(onto, np.float32))
    laid = cv2.warpPerspective(
        np.dstack([np.clip(face * shade, 0, 255).astype(np.uint8), np.full((height, width), 255, np.uint8)]),
        matrix,
        (SIDE, SIDE),
        flags=cv2.INTER_AREA,
    )
    image[laid[..., 3] > 127] = laid[laid[..., 3] > 127]  # noqa: PLR2004 -- half covered


def _box(random: np.random.Generator, picture: Pixels | None) -> Pixels:
    image = np.zeros((SIDE, SIDE, 4), np.uint8)
    tall, wide = random.uniform(130, 330), random.uniform(110, 260)
    deep, rise, fall = random.uniform(20, 110), random.uniform(5, 60), random.uniform(-6, 25)
    left, bottom = (SIDE - wide - deep) / 2, (SIDE + tall + rise) / 2
    top = bottom - tall
    front = [(left, top - fall / 2), (left + wide, top), (left + wide, bottom), (left, bottom - fall)]
    side = [
        (left + wide, top),
        (left + wide + deep, top - rise),
        (left + wide + deep, bottom - rise),
        (left + wide, bottom),
    ]
    lid = [
        (left + deep, top - rise - fall / 2),
        (left + wide + deep, top - rise),
        (left + wide, top),
        (left, top - fall / 2),
    ]
    face = panel(random, (int(wide), int(tall)), picture)
    _warped(image, face, front, random.uniform(0.9, 1.05))
    _warped(image, panel(random, (max(int(deep) * 2, 30), int(tall))), side, random.uniform(0.55, 0.8))
    _warped(image, np.full((30, 30, 3), face[3, 3], np.uint8), lid, random.uniform(1.0, 1.25))
    return image


def _round(random: np.random.Generator, picture: Pixels | None) -> Pixels:
    """A tin, a jar or a bottle: a silhouette that narrows upwards, a label bent around it, lit from a side."""
    image = np.zeros((SIDE, SIDE, 4), np.uint8)
    tall, wide = random.uniform(180, 400), random.uniform(80, 220)
    top, bottom, middle = (SIDE - tall) / 2, (SIDE + tall) / 2, SIDE / 2
    neck, shoulder = (random.uniform(0.15, 0.6), random.uniform(0.15, 0.5)) if happens(random, 0.7) else (1.0, 0.0)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    down = np.clip((rows - top) / tall, 0, 1)
    swell = np.clip((down - shoulder * 0.6) / max(shoulder * 0.4, 1e-3), 0, 1)
    half = wide / 2 * (neck + (1 - neck) * swell * swell * (3 - 2 * swell))
    across = (columns - middle) / np.maximum(half, 1)
    bend = random.uniform(0, 12) * np.sqrt(np.clip(1 - across**2, 0, 1))
    inside = (np.abs(across) <= 1) & (rows <= bottom - 12 + bend) & (rows >= top)
    body = random.integers(0, 256, 3)
    image[..., :3] = body
    if neck < 1:
        image[rows < top + 0.12 * tall] = [*random.integers(0, 256, 3), 0]
    begin, end = shoulder + random.uniform(0.02, 0.15), random.uniform(0.8, 0.98)
    face = panel(random, (int(wide * 1.5), int(tall * (end - begin))), picture)
    u = (np.arcsin(np.clip(across, -1, 1)) / np.pi + 0.5) * (face.shape[1] - 1)
    v = (rows - bend - top - begin * tall) / (tall * (end - begin)) * (face.shape[0] - 1)
    label = cv2.remap(face, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR)
    on = inside & (v >= 0) & (v <= face.shape[0] - 1)
    image[on, :3] = label[on]
    lit = 0.55 + 0.5 * np.sqrt(np.clip(1 - (across - random.uniform(-0.4, 0.4)) ** 2, 0, 1))
    image[..., :3] = np.clip(image[..., :3] * lit[..., None], 0, 255)
    image[..., 3] = inside * 255
    return image


def _flat(random: np.random.Generator, picture: Pixels | None) -> Pixels:
    """A book, a bag or a card seen from the front, a little askew."""
    image = np.zeros((SIDE, SIDE, 4), np.uint8)
    wide, tall = random.uniform(180, 380, 2)
    left, top = (SIDE - wide) / 2, (SIDE - tall) / 2
    jitter = random.uniform(-18, 18, (4, 2))
    corners = np.array([(left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall)]) + jitter
    _warped(
        image,
        panel(random, (int(wide), int(tall)), picture),
        [tuple(one) for one in corners],
        random.uniform(0.85, 1.0),
    )
    return image
