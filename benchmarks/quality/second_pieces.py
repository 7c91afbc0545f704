"""What sellers lay over pictures, drawn with Pillow as pieces with their own transparency; seeded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from second_fonts import POINTS, PRICES, RIGHT_TO_LEFT, SEALS, SHOPS, phrase, some_script, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Colour = tuple[int, int, int]

LOUD: tuple[Colour, ...] = (
    *((214, 24, 72), (255, 112, 10), (0, 148, 136), (88, 42, 186), (250, 204, 21), (16, 122, 64), (24, 90, 214)),
    *((12, 12, 14), (255, 255, 255), (120, 78, 40)),
)
FINE = 2
"""Everything is drawn at so many times its size, and made smaller."""


def text(rng: np.random.Generator, width: int, script: str = "", words: str = "") -> Image.Image:
    """One or two lines: bare, outlined, with a shadow, or on a plate."""
    script = script or some_script(rng)
    first = words or phrase(rng, script)
    lines = [first] if words or rng.random() < 0.6 else [first, phrase(rng, script)]  # noqa: PLR2004 - most have one
    ink, ground = _pair(rng)
    drawn = _lines(rng, lines, width * FINE, ink)
    style = str(rng.choice(("bare", "outlined", "shadow", "plate", "pill", "fading")))
    if style == "outlined":
        return _small(_contour(drawn, ground, max(2, drawn.height // 24)))
    if style == "shadow":
        return _small(_shadow(drawn, max(2, drawn.height // 30)))
    if style == "bare":
        return _small(drawn)
    if style == "fading":
        return _small(_on_plate(drawn, _fade((drawn.width + 60, drawn.height + 40), ground, _loud(rng))))
    return _small(_on_plate(drawn, _plate(drawn, ground, 0.5 if style == "pill" else 0.08)))


def badge(rng: np.random.Generator, width: int) -> Image.Image:
    """A round seal with a scalloped or plain rim, a hexagon or a shield, with words inside."""
    side = width * FINE
    sheet = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(sheet)
    ink, ground = _pair(rng)
    kind = str(rng.choice(("seal", "ring", "hexagon", "shield")))
    if kind == "seal":
        pen.polygon(_star(side, int(rng.integers(14, 30)), 0.92), fill=ground)
    elif kind == "ring":
        pen.ellipse((0, 0, side - 1, side - 1), fill=ground)
    elif kind == "hexagon":
        pen.polygon(_star(side, 3, 1.0), fill=ground)
    else:
        half = side / 2
        pen.polygon(
            [
                *((0.1 * side, 0.08 * side), (0.9 * side, 0.08 * side), (0.86 * side, 0.6 * side)),
                *((half, side - 1), (0.14 * side, 0.6 * side)),
            ],
            fill=ground,
        )
    inset = side * 0.1
    if kind in {"seal", "ring"}:
        pen.ellipse((inset, inset, side - inset, side - inset), outline=ink, width=max(2, side // 60))
        _around(rng, sheet, str(rng.choice(SHOPS)).upper() + " • ", ink)
    _centred(rng, sheet, str(rng.choice(SEALS)), ink, 0.5)
    return _small(sheet)


def sticker(rng: np.random.Generator, width: int) -> Image.Image:
    """A die-cut shape with a white rim and a soft shadow: star, heart, face, leaf, bolt, tick."""
    side = width * FINE
    sheet = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(sheet)
    colour, other = _loud(rng), _loud(rng)
    low, high = 0.16 * side, 0.84 * side
    kind = str(rng.choice(("star", "heart", "face", "leaf", "bolt", "tick")))
    if kind == "star":
        pen.polygon([(0.16 * side + 0.68 * x, 0.16 * side + 0.68 * y) for x, y in _star(side, 5, 0.45)], fill=colour)
    elif kind == "heart":
        pen.polygon(_heart(side), fill=colour)
    elif kind == "face":
        pen.ellipse((low, low, high, high), fill=(250, 204, 40))
        for x in (0.38, 0.62):
            pen.ellipse(((x - 0.05) * side, 0.36 * side, (x + 0.05) * side, 0.48 * side), fill=(40, 30, 20))
        pen.arc((0.32 * side, 0.38 * side, 0.68 * side, 0.7 * side), 20, 160, fill=(40, 30, 20), width=side // 24)
    elif kind == "leaf":
        pen.pieslice((low - 0.3 * side, low, high, high + 0.3 * side), 270, 360, fill=(60, 150, 60))
        pen.line((0.3 * side, high, 0.7 * side, 0.3 * side), fill=(230, 250, 220), width=side // 40)
    elif kind == "bolt":
        points = ((0.58, 0.14), (0.28, 0.56), (0.48, 0.56), (0.4, 0.86), (0.74, 0.42), (0.53, 0.42))
        pen.polygon([(x * side, y * side) for x, y in points], fill=colour)
    else:
        pen.ellipse((low, low, high, high), fill=colour)
        pen.line(
            [(0.32 * side, 0.52 * side), (0.45 * side, 0.66 * side), (0.7 * side, 0.36 * side)],
            fill=other if other != colour else (255, 255, 255),
            width=side // 12,
            joint="curve",
        )
    return _small(_shadow(_contour(sheet, (255, 255, 255), side // 40), side // 40))


def logo(rng: np.random.Generator, width: int) -> Image.Image:
    """A mark of plain shapes with a name beside or under it, in one or two colours."""
    ink = _loud(rng)
    side = width * FINE // 3
    mark = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(mark)
    kind = int(rng.integers(5))
    if kind == 0:
        for share in (0.98, 0.66, 0.34):
            inset = side * (1 - share) / 2
            pen.arc((inset, inset, side - inset, side - inset), 200, 520, fill=ink, width=max(2, side // 12))
    elif kind == 1:
        for step in range(3):
            pen.polygon(
                [
                    (side * 0.3 * step, side - 1),
                    (side * (0.18 + 0.3 * step), side * 0.2),
                    (side * 0.3 * (step + 1), side),
                ],
                fill=ink,
            )
    elif kind == 2:  # noqa: PLR2004 - kinds by number
        for row in range(3):
            wave = [(x, side * (0.25 + 0.25 * row) + side * 0.08 * math.sin(x / side * 12)) for x in range(0, side, 4)]
            pen.line(wave, fill=ink, width=max(2, side // 12), joint="curve")
    elif kind == 3:  # noqa: PLR2004 - the same
        pen.rounded_rectangle((0, 0, side - 1, side - 1), side // 5, fill=ink)
        pen.pieslice((side * 0.2, side * 0.2, side * 0.8, side * 0.8), 45, 315, fill=_other(ink))
    else:
        for x, y in ((0.25, 0.3), (0.7, 0.3), (0.48, 0.7)):
            pen.ellipse(tuple(side * one for one in (x - 0.22, y - 0.22, x + 0.22, y + 0.22)), fill=ink)
    name = _lines(rng, [str(rng.choice(SHOPS))], width * FINE - side, ink)
    if rng.random() < 0.5:  # noqa: PLR2004 - beside or under
        return _small(_beside([mark, name], side // 8))
    return _small(_under([mark, name], side // 8))


def flash(rng: np.random.Generator, width: int) -> Image.Image:
    """A price: on a burst, a tag or a bubble, at times with the old price struck through."""
    side = width * FINE
    ink, ground = _pair(rng)
    kind = str(rng.choice(("burst", "tag", "bubble")))
    size = (side, side) if kind == "burst" else (side, side // 2)
    sheet = Image.new("RGBA", size)
    pen = ImageDraw.Draw(sheet)
    if kind == "burst":
        pen.polygon(_star(side, int(rng.integers(9, 18)), float(rng.uniform(0.7, 0.85))), fill=ground)
    elif kind == "tag":
        points = ((0, 0.5), (0.22, 0.02), (0.99, 0.02), (0.99, 0.98), (0.22, 0.98))
        pen.polygon([(x * size[0], y * size[1]) for x, y in points], fill=ground)
        pen.ellipse((0.12 * side, 0.22 * side, 0.18 * side, 0.28 * side), fill=(255, 255, 255))
    else:
        pen.rounded_rectangle((0, 0, side - 1, size[1] * 0.8), size[1] // 4, fill=ground)
        pen.polygon([(0.2 * side, 0.78 * size[1]), (0.4 * side, 0.78 * size[1]), (0.22 * side, size[1])], fill=ground)
    _centred(rng, sheet, str(rng.choice(PRICES)), ink, 0.62)
    if rng.random() < 0.4 and kind == "burst":  # noqa: PLR2004 - some
        top = side * 0.3
        pen.line((side * 0.36, top, side * 0.64, top - side * 0.05), fill=ink, width=max(2, side // 50))
    return _small(sheet)


def points(rng: np.random.Generator, width: int) -> Image.Image:
    """A list of what the product can, each behind a tick or a dot."""
    ink, ground = _pair(rng)
    rows = []
    for place in rng.permutation(len(POINTS))[: int(rng.integers(2, 5))]:
        line = _lines(rng, [POINTS[int(place)]], int(width * FINE * 0.85), ink, tall=width * FINE // 9)
        bullet = Image.new("RGBA", (line.height, line.height))
        pen = ImageDraw.Draw(bullet)
        high = line.height
        pen.ellipse((0, 0, high - 1, high - 1), fill=ground)
        pen.line([(0.25 * high, 0.5 * high), (0.45 * high, 0.7 * high), (0.75 * high, 0.3 * high)], fill=ink, width=4)
        rows.append(_beside([bullet, line], high // 3))
    stack = _under(rows, rows[0].height // 2, left=True)
    return _small(_on_plate(stack, _plate(stack, (*ground, 220), 0.05)) if rng.random() < 0.5 else stack)  # noqa: PLR2004


def icon(rng: np.random.Generator, width: int) -> Image.Image:
    """A sign of a shop's page left in the picture: play, 360°, a magnifier, dots for colours, a measure."""
    side = width * FINE
    sheet = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(sheet)
    kind = str(rng.choice(("play", "around", "zoom", "dots", "measure")))
    ink = (*_loud(rng), 235)
    line = max(3, side // 22)
    if kind == "play":
        pen.ellipse((0, 0, side - 1, side - 1), fill=(20, 20, 20, 190))
        pen.polygon([(0.38 * side, 0.28 * side), (0.38 * side, 0.72 * side), (0.76 * side, 0.5 * side)], fill="white")
    elif kind == "around":
        pen.arc((0, 0.25 * side, side - 1, 0.75 * side), 120, 60, fill=ink, width=line)
        pen.polygon([(0.7 * side, 0.62 * side), (0.9 * side, 0.7 * side), (0.72 * side, 0.84 * side)], fill=ink)
        _centred(rng, sheet, "360°", ink[:3], 0.45)
    elif kind == "zoom":
        pen.ellipse((0.08 * side, 0.08 * side, 0.66 * side, 0.66 * side), outline=ink, width=line)
        pen.line((0.58 * side, 0.58 * side, 0.92 * side, 0.92 * side), fill=ink, width=line * 2)
        pen.line((0.25 * side, 0.37 * side, 0.49 * side, 0.37 * side), fill=ink, width=line)
    elif kind == "dots":
        for step in range(4):
            x = side * (0.02 + 0.25 * step)
            box = (x, 0.4 * side, x + 0.2 * side, 0.6 * side)
            pen.ellipse(box, fill=_loud(rng), outline=(90, 90, 90), width=line // 2)
    else:
        y = 0.6 * side
        pen.line((0, y, side, y), fill=ink, width=line // 2)
        for x, way in ((0, 1), (side - 1, -1)):
            tip = [(x, y), (x + way * 0.09 * side, y - 0.05 * side), (x + way * 0.09 * side, y + 0.05 * side)]
            pen.polygon(tip, fill=ink)
        label = _lines(rng, [f"{int(rng.integers(9, 190))} cm"], int(0.4 * side), ink[:3])
        sheet.alpha_composite(label, (int(0.3 * side), max(0, int(y - label.height * 1.3))))
    return _small(sheet)


def named(rng: np.random.Generator, words: str, width: int, ground: Colour) -> Image.Image:
    """Given words as wide as asked, readable on a ground."""
    return _small(_lines(rng, [words], width * FINE, _other(ground)))


def band_words(rng: np.random.Generator, width: int, height: int, ground: Colour) -> Image.Image:
    """Words for a band of a colour, no wider and no higher than asked."""
    drawn = _lines(rng, [phrase(rng)], width * FINE, _other(ground), tall=int(height * FINE * 0.8))
    times = min(1.0, height * FINE / drawn.height, width * FINE / drawn.width)
    size = (max(1, int(drawn.width * times)), max(1, int(drawn.height * times)))
    return _small(drawn.resize(size, Image.Resampling.LANCZOS))


def _pair(rng: np.random.Generator) -> tuple[Colour, Colour]:
    ground = _loud(rng)
    return _other(ground), ground


def _loud(rng: np.random.Generator) -> Colour:
    return LOUD[int(rng.integers(len(LOUD)))]


def _other(colour: Colour) -> Colour:
    return (20, 20, 24) if sum(colour) > 420 else (255, 255, 255)  # noqa: PLR2004 - lighter than the middle


def _lines(rng: np.random.Generator, lines: Sequence[str], width: int, ink: Colour, tall: int = 0) -> Image.Image:
    """Lines as wide as asked at most, tight; right to left where the script is."""
    wanted = "\n".join(lines)
    shape = written(rng, wanted, 60)
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = probe.multiline_textbbox((0, 0), wanted, font=shape)
    size = 60 * max(8, width) / max(1.0, right - left)
    shape = shape.font_variant(size=max(10, int(min(size, tall or size, width * 0.45))))
    align = "right" if any(_script(one) in RIGHT_TO_LEFT for one in lines) else str(rng.choice(("left", "center")))
    left, top, right, bottom = probe.multiline_textbbox((0, 0), wanted, font=shape, align=align)
    sheet = Image.new("RGBA", (int(right - left) + 4, int(bottom - top) + 4), (*ink, 0))
    ImageDraw.Draw(sheet).multiline_text((2 - left, 2 - top), wanted, font=shape, fill=ink, align=align)
    return sheet


def _script(words: str) -> str:
    if any("֐" <= letter <= "׿" for letter in words):
        return "Hebrew"
    return "Arabic" if any("؀" <= letter <= "ۿ" for letter in words) else ""


def _centred(rng: np.random.Generator, sheet: Image.Image, words: str, ink: Colour, share: float) -> None:
    drawn = _lines(rng, [words], int(sheet.width * share), ink, tall=int(sheet.height * 0.4))
    sheet.alpha_composite(drawn, ((sheet.width - drawn.width) // 2, max(0, (sheet.height - drawn.height) // 2)))


def _around(rng: np.random.Generator, sheet: Image.Image, words: str, ink: Colour) -> None:
    """Words along the rim, each letter turned to stand on it."""
    side = sheet.width
    shape = written(rng, words, side // 12)
    for place, letter in enumerate(words):
        turn = 360 * place / len(words)
        cell = Image.new("RGBA", (side, side))
        ImageDraw.Draw(cell).text((side / 2, side * 0.17), letter, font=shape, fill=ink, anchor="mm")
        sheet.alpha_composite(cell.rotate(-turn, Image.Resampling.BICUBIC))


def _star(side: int, tips: int, inner: float) -> list[tuple[float, float]]:
    half = side / 2
    reach = [half if step % 2 == 0 else half * inner for step in range(2 * tips)]
    turns = [math.pi * step / tips - math.pi / 2 for step in range(2 * tips)]
    return [(half + r * math.cos(turn), half + r * math.sin(turn)) for r, turn in zip(reach, turns, strict=True)]


def _heart(side: int) -> list[tuple[float, float]]:
    found = []
    for step in range(80):
        t = 2 * math.pi * step / 80
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        found.append((side * (0.5 + x / 50), side * (0.46 - y / 50)))
    return found


def _contour(piece: Image.Image, colour: Colour, wide: int) -> Image.Image:
    pad = wide + 2
    large = Image.new("RGBA", (piece.width + 2 * pad, piece.height + 2 * pad))
    large.paste(piece, (pad, pad))
    grown = large.getchannel("A").filter(ImageFilter.MaxFilter(2 * (wide // 2) + 1 + 2 * (wide // 4)))
    rim = Image.new("RGBA", large.size, (*colour, 255))
    rim.putalpha(grown)
    return Image.alpha_composite(rim, large)


def _shadow(piece: Image.Image, by: int) -> Image.Image:
    pad = 3 * by
    large = Image.new("RGBA", (piece.width + 2 * pad, piece.height + 2 * pad))
    large.paste(piece, (pad, pad))
    dark = Image.new("RGBA", large.size, (0, 0, 0, 255))
    soft = ImageChops.offset(large.getchannel("A"), by, by).filter(ImageFilter.GaussianBlur(by))
    dark.putalpha(soft.point(lambda level: level // 2))
    return Image.alpha_composite(dark, large)


def _plate(piece: Image.Image, colour: tuple[int, ...], roundness: float) -> Image.Image:
    high, wide = piece.height + piece.height // 2, piece.width + piece.height // 2
    sheet = Image.new("RGBA", (wide, high))
    ImageDraw.Draw(sheet).rounded_rectangle((0, 0, wide - 1, high - 1), int(roundness * high), fill=colour)
    return sheet


def _fade(size: tuple[int, int], one: Colour, other: Colour) -> Image.Image:
    across = Image.linear_gradient("L").rotate(90).resize(size)
    return Image.composite(Image.new("RGBA", size, one), Image.new("RGBA", size, other), across)


def _on_plate(piece: Image.Image, plate: Image.Image) -> Image.Image:
    plate.alpha_composite(piece, ((plate.width - piece.width) // 2, (plate.height - piece.height) // 2))
    return plate


def _beside(pieces: Sequence[Image.Image], gap: int) -> Image.Image:
    high = max(one.height for one in pieces)
    sheet = Image.new("RGBA", (sum(one.width for one in pieces) + gap * (len(pieces) - 1), high))
    x = 0
    for one in pieces:
        sheet.alpha_composite(one, (x, (high - one.height) // 2))
        x += one.width + gap
    return sheet


def _under(pieces: Sequence[Image.Image], gap: int, *, left: bool = False) -> Image.Image:
    wide = max(one.width for one in pieces)
    sheet = Image.new("RGBA", (wide, sum(one.height for one in pieces) + gap * (len(pieces) - 1)))
    y = 0
    for one in pieces:
        sheet.alpha_composite(one, (0 if left else (wide - one.width) // 2, y))
        y += one.height + gap
    return sheet


def _small(piece: Image.Image) -> Image.Image:
    size = (max(1, piece.width // FINE), max(1, piece.height // FINE))
    return piece.resize(size, Image.Resampling.LANCZOS)
