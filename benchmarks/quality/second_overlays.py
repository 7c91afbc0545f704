"""Pictures with something laid over them, by the second generator: other letters, logos, shapes and blending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import second_pieces as pieces
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from exam import Box

    Piece = Callable[[np.random.Generator, int], Image.Image]

SIZES: dict[str, tuple[float, float]] = {
    "text": (0.28, 0.85),
    "badge": (0.16, 0.34),
    "sticker": (0.14, 0.34),
    "logo": (0.14, 0.4),
    "price flash": (0.16, 0.38),
    "points": (0.3, 0.5),
    "icon": (0.12, 0.35),
}
"""Kind → how wide the piece is, as a share of the picture's width."""
DRAWN: dict[str, Piece] = {
    "text": pieces.text,
    "badge": pieces.badge,
    "sticker": pieces.sticker,
    "logo": pieces.logo,
    "price flash": pieces.flash,
    "points": pieces.points,
    "icon": pieces.icon,
}
KINDS = (*DRAWN, "ribbon", "frame")
TRIES, LEAST_SEEN, LEAST_LEVELS = 8, 0.6, 30
"""A piece is laid where so much of it differs by so many levels from what lies under it; else it is drawn again."""
GAMMA = 2.2
SEED = 505


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A picture with something laid over it."""

    picture: Image.Image
    boxes: tuple[Box, ...]
    """x, y, w, h as shares: upright around each piece; a frame has one for each of its bars."""
    kind: str


def laid(base: Image.Image, seed: int, kind: str, script: str = "") -> Laid:
    """The picture with one or two pieces of a kind of KINDS that can be seen; `script` sets what text is written in."""
    found = Laid(base, (), kind)
    for attempt in range(TRIES):
        rng = np.random.default_rng([seed, SEED, KINDS.index(kind), attempt])
        found = _laid(base, rng, kind, script)
        if found.boxes:
            break
    return found


def _laid(base: Image.Image, rng: np.random.Generator, kind: str, script: str) -> Laid:
    if kind == "frame":
        return _framed(base, rng)
    if kind == "ribbon":
        return _ribbon(base, rng)
    picture, boxes = base.convert("RGB"), []
    most = 1 if kind in {"points", "logo"} else int(rng.choice((1, 1, 2)))
    linear = bool(rng.random() < 0.5)  # noqa: PLR2004 - one in two
    for _ in range(most):
        width = max(24, round(base.width * float(rng.uniform(*SIZES[kind]))))
        piece = pieces.text(rng, width, script) if kind == "text" else DRAWN[kind](rng, width)
        if rng.random() < 0.25 and kind != "points":  # noqa: PLR2004 - some are turned
            piece = piece.rotate(float(rng.choice((-30, -14, 9, 18, 90))), Image.Resampling.BICUBIC, expand=True)
        piece = _fitting(_tight(piece), base.size)
        place = _place(rng, piece.size, base.size, boxes)
        if place is not None:
            with_piece = blended(picture, piece, place, linear=linear)
            if _is_seen(picture, with_piece, piece, place):
                picture = with_piece
                boxes.append(_box(place, piece.size, base.size))
    return Laid(picture, tuple(boxes), kind)


def _is_seen(before: Image.Image, after: Image.Image, piece: Image.Image, place: tuple[int, int]) -> bool:
    """Whether most of what is opaque of a piece can be told from what lay there."""
    part = (*place, place[0] + piece.width, place[1] + piece.height)
    one, other = (np.asarray(each.crop(part), np.int16) for each in (before, after))
    opaque = np.asarray(piece.getchannel("A")) > 127  # noqa: PLR2004 - a half
    changed = np.abs(other - one).max(axis=2) >= LEAST_LEVELS
    return bool(opaque.any() and changed[opaque].mean() >= LEAST_SEEN)


def blended(picture: Image.Image, piece: Image.Image, place: tuple[int, int], *, linear: bool) -> Image.Image:
    """The piece over the picture: its values mixed as they are, or as light."""
    if not linear:
        whole = picture.convert("RGBA")
        whole.alpha_composite(piece, place)
        return whole.convert("RGB")
    box = (*place, place[0] + piece.width, place[1] + piece.height)
    under = (np.asarray(picture.crop(box), np.float32) / 255) ** GAMMA
    over = np.asarray(piece, np.float32) / 255
    share = over[..., 3:]
    mixed = (under + (over[..., :3] ** GAMMA - under) * share) ** (1 / GAMMA)
    found = picture.copy()
    found.paste(Image.fromarray(np.rint(mixed * 255).astype(np.uint8)), place)
    return found


def _framed(base: Image.Image, rng: np.random.Generator) -> Laid:
    """Bars in one colour on all sides, of which the lower may be wide and bear words, or a line inside the edge."""
    wide, high = base.size
    picture = base.convert("RGB")
    pen = ImageDraw.Draw(picture)
    colour = pieces.LOUD[int(rng.integers(len(pieces.LOUD)))]
    if min(colour) > 250:  # noqa: PLR2004 - white on white is no frame
        colour = (24, 90, 214)
    thick = max(4, round(min(wide, high) * float(rng.uniform(0.015, 0.06))))
    if rng.random() < 0.35:  # noqa: PLR2004 - a line inside the edge
        inset = thick * 2
        line = max(3, thick // 3)
        pen.rounded_rectangle((inset, inset, wide - inset, high - inset), inset, outline=colour, width=line)
        bars = ((inset, inset, wide - 2 * inset, line), (inset, high - inset - line, wide - 2 * inset, line))
        bars += ((inset, inset, line, high - 2 * inset), (wide - inset - line, inset, line, high - 2 * inset))
    else:
        band = thick if rng.random() < 0.4 else max(thick, round(high * float(rng.uniform(0.1, 0.17))))  # noqa: PLR2004
        bars = ((0, 0, wide, thick), (0, high - band, wide, band), (0, 0, thick, high), (wide - thick, 0, thick, high))
        for x, y, w, h in bars:
            pen.rectangle((x, y, x + w - 1, y + h - 1), fill=colour)
        if band > 2 * thick:
            words = pieces.band_words(rng, int(wide * 0.7), int(band * 0.6), colour)
            picture.paste(words, ((wide - words.width) // 2, high - band + (band - words.height) // 2), words)
    return Laid(picture, tuple(_box((x, y), (w, h), base.size) for x, y, w, h in bars), "frame")


def _ribbon(base: Image.Image, rng: np.random.Generator) -> Laid:
    """A slanting band over a corner, with words."""
    side = round(min(base.size) * float(rng.uniform(0.28, 0.45)))
    sheet = Image.new("RGBA", (side * 2, side * 2))
    ground = pieces.LOUD[int(rng.integers(len(pieces.LOUD)))]
    band = Image.new("RGBA", (side * 2, side // 3), (*ground, 255))
    words = pieces.band_words(rng, side, side // 5, ground)
    band.alpha_composite(words, ((band.width - words.width) // 2, (band.height - words.height) // 2))
    sheet.alpha_composite(band, (0, side // 2))
    turned = sheet.rotate(45, Image.Resampling.BICUBIC, center=(side, side // 2 + side // 6))
    left = turned.crop((side - side // 2 - side // 8, side // 6, side * 2, side + side // 2))
    piece = _tight(left)
    right = bool(rng.random() < 0.5)  # noqa: PLR2004 - left or right
    if right:
        mirror = sheet.rotate(-45, Image.Resampling.BICUBIC, center=(side, side // 2 + side // 6))
        piece = _tight(mirror.crop((0, side // 6, side + side // 2 + side // 8, side + side // 2)))
    piece = _fitting(piece, base.size)
    place = (base.width - piece.width if right else 0, 0)
    picture = blended(base.convert("RGB"), piece, place, linear=False)
    return Laid(picture, (_box(place, piece.size, base.size),), "ribbon")


def _place(
    rng: np.random.Generator, size: tuple[int, int], frame: tuple[int, int], taken: list[Box]
) -> tuple[int, int] | None:
    """Most lie near an edge, as sellers lay them; None where there is no room beside the others."""
    room = (frame[0] - size[0], frame[1] - size[1])
    for _ in range(12):
        x, y = (int(rng.integers(0, one + 1)) for one in room)
        if rng.random() < 0.65:  # noqa: PLR2004 - most
            margin = 0.04
            x = int(room[0] * float(rng.choice((margin, 0.5, 1 - margin))))
            y = int(room[1] * float(rng.choice((margin, margin, 1 - margin, 0.5))))
        box = _box((x, y), size, frame)
        if not any(_meet(box, other) for other in taken):
            return x, y
    return None


def _fitting(piece: Image.Image, frame: tuple[int, int]) -> Image.Image:
    times = min(0.96 * frame[0] / piece.width, 0.96 * frame[1] / piece.height)
    if times >= 1:
        return piece
    size = (max(1, int(piece.width * times)), max(1, int(piece.height * times)))
    return piece.resize(size, Image.Resampling.LANCZOS)


def _tight(piece: Image.Image) -> Image.Image:
    box = piece.getchannel("A").point(lambda level: 255 if level > 12 else 0).getbbox()  # noqa: PLR2004 - visible
    return piece.crop(box) if box else piece


def _box(place: tuple[int, int], size: tuple[int, int], frame: tuple[int, int]) -> Box:
    return place[0] / frame[0], place[1] / frame[1], size[0] / frame[0], size[1] / frame[1]


def _meet(one: Box, other: Box) -> bool:
    return all(one[k] < other[k] + other[k + 2] and other[k] < one[k] + one[k + 2] for k in (0, 1))
