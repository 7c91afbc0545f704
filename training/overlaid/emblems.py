"""Badges, stickers, ribbons, price tags, logos, icons, callouts, arrows and rows of swatches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from overlaid.fonts import any_font, icons
from overlaid.fonts import font as font_of
from overlaid.letters import written
from overlaid.patch import against, chance, colour, from_image
from overlaid.phrases import BRANDS, made_up, phrase, price

if TYPE_CHECKING:
    from collections.abc import Callable

    from overlaid.fonts import Part
    from overlaid.patch import Colour, Patch

    Drawn = Callable[[np.random.Generator, Part, int], Image.Image]

TIMES = 2
"""Shapes are drawn larger and made smaller, for smooth edges."""


def emblem(rng: np.random.Generator, part: Part, side: int, kind: str = "") -> Patch:
    """One of KINDS, about `side` pixels large."""
    kind = kind or str(rng.choice(list(KINDS)))
    large = KINDS[kind](rng, part, max(24, side) * TIMES)
    small = large.resize((max(1, large.width // TIMES), max(1, large.height // TIMES)), Image.Resampling.LANCZOS)
    return from_image(small)


def fitted(  # noqa: PLR0913, PLR0917 - one drawing
    rng: np.random.Generator, part: Part, text: str, script: str, box: tuple[int, int], ink: Colour
) -> Image.Image:
    """The text so large that it fills the box, width and height."""
    probe = any_font(rng, script, part, 40)
    left, top, right, bottom = probe.getbbox(text)
    times = min(box[0] / max(1, right - left), box[1] / max(1, bottom - top))
    font = probe.font_variant(size=max(8, int(40 * times * 0.9)))
    return written(text, font, ink)


def _middle(sheet: Image.Image, label: Image.Image, down: float = 0.5) -> None:
    at = (sheet.width - label.width) // 2, int((sheet.height - label.height) * down)
    sheet.alpha_composite(label, (max(0, at[0]), max(0, at[1])))


def _short(rng: np.random.Generator) -> tuple[str, str]:
    for _ in range(8):
        text, script = phrase(rng)
        if len(text) <= 10:  # noqa: PLR2004 - letters that a badge has room for
            return text, script
    return price(rng), "latin"


def _badge(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A disc, star burst, polygon or shield with a short text."""
    sheet = Image.new("RGBA", (side, side))
    pen, ink = ImageDraw.Draw(sheet), colour(rng)
    shape = str(rng.choice(["disc", "burst", "polygon", "ring"]))
    middle, reach = side / 2, side / 2 - 2
    if shape == "burst":
        points = int(rng.integers(10, 30))
        angles = np.arange(2 * points) * np.pi / points
        radii = np.where(np.arange(2 * points) % 2, reach, reach * float(rng.uniform(0.75, 0.93)))
        spots = [(middle + r * np.cos(a), middle + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
        pen.polygon(spots, fill=(*ink, 255))
    elif shape == "polygon":
        pen.regular_polygon((middle, middle, reach), int(rng.integers(5, 9)), fill=(*ink, 255))
    else:
        pen.ellipse((1, 1, side - 2, side - 2), fill=(*ink, 255))
    if shape == "ring" or chance(rng, 0.3):
        inner = side * float(rng.uniform(0.05, 0.12))
        box = (inner, inner, side - inner, side - inner)
        pen.ellipse(box, outline=(*against(rng, ink), 255), width=max(1, side // 60))
    text, script = _short(rng)
    _middle(sheet, fitted(rng, part, text, script, (int(side * 0.7), int(side * 0.4)), against(rng, ink)))
    if chance(rng, 0.3):
        small, script = _short(rng)
        _middle(sheet, fitted(rng, part, small, script, (int(side * 0.4), int(side * 0.12)), against(rng, ink)), 0.8)
    return sheet.rotate(float(rng.uniform(-25, 25))) if chance(rng, 0.4) else sheet


def _ribbon(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A band across a corner, or a flag with notched ends."""
    ink = colour(rng)
    text, script = _short(rng)
    if chance(rng, 0.5):
        sheet = Image.new("RGBA", (side * 2, max(8, side // 3)))
        ImageDraw.Draw(sheet).rectangle((0, 0, sheet.width, sheet.height), fill=(*ink, 255))
        _middle(sheet, fitted(rng, part, text, script, (side, side // 4), against(rng, ink)))
        return sheet.rotate(45 if chance(rng, 0.5) else -45, Image.Resampling.BICUBIC, expand=True)
    high = max(12, side // 3)
    sheet = Image.new("RGBA", (side * 2, high))
    notch = high // 3 if chance(rng, 0.7) else 0
    spots = [(0, 0), (side * 2, 0), (side * 2 - notch, high // 2), (side * 2, high), (0, high), (notch, high // 2)]
    ImageDraw.Draw(sheet).polygon(spots, fill=(*ink, 255))
    _middle(sheet, fitted(rng, part, text, script, (int(side * 1.5), int(high * 0.75)), against(rng, ink)))
    return sheet


def _tag(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A price tag."""
    ink = colour(rng)
    high = int(side * float(rng.uniform(0.4, 0.7)))
    sheet = Image.new("RGBA", (side, high))
    pen = ImageDraw.Draw(sheet)
    spots = [(high // 2, 0), (side, 0), (side, high), (high // 2, high), (0, high // 2)]
    pen.polygon(spots, fill=(*ink, 255))
    pen.ellipse((high * 0.25, high * 0.42, high * 0.41, high * 0.58), fill=(0, 0, 0, 0))
    _middle(sheet, fitted(rng, part, price(rng), "latin", (int(side * 0.55), int(high * 0.7)), against(rng, ink)))
    return sheet.rotate(float(rng.uniform(-30, 30)), expand=True) if chance(rng, 0.4) else sheet


def _icon(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """An icon, bare or on a disc, with or without words below it."""
    every = icons(part)
    path, code = every[int(rng.integers(len(every)))]
    ink = colour(rng)
    sheet = Image.new("RGBA", (side, side))
    if chance(rng, 0.5):
        ground = against(rng, ink)
        shape = ImageDraw.Draw(sheet)
        draw = shape.ellipse if chance(rng, 0.7) else shape.rectangle
        draw((1, 1, side - 2, side - 2), fill=(*ground, 255))
    glyph = written(chr(code), font_of(path, max(8, int(side * 0.62))), ink)
    _middle(sheet, glyph)
    if chance(rng, 0.5):
        return sheet
    text, script = _short(rng)
    label = fitted(rng, part, text, script, (int(side * 1.6), int(side * 0.25)), ink)
    whole = Image.new("RGBA", (max(sheet.width, label.width), side + label.height))
    whole.alpha_composite(sheet, ((whole.width - side) // 2, 0))
    whole.alpha_composite(label, ((whole.width - label.width) // 2, side))
    return whole


def _shape(rng: np.random.Generator, pen: ImageDraw.ImageDraw, side: int, fill: tuple[int, int, int, int]) -> None:
    """One simple shape of a logo."""
    x0, y0 = (float(one) for one in rng.uniform(0, 0.45, 2) * side)
    box = (x0, y0, x0 + side * float(rng.uniform(0.3, 0.55)), y0 + side * float(rng.uniform(0.3, 0.55)))
    shape = str(rng.choice(["ellipse", "ring", "rectangle", "triangle", "arc", "bars"]))
    if shape == "ellipse":
        pen.ellipse(box, fill=fill)
    elif shape == "ring":
        pen.ellipse(box, outline=fill, width=max(2, side // 12))
    elif shape == "rectangle":
        pen.rounded_rectangle(box, radius=side // int(rng.integers(6, 40)), fill=fill)
    elif shape == "triangle":
        pen.polygon([(box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) / 2, box[1])], fill=fill)
    elif shape == "arc":
        pen.arc(box, int(rng.integers(0, 360)), int(rng.integers(0, 360)), fill=fill, width=max(2, side // 10))
    else:
        for bar in range(3):
            left = box[0] + bar * (box[2] - box[0]) / 3
            pen.rectangle((left, box[1] + bar * side * 0.05, left + side * 0.07, box[3]), fill=fill)


def logo(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """Simple shapes of one or two inks, mostly with a name beside or below them."""
    ink, second = colour(rng), colour(rng)
    mark = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(mark)
    for number in range(int(rng.integers(1, 4))):
        _shape(rng, pen, side, (*(second if number % 2 else ink), 255))
    if chance(rng, 0.25):
        return mark
    name = str(rng.choice(BRANDS)) if chance(rng, 0.6) else made_up(rng)
    label = fitted(rng, part, name, "latin", (int(side * float(rng.uniform(1, 2.5))), int(side * 0.5)), ink)
    if chance(rng, 0.3):
        return label
    if chance(rng, 0.5):
        whole = Image.new("RGBA", (side + label.width + side // 10, max(side, label.height)))
        whole.alpha_composite(mark, (0, (whole.height - side) // 2))
        whole.alpha_composite(label, (side + side // 10, (whole.height - label.height) // 2))
        return whole
    whole = Image.new("RGBA", (max(side, label.width), side + label.height))
    whole.alpha_composite(mark, ((whole.width - side) // 2, 0))
    whole.alpha_composite(label, ((whole.width - label.width) // 2, side))
    return whole


def _callout(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A line or arrow from a spot to a few words; or a measure between two arrow heads."""
    ink = colour(rng)
    wide, high = side * 2, max(8, int(side * float(rng.uniform(0.3, 1.2))))
    sheet = Image.new("RGBA", (wide, high))
    pen, thick = ImageDraw.Draw(sheet), max(2, side // int(rng.integers(15, 50)))
    text, script = phrase(rng)
    label = fitted(rng, part, text, script, (int(wide * 0.5), max(8, side // 4)), ink)
    start, end = (side * 0.08, high * 0.85), (wide * 0.45, max(label.height / 2, high * 0.15))
    pen.line((start, end), fill=(*ink, 255), width=thick)
    spot = side * float(rng.uniform(0.03, 0.07))
    pen.ellipse((start[0] - spot, start[1] - spot, start[0] + spot, start[1] + spot), fill=(*ink, 255))
    sheet.alpha_composite(label, (min(int(end[0]), max(0, wide - label.width)), 0))
    return sheet


def _arrow(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """An arrow, a double arrow with a size, or a ring around something."""
    ink, thick = (*colour(rng), 255), max(3, side // int(rng.integers(8, 40)))
    sheet = Image.new("RGBA", (side, side))
    pen, middle = ImageDraw.Draw(sheet), side // 2
    head = thick * 2
    if chance(rng, 0.2):
        pen.ellipse((thick, thick, side - thick, side - thick), outline=ink, width=max(2, thick // 2))
        return sheet
    pen.line((head, middle, side - head, middle), fill=ink, width=thick)
    pen.polygon([(side, middle), (side - 2 * head, middle - head), (side - 2 * head, middle + head)], fill=ink)
    if chance(rng, 0.5):
        pen.polygon([(0, middle), (2 * head, middle - head), (2 * head, middle + head)], fill=ink)
        size = f"{int(rng.integers(2, 200))} {rng.choice(['cm', 'mm', 'in', '″'])}"
        label = fitted(rng, part, size, "latin", (side // 2, max(8, side // 5)), ink[:3])
        sheet.alpha_composite(label, ((side - label.width) // 2, max(0, middle - thick - label.height)))
    turns = (0, 90, 180, 270, float(rng.uniform(0, 360)))
    return sheet.rotate(turns[int(rng.integers(len(turns)))], Image.Resampling.BICUBIC, expand=True)


def _row(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A row of swatches, stars of a rating, or small icons."""
    count, step = int(rng.integers(3, 7)), max(8, side // 3)
    sheet = Image.new("RGBA", (count * step, step))
    pen = ImageDraw.Draw(sheet)
    kind = str(rng.choice(["swatches", "stars", "icons"]))
    ink, every = colour(rng), icons(part)
    for number in range(count):
        box = (number * step + step * 0.1, step * 0.1, number * step + step * 0.9, step * 0.9)
        if kind == "swatches":
            pen.ellipse(box, fill=(*colour(rng), 255), outline=(*against(rng, ink), 255), width=max(1, step // 20))
        elif kind == "stars":
            angles = -np.pi / 2 + np.arange(10) * np.pi / 5
            radii = np.where(np.arange(10) % 2, step * 0.17, step * 0.42)
            centre = (number + 0.5) * step, step / 2
            spots = [(centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
            pen.polygon(spots, fill=(*ink, 255))
        else:
            path, code = every[int(rng.integers(len(every)))]
            glyph = written(chr(code), font_of(path, max(8, int(step * 0.6))), ink)
            sheet.alpha_composite(glyph, (int(box[0]), max(0, (step - glyph.height) // 2)))
    return sheet


def _code(rng: np.random.Generator, _part: Part, side: int) -> Image.Image:
    """What looks like a QR code or a bar code on white."""
    if chance(rng, 0.5):
        cells = rng.random((25, 25)) < 0.5  # noqa: PLR2004 - half are dark
        small = Image.fromarray(np.where(np.pad(cells, 2), 0, 255).astype(np.uint8))
    else:
        bars = np.repeat(rng.random(60) < 0.5, 1)[None].repeat(30, 0)  # noqa: PLR2004 - half are dark
        small = Image.fromarray(np.where(np.pad(bars, 3), 0, 255).astype(np.uint8))
    return small.resize((side, max(1, side * small.height // small.width)), Image.Resampling.NEAREST).convert("RGBA")


def _banner(rng: np.random.Generator, part: Part, side: int) -> Image.Image:
    """A plate with a heading and small lines, an icon before some: the panel of an infographic."""
    ground = colour(rng)
    ink = against(rng, ground)
    lines = int(rng.integers(1, 5))
    sheet = Image.new("RGBA", (int(side * 1.6), int(side * 0.3 * (lines + 1))))
    pen = ImageDraw.Draw(sheet)
    alpha = 255 if chance(rng, 0.7) else int(rng.integers(120, 230))
    radius = side // 10 if chance(rng, 0.5) else 0
    pen.rounded_rectangle((0, 0, sheet.width - 1, sheet.height - 1), radius, fill=(*ground, alpha))
    for number in range(lines + 1):
        text, script = phrase(rng)
        high = int(side * (0.2 if number == 0 else 0.13))
        label = fitted(rng, part, text, script, (int(side * 1.4), high), ink)
        sheet.alpha_composite(label, (int(side * 0.08), int(side * 0.3 * number + side * 0.05)))
    return sheet


KINDS: dict[str, Drawn] = {
    "badge": _badge,
    "ribbon": _ribbon,
    "tag": _tag,
    "icon": _icon,
    "logo": logo,
    "callout": _callout,
    "arrow": _arrow,
    "row": _row,
    "code": _code,
    "banner": _banner,
}
