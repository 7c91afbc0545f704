"""Copies as people make them who mean to hide one: eight kinds of edit at three strengths.

Written before any bound of the copy search was set, and not touched by setting them.
"""

from __future__ import annotations

import io
import random
import zlib
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

STRENGTHS = ("mild", "middle", "strong")
QUALITY = (90, 75, 60)
SMALLEST_PX = 220
WORDS = ("SALE", "-20%", "NEW IN", "FREE SHIPPING", "BEST PRICE", "www.shop.example", "ORIGINAL")
COLOURS = ("#d0021b", "#111111", "#f5a623", "#1a5fb4", "#2a9d5c", "#ffffff")


def crop(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """A window of 80, 60 or 40 % of the area, anywhere, of an aspect ratio of its own."""
    area, tilt = (0.8, 0.6, 0.4)[strength], dice.uniform(0.9, 1.1)
    across, down = min(1.0, (area**0.5) * tilt), min(1.0, (area**0.5) / tilt)
    width, height = round(picture.width * across), round(picture.height * down)
    left, top = dice.randint(0, picture.width - width), dice.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def mirror(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """Mirrored; trimmed besides; trimmed and lighter besides."""
    found = ImageOps.mirror(picture)
    if strength:
        share = (0, 0.04, 0.08)[strength]
        across, down = round(found.width * share), round(found.height * share)
        found = found.crop((across, down, found.width - across, found.height - down))
    return ImageEnhance.Brightness(found).enhance(dice.uniform(1.05, 1.15)) if strength > 1 else found


def rotation(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """Turned by a quarter or a half; tilted by 4 to 8 degrees; tilted by 12 to 25, either way, on white."""
    if strength == 0:
        return picture.rotate(dice.choice((90, 180, 270)), expand=True)
    angle = dice.uniform(*((4, 8), (12, 25))[strength - 1]) * dice.choice((-1, 1))
    return picture.rotate(angle, Image.Resampling.BICUBIC, expand=dice.random() < 0.5, fillcolor="white")  # noqa: PLR2004


def overlay(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """A badge with a word over 5, 12 or 22 % of the picture, in a corner or in the middle of an edge."""
    found, share = picture.copy(), (0.05, 0.12, 0.22)[strength]
    side = round((share * picture.width * picture.height) ** 0.5)
    left = dice.choice((0.02, 0.5, 0.98)) * (picture.width - side)
    top = dice.choice((0.02, 0.98)) * (picture.height - side)
    box = [round(left), round(top), round(left) + side, round(top) + side]
    draw, colour = ImageDraw.Draw(found), dice.choice(COLOURS[:5])
    (draw.ellipse if dice.random() < 0.6 else draw.rectangle)(box, fill=colour)  # noqa: PLR2004
    _write(draw, dice.choice(WORDS[:5]), ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), side * 0.8, "white")
    return found


def text(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """A line of writing; a banner with writing; one word over all of it, many times, half transparent."""
    found = picture.copy()
    if strength < 2:  # noqa: PLR2004
        draw, at = ImageDraw.Draw(found), dice.choice((0.06, 0.5, 0.92)) * found.height
        if strength:
            high = found.height * 0.07
            draw.rectangle([0, at - high, found.width, at + high], fill=dice.choice(COLOURS[:5]))
        _write(draw, dice.choice(WORDS), (found.width / 2, at), found.width * 0.7, "white" if strength else "#d0021b")
        return found
    layer = Image.new("RGBA", found.size, (0, 0, 0, 0))
    draw, word = ImageDraw.Draw(layer), dice.choice(WORDS)
    for row in range(5):
        for column in range(3):
            at = ((column + 0.3 + 0.4 * (row % 2)) * found.width / 3, (row + 0.5) * found.height / 5)
            _write(draw, word, at, found.width * 0.26, (90, 90, 90, 130))
    return Image.alpha_composite(found.convert("RGBA"), layer).convert("RGB")


def border(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """A border of 4, 12 or 25 % of the picture on each side, of any colour."""
    share = (0.04, 0.12, 0.25)[strength]
    return ImageOps.expand(picture, round(share * min(picture.size)), dice.choice(COLOURS))


def recolour(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """A little lighter or darker; warmer or colder and paler; grey, sepia, or gaudy: as filters of phones do."""
    if strength == 0:
        return ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(dice.choice((0.88, 1.1)))).enhance(1.08)
    if strength == 1:
        paler, warm = ImageEnhance.Color(picture).enhance(0.65), dice.choice((1, -1)) * 0.1
        red, green, blue = paler.split()
        return Image.merge("RGB", (red.point(_gain(1 + warm)), green, blue.point(_gain(1 - warm))))
    kind = dice.choice(("grey", "sepia", "gaudy"))
    if kind == "gaudy":
        return ImageEnhance.Contrast(ImageEnhance.Color(picture).enhance(1.7)).enhance(1.25)
    grey = ImageOps.grayscale(picture)
    return grey.convert("RGB") if kind == "grey" else ImageOps.colorize(grey, "#1e1408", "#fff4dc", "#a0825a")


def stretch(picture: Image.Image, strength: int, dice: random.Random) -> Image.Image:
    """Squeezed into another frame: one side by 5, 12 or 22 % against the other."""
    factor = 1 - (0.05, 0.12, 0.22)[strength]
    wide = dice.random() < 0.5  # noqa: PLR2004
    size = (round(picture.width * (factor if wide else 1)), round(picture.height * (1 if wide else factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


KINDS: dict[str, Callable[[Image.Image, int, random.Random], Image.Image]] = {
    edit.__name__: edit for edit in (crop, mirror, rotation, overlay, text, border, recolour, stretch)
}


def edited(picture: Image.Image, kind: str, strength: int, name: str) -> bytes:
    """The copy as a JPEG of a quality and size that fall with the strength; the same for the same `name`."""
    dice = random.Random(zlib.crc32(f"{name} {kind} {strength}".encode()))  # noqa: S311 - drawn, not secret
    found = KINDS[kind](picture.convert("RGB"), strength, dice)
    factor = max(dice.uniform((0.8, 0.65, 0.5)[strength], 1.0), min(1.0, SMALLEST_PX / min(found.size)))
    size = (max(1, round(found.width * factor)), max(1, round(found.height * factor)))
    file = io.BytesIO()
    found.resize(size, Image.Resampling.LANCZOS).save(file, "JPEG", quality=QUALITY[strength])
    return file.getvalue()


def _gain(factor: float) -> list[int]:
    return [min(255, round(level * factor)) for level in range(256)]


def _write(
    draw: ImageDraw.ImageDraw, word: str, at: tuple[float, float], width: float, fill: str | tuple[int, ...]
) -> None:
    font = ImageFont.load_default(size=max(8.0, width / max(3, len(word)) * 1.6))
    draw.text(at, word, fill=fill, font=font, anchor="mm")
