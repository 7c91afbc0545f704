"""Prints for drawn products: brand labels, covers, dials and balls, made of text and plain shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from packshot.testing.drawing.materials import mixed

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from packshot.testing.drawing.materials import Colour

BRANDS = ("NORDEN", "Aveo", "KIRAN", "Tally", "LUMA", "Fjell", "Orrin", "VESTA", "Pico", "Halden", "MOSS", "Terra")
LINES = ("since 1974", "natural & mild", "every day", "No. 12", "handmade", "classic line", "small batch", "250 ml")
INK: Colour = (38, 34, 40)
PAPER: Colour = (240, 236, 224)


def text(draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, height_px: float, colour: Colour) -> None:
    """Write `words` about the point `at`, in the font that Pillow brings."""
    draw.text(at, words, fill=colour, font=ImageFont.load_default(height_px), anchor="mm")


def label(rng: Generator, size: tuple[int, int], ground: Colour, accent: Colour) -> NDArray[np.uint8]:
    """A brand label (height × width × 3): one of three layouts, a brand, a line and small print."""
    width, height = size
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    brand, line = str(rng.choice(BRANDS)), str(rng.choice(LINES))
    ink = INK if sum(ground) > 3 * 110 else PAPER
    unit = min(width, height) / 10
    layout = int(rng.integers(3))
    if layout == 0:
        draw.rectangle((0, height * 0.08, width, height * 0.14), fill=accent)
        draw.rectangle((0, height * 0.86, width, height * 0.92), fill=accent)
        draw.line((0, height * 0.17, width, height * 0.17), fill=ink, width=max(1, int(unit / 8)))
    elif layout == 1:
        middle = (width / 2, height * 0.34)
        for reach, colour in ((2.6, accent), (2.2, ground), (1.9, accent)):
            draw.ellipse([middle[0] - reach * unit, middle[1] - reach * unit * 0.9, middle[0] + reach * unit,
                          middle[1] + reach * unit * 0.9], fill=colour)  # fmt: skip
    else:
        draw.polygon([(0, 0), (width, 0), (width, height * 0.22), (0, height * 0.36)], fill=accent)
    text(draw, (width / 2, height * (0.69 if layout == 1 else 0.5)), brand, min(unit * 2.0, width * 0.19), ink)
    text(draw, (width / 2, height * (0.825 if layout == 1 else 0.63)), line, unit * 0.75, mixed(ink, ground, 0.2))
    for row in range(3 if layout == 2 else 2):  # noqa: PLR2004 - the third layout has more room
        _small_print(draw, rng, (width / 2, height * (0.72 + 0.05 * row) + (height * 0.19 if layout == 1 else 0)), unit)
    return np.asarray(image)


def _small_print(draw: ImageDraw.ImageDraw, rng: Generator, at: tuple[float, float], unit: float) -> None:
    words = " ".join(str(word) for word in rng.choice(("contains", "keep dry", "aqua", "100 %", "use by", "EU 4/7"), 3))
    text(draw, at, words, max(6.0, unit * 0.42), (96, 92, 98))


def cover(rng: Generator, size: tuple[int, int], ground: Colour, accent: Colour) -> NDArray[np.uint8]:
    """A book's or a box's front: plain shapes in two colours, a title and an author."""
    width, height = size
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    for number in range(int(rng.integers(4, 8))):
        x, y = rng.uniform(0, width), rng.uniform(height * 0.35, height)
        reach = rng.uniform(0.08, 0.25) * width
        colour = mixed(accent, (ground, PAPER, INK)[number % 3], float(rng.uniform(0.1, 0.6)))
        if rng.random() < 0.5:  # noqa: PLR2004 - heads or tails
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
        else:
            draw.polygon([(x - reach, y + reach), (x + reach, y + reach), (x, y - reach)], fill=colour)
    ink = INK if sum(ground) > 3 * 110 else PAPER
    for row, words in enumerate((rng.choice(BRANDS), "of the " + rng.choice(("North", "River", "Garden", "City")))):
        text(draw, (width / 2, height * (0.12 + 0.11 * row)), str(words), width * (0.17 - 0.05 * row), ink)
    text(draw, (width / 2, height * 0.95), "A. " + str(rng.choice(BRANDS)).title(), width * 0.06, ink)
    draw.rectangle((width * 0.04, height * 0.02, width * 0.96, height * 0.98), outline=ink, width=max(2, width // 160))
    return np.asarray(image)


def pages(size: tuple[int, int], *, across: bool) -> NDArray[np.uint8]:
    """The cut edges of a book's pages."""
    width, height = size
    tone = 226 + 16 * np.sin(np.arange(width if across else height) * 1.9)
    plane = np.repeat(tone[None], height, axis=0) if across else np.repeat(tone[:, None], width, axis=1)
    return np.stack([plane, plane * 0.975, plane * 0.91], axis=-1).astype(np.uint8)


def dial(rng: Generator, size: int, ground: Colour, accent: Colour) -> NDArray[np.uint8]:
    """A watch's face: minutes, hours, a brand and three hands (ten past ten, as in every shop)."""
    image = Image.new("RGB", (size, size), ground)
    draw = ImageDraw.Draw(image)
    ink = INK if sum(ground) > 3 * 110 else PAPER
    middle = size / 2

    def spoke(turn: float, start: float, end: float, width: float, colour: Colour) -> None:
        step = np.array([np.sin(turn * 2 * np.pi), -np.cos(turn * 2 * np.pi)]) * middle
        line = [*(middle + step * start), *(middle + step * end)]
        draw.line(line, fill=colour, width=max(1, round(width * size)))

    for minute in range(60):
        spoke(minute / 60, 0.9, 0.95, 0.006, ink)
    for hour in range(12):
        spoke(hour / 12, 0.76, 0.94, 0.022, ink)
    text(draw, (middle, size * 0.32), str(rng.choice(BRANDS)), size * 0.075, ink)
    text(draw, (middle, size * 0.7), "automatic", size * 0.04, ink)
    spoke(10.15 / 12, -0.1, 0.5, 0.03, ink)
    spoke(10 / 60, -0.1, 0.75, 0.022, ink)
    spoke(float(rng.random()), -0.15, 0.85, 0.008, accent)
    draw.ellipse([middle - size * 0.025] * 2 + [middle + size * 0.025] * 2, fill=accent)
    return np.asarray(image)


def striped(size: tuple[int, int], colours: tuple[Colour, ...], *, across: bool = False) -> NDArray[np.uint8]:
    """Even stripes in `colours`, side by side, or one above the other if `across`."""
    width, height = size
    long = height if across else width
    number = (np.arange(long) * len(colours) // long) % len(colours)
    line = np.asarray(colours, np.uint8)[number]
    return np.repeat(line[:, None], width, axis=1) if across else np.repeat(line[None], height, axis=0)


def seamed(size: tuple[int, int], ground: Colour, line: Colour) -> NDArray[np.uint8]:
    """A basketball's skin: two great circles and two arcs."""
    width, height = size
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    thick = max(3, width // 150)
    draw.line((0, height * 0.5, width, height * 0.5), fill=line, width=thick)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        draw.line((width * share, 0, width * share, height), fill=line, width=thick)
    across = np.linspace(0, 1, 200)
    for side in (-1, 1):
        down = 0.5 + side * (0.3 - 0.14 * np.cos(across * 4 * np.pi))
        draw.line([(x * width, y * height) for x, y in zip(across, down, strict=True)], fill=line, width=thick)
    return np.asarray(image)
