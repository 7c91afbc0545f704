"""Watermarks: see-through text and logos in a corner, in the middle, or all over, at a stated opacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from overlaid.emblems import logo
from overlaid.fonts import any_font
from overlaid.letters import written
from overlaid.patch import chance, colour, from_image, lay, resized, turned
from overlaid.phrases import owner

if TYPE_CHECKING:
    from overlaid.fonts import Part
    from overlaid.patch import Patch, Pixels

PLACES = ("tiled", "tiled", "tiled", "corner", "corner", "centre", "centre", "anywhere")
OPACITY = (0.1, 0.7)
WHITE, BLACK, GREY = (255, 255, 255), (0, 0, 0), (128, 128, 128)


@dataclass(frozen=True, slots=True)
class Marked:
    """How a picture was marked."""

    place: str
    opacity: float


def watermark(rng: np.random.Generator, part: Part, canvas: Pixels, mask: Pixels, opacity: float = 0) -> Marked:
    """Lay a watermark over the canvas, in place, and mark where it lies with 255; opacity is drawn where it is 0."""
    place = str(rng.choice(PLACES))
    opacity = opacity or float(rng.uniform(*OPACITY))
    high, wide = canvas.shape[:2]
    short = min(high, wide)
    share = {"tiled": (0.1, 0.4), "corner": (0.12, 0.4), "centre": (0.4, 0.95), "anywhere": (0.15, 0.5)}[place]
    patch = _mark(rng, part, max(24, int(short * float(rng.uniform(*share)))))
    angle = 0.0 if place == "corner" or chance(rng, 0.45) else float(rng.choice([-45, -30, -20, 20, 30, 45, 90]))
    patch = turned(patch, angle + float(rng.normal(0, 2)) * (angle != 0))
    if place == "tiled":
        _tile(rng, canvas, mask, patch, opacity)
        if chance(rng, 0.15):
            _lines(rng, canvas, mask, opacity)
        return Marked(place, opacity)
    edge = int(short * float(rng.uniform(0, 0.06)))
    free = wide - patch.size[0], high - patch.size[1]
    if place == "corner":
        at = (
            edge if chance(rng, 0.35) else free[0] - edge if chance(rng, 0.8) else free[0] // 2,
            edge if chance(rng, 0.3) else free[1] - edge,
        )
    elif place == "centre":
        at = free[0] // 2, free[1] // 2
    else:
        at = int(rng.uniform(0, 1) * free[0]), int(rng.uniform(0, 1) * free[1])
    lay(canvas, mask, patch, at, opacity)
    return Marked(place, opacity)


def _ink(rng: np.random.Generator) -> tuple[int, int, int]:
    inks = (WHITE, BLACK, GREY, colour(rng))
    return inks[int(rng.choice(len(inks), p=(0.4, 0.2, 0.15, 0.25)))]


def _mark(rng: np.random.Generator, part: Part, side: int) -> Patch:
    """A name, a logo of one ink, or both, about `side` wide."""
    ink = _ink(rng)
    if chance(rng, 0.35):
        drawn = logo(rng, part, max(40, side))
        flat = Image.new("RGBA", drawn.size, (*ink, 0))
        flat.putalpha(drawn.getchannel("A"))
        sheet = drawn if chance(rng, 0.2) else flat
    else:
        text = owner(rng)
        font = any_font(rng, "latin", part, 48)
        edge = int(rng.integers(1, 4)) if chance(rng, 0.3) else 0
        sheet = written(text, font, ink, edge=edge, edge_ink=_ink(rng))
        if edge and chance(rng, 0.4):  # hollow letters: the edge alone
            inner = written(text, font, ink, edge=0)
            alpha = np.asarray(sheet.getchannel("A"), np.int16).copy()
            y, x = (sheet.height - inner.height) // 2, (sheet.width - inner.width) // 2
            alpha[y : y + inner.height, x : x + inner.width] -= np.asarray(inner.getchannel("A"), np.int16)
            sheet.putalpha(Image.fromarray(np.clip(alpha, 0, 255).astype(np.uint8)))
        elif chance(rng, 0.15):  # a ring or box around it
            frame = Image.new("RGBA", (sheet.width + 40, sheet.height + 40), (*ink, 0))
            box = (3, 3, frame.width - 4, frame.height - 4)
            ImageDraw.Draw(frame).rounded_rectangle(box, radius=frame.height // 3, outline=(*ink, 255), width=4)
            frame.alpha_composite(sheet, (20, 20))
            sheet = frame
    patch = from_image(sheet, whole=True)
    return resized(patch, (side, max(4, round(side * sheet.height / sheet.width))))


def _tile(rng: np.random.Generator, canvas: Pixels, mask: Pixels, patch: Patch, opacity: float) -> None:
    high, wide = canvas.shape[:2]
    step_x = max(8, int(patch.size[0] * float(rng.uniform(1.05, 2.2))))
    step_y = max(8, int(patch.size[1] * float(rng.uniform(1.05, 3))))
    staggered, start = chance(rng, 0.5), (int(rng.integers(-step_x, 1)), int(rng.integers(-step_y, 1)))
    for row, y in enumerate(range(start[1], high, step_y)):
        for x in range(start[0] - (step_x // 2 if staggered and row % 2 else 0), wide, step_x):
            lay(canvas, mask, patch, (x, y), opacity)


def _lines(rng: np.random.Generator, canvas: Pixels, mask: Pixels, opacity: float) -> None:
    """Crossing lines, as sellers of photographs draw over previews."""
    high, wide = canvas.shape[:2]
    sheet = Image.new("RGBA", (wide, high))
    pen, ink = ImageDraw.Draw(sheet), (*_ink(rng), 255)
    thick = max(1, min(high, wide) // int(rng.integers(100, 300)))
    pen.line((0, 0, wide, high), fill=ink, width=thick)
    pen.line((0, high, wide, 0), fill=ink, width=thick)
    lay(canvas, mask, from_image(sheet), (0, 0), opacity)
