"""Text as it is laid over pictures: filled, outlined, shaded, on pills, bands and gradients, turned."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from overlaid.fonts import any_font
from overlaid.patch import against, chance, colour, from_image
from overlaid.phrases import phrase

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

    from overlaid.fonts import Part
    from overlaid.patch import Colour, Patch

PLATES = ("none", "none", "none", "box", "pill", "fade", "glass", "outline_box")


def written(text: str, font: FreeTypeFont, ink: Colour, *, edge: int = 0, edge_ink: Colour = (0, 0, 0)) -> Image.Image:
    """The text alone, RGBA, tight but for a small margin."""
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = probe.multiline_textbbox((0, 0), text, font=font, stroke_width=edge)
    pad = max(2, int(font.size * 0.1)) + edge
    size = max(1, int(right - left)) + 2 * pad, max(1, int(bottom - top)) + 2 * pad
    sheet = Image.new("RGBA", size, (*ink, 0))
    pen = ImageDraw.Draw(sheet)
    at = pad - left, pad - top
    pen.multiline_text(at, text, font=font, fill=(*ink, 255), stroke_width=edge, stroke_fill=(*edge_ink, 255))
    return sheet


def text_block(rng: np.random.Generator, part: Part, line_px: int, widest: int, ground: Colour) -> Patch:
    """A block of one to five lines to be laid over a picture whose colour there is about `ground`."""
    text, script = phrase(rng)
    lines = [text]
    if chance(rng, 0.25):  # a list of features
        lines = [_bullet(rng, phrase_of(rng, script, text)) for _ in range(int(rng.integers(2, 6)))]
    font = any_font(rng, script, part, max(10, line_px))
    if len(lines) == 1 and font.getlength(text) > widest and " " in text:
        lines = textwrap.wrap(text, max(6, int(len(text) * 0.6)))
    longest = max(font.getlength(one) for one in lines)
    if longest > widest:
        font = any_font(rng, script, part, max(10, int(line_px * widest / longest)))
    return styled(rng, "\n".join(lines), font, ground)


def phrase_of(rng: np.random.Generator, script: str, fallback: str) -> str:
    """Another phrase of the script, where one comes up soon."""
    for _ in range(6):
        text, other = phrase(rng)
        if other == script:
            return text
    return fallback


def _bullet(rng: np.random.Generator, text: str) -> str:
    return f"{rng.choice(['•', '-', '·', '', '1.'])} {text}".strip()


def styled(rng: np.random.Generator, text: str, font: FreeTypeFont, ground: Colour) -> Patch:
    """The text with a backing, an edge or a shadow, or none of them."""
    plate = str(rng.choice(PLATES))
    plate_ink = colour(rng)
    bare = plate in {"none", "outline_box"}
    ink = against(rng, ground if bare else plate_ink)
    edge = int(rng.integers(1, max(2, int(font.size * 0.12)) + 1)) if chance(rng, 0.2) else 0
    sheet = written(text, font, ink, edge=edge, edge_ink=against(rng, ink))
    if chance(rng, 0.1):
        sheet = _graded(rng, sheet)
    if chance(rng, 0.25):
        sheet = _shaded(rng, sheet, font.size)
    if not bare or plate == "outline_box":
        sheet = _backed(rng, sheet, plate, plate_ink if not bare else ink)
    return from_image(sheet, whole=True)


def _graded(rng: np.random.Generator, sheet: Image.Image) -> Image.Image:
    array = np.asarray(sheet).copy()
    first, last = (np.asarray(colour(rng), np.float32) for _ in range(2))
    down = np.linspace(0, 1, array.shape[0], dtype=np.float32)[:, None, None]
    inside = array[:, :, 3:] > 0
    array[:, :, :3] = np.where(inside, first + (last - first) * down, array[:, :, :3]).astype(np.uint8)
    return Image.fromarray(array, "RGBA")


def _shaded(rng: np.random.Generator, sheet: Image.Image, size: float) -> Image.Image:
    """A drop shadow, or a glow where it is not moved."""
    by = int(rng.integers(0, max(2, int(size * 0.1)) + 1))
    soft = float(rng.uniform(0, max(1.0, size * 0.12)))
    room = by + int(soft * 2) + 1
    whole = Image.new("RGBA", (sheet.width + 2 * room, sheet.height + 2 * room))
    shade = (0, 0, 0) if chance(rng, 0.75) else colour(rng)
    shadow = Image.new("RGBA", sheet.size, (*shade, 0))
    shadow.putalpha(sheet.getchannel("A").point(lambda one: int(one * 0.8)))
    whole.paste(shadow, (room + by, room + by))
    whole = whole.filter(ImageFilter.GaussianBlur(soft))
    whole.alpha_composite(sheet, (room, room))
    return whole


def _backed(rng: np.random.Generator, sheet: Image.Image, plate: str, ink: Colour) -> Image.Image:
    pad_x, pad_y = (int(sheet.height * float(rng.uniform(0.05, 0.6))) for _ in range(2))
    size = sheet.width + 2 * pad_x, sheet.height + 2 * pad_y
    whole = Image.new("RGBA", size, (*ink, 0))
    pen = ImageDraw.Draw(whole)
    frame = (0, 0, size[0] - 1, size[1] - 1)
    if plate == "box":
        pen.rectangle(frame, fill=(*ink, 255))
    elif plate == "pill":
        pen.rounded_rectangle(frame, radius=min(size) // int(rng.integers(2, 6)), fill=(*ink, 255))
    elif plate == "glass":
        radius = 0 if chance(rng, 0.5) else min(size) // 4
        pen.rounded_rectangle(frame, radius=radius, fill=(*ink, int(rng.integers(90, 220))))
    elif plate == "outline_box":
        pen.rounded_rectangle(frame, radius=min(size) // 8, outline=(*ink, 255), width=max(1, min(size) // 25))
    else:
        fade = np.linspace(255, 0, size[0] if chance(rng, 0.5) else size[1]).astype(np.uint8)
        alpha = np.tile(fade, (size[1], 1)) if len(fade) == size[0] else np.tile(fade[:, None], (1, size[0]))
        whole.putalpha(Image.fromarray(np.ascontiguousarray(alpha)))
    whole.alpha_composite(sheet, (pad_x, pad_y))
    return whole
