"""Collages and insets of held photographs, and single pictures that look like them; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageOps
from second_base import held, image, on_white, spread

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam import Asked
    from second_base import Base

SEED = 1010
GRIDS = {"two": (2, 1), "two, one above the other": (1, 2), "four": (2, 2), "six": (3, 2), "nine": (3, 3)}
"""Kind → columns and rows."""
KINDS = (*GRIDS, "uneven", "inset", "round inset", "before and after", "strip")
SINGLE = ("photographs", "shelves and piles", "several side by side", "picture of a window", "striped ground")
"""What is one picture: as it is, of many things, composed of several products, and with straight lines across."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One picture, and whether it is a collage."""

    id: str
    kind: str
    group: str
    picture: Image.Image
    is_collage: bool


def sheets(asked: Asked) -> Iterator[Sheet]:
    """Collages of every kind and single pictures, about as many. Raises NoData."""
    bases = spread(held(asked), asked.some(60, 1000))
    many = asked.some(6, 40)
    for kind in KINDS:
        for seed in range(many):
            rng = np.random.default_rng([seed, SEED, KINDS.index(kind)])
            one = bases[int(rng.integers(len(bases)))]
            yield Sheet(f"{kind} {seed}", kind, one.group, collage(rng, one, bases, kind), is_collage=True)
    for base in bases:
        pile = base.shop == "grocery_store" and base.role == "natural"
        kind = "shelves and piles" if pile else "photographs"
        yield Sheet(base.name, kind, base.group, image(base.path), is_collage=False)
    white = [one for one in held(asked, "tailwindtraders", "solidus", "grocery_store") if on_white(one)]
    for seed in range(many):
        rng = np.random.default_rng([seed, SEED, 99])
        for kind, make in (("several side by side", _several), ("striped ground", _striped)):
            base = white[int(rng.integers(len(white)))]
            yield Sheet(f"{kind} {seed}", kind, base.group, make(rng, base), is_collage=False)
        outside = [one for one in bases if not on_white(one)]
        base = outside[int(rng.integers(len(outside)))]
        yield Sheet(f"window {seed}", "picture of a window", base.group, _window(rng, base), is_collage=False)


def collage(rng: np.random.Generator, one: Base, bases: list[Base], kind: str) -> Image.Image:
    """A collage of a kind of KINDS around a photograph, with others or other parts of it."""
    if kind in {"inset", "round inset"}:
        return _inset(rng, one, bases, round_one=kind == "round inset")
    if kind == "before and after":
        return _before_after(rng, one)
    if kind == "uneven":
        return _uneven(rng, one, bases)
    columns, rows = GRIDS.get(kind, (int(rng.integers(3, 6)), 1))
    wide = int(rng.integers(700, 1000))
    cell = (wide // columns, round(wide / columns * float(rng.uniform(0.8, 1.3))))
    gap = int(rng.choice((0, 0, 4, 10, 20)))
    ground = _ground(rng)
    size = (columns * cell[0] + (columns + 1) * gap, rows * cell[1] + (rows + 1) * gap)
    sheet = Image.new("RGB", size, ground)
    for place in range(columns * rows):
        x, y = gap + place % columns * (cell[0] + gap), gap + place // columns * (cell[1] + gap)
        sheet.paste(_cell(rng, one, bases, cell, place), (x, y))
    return sheet


def _cell(rng: np.random.Generator, one: Base, bases: list[Base], size: tuple[int, int], place: int) -> Image.Image:
    """The photograph itself, another of its group or of any, or a detail of it; cut to fill."""
    if place == 0:
        return ImageOps.fit(image(one.path), size)
    kind = float(rng.random())
    alike = [other for other in bases if other.group == one.group and other is not one]
    if kind < 0.35:  # noqa: PLR2004 - a detail
        picture = Image.fromarray(decode(one.path.read_bytes()).rgb)
        share = float(rng.uniform(0.3, 0.6))
        wide, high = (round(side * share) for side in picture.size)
        x, y = (int(rng.integers(0, side - part + 1)) for side, part in zip(picture.size, (wide, high), strict=True))
        return ImageOps.fit(picture.crop((x, y, x + wide, y + high)), size)
    if kind < 0.6 and alike:  # noqa: PLR2004 - the same sort
        return ImageOps.fit(image(alike[int(rng.integers(len(alike)))].path), size)
    return ImageOps.fit(image(bases[int(rng.integers(len(bases)))].path), size)


def _uneven(rng: np.random.Generator, one: Base, bases: list[Base]) -> Image.Image:
    """One large picture, and two to four small ones beside or under it."""
    gap, count = int(rng.choice((0, 6, 14))), int(rng.integers(2, 5))
    side = int(rng.integers(500, 760))
    small = (side - gap * (count - 1)) // count
    beside = bool(rng.random() < 0.5)  # noqa: PLR2004 - beside or under
    size = (side + gap + small, side) if beside else (side, side + gap + small)
    sheet = Image.new("RGB", size, _ground(rng))
    sheet.paste(_cell(rng, one, bases, (side, side), 0), (0, 0))
    for place in range(count):
        at = place * (small + gap)
        sheet.paste(_cell(rng, one, bases, (small, small), place + 1), (side + gap, at) if beside else (at, side + gap))
    return sheet


def _inset(rng: np.random.Generator, one: Base, bases: list[Base], *, round_one: bool) -> Image.Image:
    """A small picture in a corner of a large one, with or without a rim; round or square."""
    sheet = image(one.path)
    side = round(min(sheet.size) * float(rng.uniform(0.24, 0.42)))
    small = _cell(rng, one, bases, (side, side), 1)
    mask = Image.new("L", small.size, 0)
    pen = ImageDraw.Draw(mask)
    if round_one:
        pen.ellipse((0, 0, side - 1, side - 1), fill=255)
    else:
        pen.rounded_rectangle((0, 0, side - 1, side - 1), int(rng.choice((0, 0, side // 8))), fill=255)
    margin = round(side * float(rng.choice((0, 0.08))))
    corner = int(rng.integers(4))
    x = margin if corner % 2 == 0 else sheet.width - side - margin
    y = margin if corner < 2 else sheet.height - side - margin  # noqa: PLR2004 - upper and lower
    rim = int(rng.choice((0, 3, 6))) if not round_one else int(rng.choice((3, 6)))
    if rim:
        draw = ImageDraw.Draw(sheet)
        box = (x - rim, y - rim, x + side + rim - 1, y + side + rim - 1)
        (draw.ellipse if round_one else draw.rectangle)(box, fill=_ground(rng))
    sheet.paste(small, (x, y), mask)
    return sheet


def _before_after(rng: np.random.Generator, one: Base) -> Image.Image:
    """The same picture twice, the first dull, at times parted by a line."""
    picture = image(one.path, 640)
    dull = picture.point(lambda level: 40 + level * 0.55).convert("L").convert("RGB")
    sheet = Image.new("RGB", (2 * picture.width, picture.height))
    sheet.paste(dull, (0, 0))
    sheet.paste(picture, (picture.width, 0))
    if rng.random() < 0.6:  # noqa: PLR2004 - most
        ImageDraw.Draw(sheet).line((picture.width, 0, picture.width, picture.height), fill="white", width=5)
    return sheet


def _several(rng: np.random.Generator, base: Base) -> Image.Image:
    """What is sold by the set: a packshot two to four times on one ground, without a seam."""
    single = image(base.path, 500)
    count = int(rng.integers(2, 5))
    colour = single.getpixel((2, 2))
    sheet = Image.new("RGB", (max(700, round(single.width * 0.8) * count), round(single.height * 1.4)), colour)
    step = (sheet.width - single.width) / max(1, count - 1)
    for place in range(count):
        darker = np.minimum(
            np.asarray(sheet), _on(sheet.size, single, (round(place * step), single.height // 5), colour)
        )
        sheet = Image.fromarray(darker)
    return sheet


def _on(size: tuple[int, int], single: Image.Image, at: tuple[int, int], colour: object) -> np.ndarray:
    sheet = Image.new("RGB", size, colour)  # type: ignore[arg-type]  # a colour that Pillow itself gave
    sheet.paste(single, at)
    return np.asarray(sheet)


def _striped(rng: np.random.Generator, base: Base) -> Image.Image:
    """A packshot before a wall of two colours, or of boards: straight lines from edge to edge, one picture."""
    single = image(base.path, 800)
    values = np.asarray(single, np.float32)
    wall = np.full(values.shape, 235.0, np.float32)
    high, wide = values.shape[:2]
    if rng.random() < 0.5:  # noqa: PLR2004 - two colours or boards
        wall[round(high * float(rng.uniform(0.4, 0.75))) :] = rng.uniform(120, 210, 3)
    else:
        for x in range(0, wide, max(20, wide // int(rng.integers(3, 8)))):
            wall[:, x:] = float(rng.uniform(190, 240))
            wall[:, x : x + 3] = 120
    return Image.fromarray(np.clip(values * wall / 255, 0, 255).astype(np.uint8))


def _window(rng: np.random.Generator, base: Base) -> Image.Image:
    """A photograph behind the bars of a window or a shelf, lit unevenly: one picture with straight bars."""
    picture = image(base.path)
    pen = ImageDraw.Draw(picture)
    thick = max(6, picture.width // 40)
    shade = int(rng.integers(60, 220))
    lean = round(picture.width * float(rng.uniform(0.01, 0.04)))
    for share in rng.uniform(0.2, 0.8, int(rng.integers(1, 3))):
        x = round(picture.width * float(share))
        pen.line((x, 0, x + lean, picture.height), fill=(shade, shade - 8, shade - 20), width=thick)
    y = round(picture.height * float(rng.uniform(0.3, 0.7)))
    pen.line((0, y, picture.width, y + lean), fill=(shade - 15, shade - 20, shade - 35), width=thick)
    return picture


def _ground(rng: np.random.Generator) -> tuple[int, int, int]:
    return ((255, 255, 255), (255, 255, 255), (0, 0, 0), (225, 225, 228), (190, 60, 60))[int(rng.integers(5))]


def straight_seam(data: bytes) -> float:
    """The baseline: the share of a row or column, off the edges, that is one step of the same side all along."""
    grey = Image.fromarray(decode(data).rgb).convert("L")
    grey.thumbnail((400, 400), Image.Resampling.LANCZOS)
    values = np.asarray(grey, np.float32)
    best = 0.0
    for plane in (values, values.T):
        steps = np.diff(plane, axis=0)
        inner = steps[len(steps) // 12 : -max(1, len(steps) // 12)]
        if inner.size:
            best = max(best, *((sign * inner >= 8).mean(axis=1).max() for sign in (1, -1)))  # noqa: PLR2004 - a clear step
    return float(best)
