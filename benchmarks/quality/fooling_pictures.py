"""Pictures drawn to fool what learned to see overlays, marks, collages, turns, enlarging, rims and quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import second_pieces as pieces
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps
from second_base import grain
from second_degradations import noisy
from second_fringes import made as cut_out
from second_printed import design

if TYPE_CHECKING:
    from collections.abc import Callable

    Colour = tuple[int, int, int]
    Draw = Callable[[np.random.Generator], Image.Image]

SIDE = 720
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Fool:
    """One picture, and what ought to be said of it."""

    name: str
    draw: Draw
    ought: dict[str, str]
    """Column → `low` (below a half), `high` (a half or more), `none`, or the number of degrees."""
    why: str


def _ground(colour: Colour = WHITE) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), colour)


def _put(onto: Image.Image, piece: Image.Image, x: float, y: float) -> Image.Image:
    """The piece with its middle at shares of the picture, with a soft shadow."""
    at = (round(x * SIDE - piece.width / 2), round(y * SIDE - piece.height / 2))
    shade = Image.new("L", onto.size)
    shade.paste(piece.getchannel("A"), (at[0] + 4, at[1] + 8))
    dark = onto.point(lambda level: level * 0.7)
    found = Image.composite(dark, onto, shade.filter(ImageFilter.GaussianBlur(9)))
    found.paste(piece, at, piece)
    return found


def _shape(kind: str, ground: Colour = WHITE) -> Image.Image:
    """A drawn, shaded shape of the second generator."""
    from io import BytesIO

    with Image.open(BytesIO(cut_out(kind, ground, "clean", 0))) as opened:
        return opened.convert("RGB")


def _sheet_of_stickers(rng: np.random.Generator) -> Image.Image:
    sheet = Image.new("RGBA", (500, 620), (250, 249, 246, 255))
    for place in range(12):
        piece = pieces.sticker(rng, 120)
        sheet.alpha_composite(piece, (20 + place % 3 * 160, 15 + place // 3 * 150))
    return _put(_ground((236, 234, 230)), sheet, 0.5, 0.5)


def _poster_of_a_collage(rng: np.random.Generator) -> Image.Image:
    poster = Image.new("RGBA", (380, 500), (30, 30, 32, 255))
    for place in range(4):
        shape = _shape(("vase", "ring", "leaf", "ball")[place], ((206, 120, 96), (112, 150, 108))[place % 2])
        poster.paste(shape.resize((170, 225)), (14 + place % 2 * 182, 14 + place // 2 * 240))
    wall = _ground((214, 208, 198))
    ImageDraw.Draw(wall).rectangle((0, 620, SIDE, SIDE), fill=(150, 118, 88))
    return noisy(_put(wall, poster, 0.5, 0.43), 2, rng)


def _cloth_with_a_faint_pattern(rng: np.random.Generator) -> Image.Image:
    mark = pieces.logo(rng, 110).getchannel("A").rotate(30, expand=True)
    cover = Image.new("L", (SIDE, SIDE))
    for y in range(-40, SIDE, 110):
        for x in range(-60 + y % 220 // 2, SIDE, 150):
            cover.paste(mark, (x, y), mark)
    cloth = grain((40, 40), 60, rng).resize((SIDE, SIDE), Image.Resampling.BICUBIC).point(lambda v: 120 + v // 3)
    cloth = ImageOps.colorize(cloth, (40, 60, 90), (120, 150, 190))
    light = cloth.point(lambda level: min(255, level + 26))
    return noisy(Image.composite(light, cloth, cover), 3, rng)


def _chessboard(rng: np.random.Generator) -> Image.Image:
    board = Image.new("RGBA", (560, 560), (90, 60, 40, 255))
    pen = ImageDraw.Draw(board)
    for place in range(64):
        x, y = 24 + place % 8 * 64, 24 + place // 8 * 64
        pen.rectangle((x, y, x + 63, y + 63), fill=(236, 216, 180) if (place % 8 + place // 8) % 2 else (110, 70, 44))
    return noisy(_put(_ground(), board, 0.5, 0.5), 2, rng)


def _mirror(rng: np.random.Generator) -> Image.Image:
    one = _shape("kettle", (200, 204, 208)).crop((80, 0, 680, SIDE)).resize((360, 432))
    scene = _ground((200, 204, 208))
    scene.paste(one, (0, 150))
    scene.paste(ImageOps.mirror(one).point(lambda level: level * 0.9), (360, 150))
    return noisy(scene, 2, rng)


def _hourglass(rng: np.random.Generator) -> Image.Image:
    sheet = Image.new("RGBA", (300, 560))
    pen = ImageDraw.Draw(sheet)
    pen.polygon([(20, 20), (280, 20), (160, 280), (280, 540), (20, 540), (140, 280)], fill=(196, 150, 90, 255))
    for y in (0, 530):
        pen.rectangle((0, y, 299, y + 29), fill=(80, 50, 30, 255))
    return noisy(_put(_ground(), sheet, 0.5, 0.5), 2, rng)


def _playing_card(rng: np.random.Generator) -> Image.Image:
    half = Image.new("RGBA", (380, 280), (252, 252, 250, 255))
    heart = pieces.sticker(np.random.default_rng(11), 170)
    half.alpha_composite(heart, (105, 60))
    half.alpha_composite(pieces.named(rng, "8", 40, WHITE), (14, 14))
    card = Image.new("RGBA", (380, 560))
    card.paste(half, (0, 0))
    card.paste(half.rotate(180), (0, 280))
    return _put(_ground((60, 96, 74)), card, 0.5, 0.5)


def _book_with_a_price(rng: np.random.Generator) -> Image.Image:
    cover = design(rng, (420, 580), (146, 43, 33))
    cover.alpha_composite(pieces.flash(rng, 150), (250, 20))
    return _put(_ground(), cover, 0.5, 0.5)


def _flat_letters(rng: np.random.Generator) -> Image.Image:
    cloth = ImageOps.colorize(grain((SIDE, SIDE), 30, rng), (20, 22, 26), (70, 74, 84))
    words = pieces.named(rng, "Loop & Lane", 560, (20, 20, 20))
    cloth.paste(words, (80, 300), words)
    return cloth.filter(ImageFilter.GaussianBlur(0.7))


def _telephone(rng: np.random.Generator) -> Image.Image:
    body = Image.new("RGBA", (320, 620))
    pen = ImageDraw.Draw(body)
    pen.rounded_rectangle((0, 0, 319, 619), 40, fill=(16, 16, 18, 255))
    pen.rectangle((14, 50, 305, 570), fill=(245, 246, 250, 255))
    for place in range(8):
        piece = (pieces.badge, pieces.icon)[place % 2](rng, 90)
        body.alpha_composite(piece, (40 + place % 2 * 140, 70 + place // 2 * 122))
    return _put(_ground(), body, 0.5, 0.5)


def _box_with_a_ribbon(rng: np.random.Generator) -> Image.Image:
    box = Image.new("RGBA", (480, 480), (32, 92, 84, 255))
    pen = ImageDraw.Draw(box)
    pen.line((300, 0, 480, 180), fill=(206, 40, 60, 255), width=56)
    pen.rectangle((0, 210, 480, 262), fill=(206, 40, 60, 255))
    return noisy(_put(_ground(), box, 0.5, 0.5), 3, rng)


def _shelf(rng: np.random.Generator) -> Image.Image:
    shelf = Image.new("RGBA", (600, 600), (222, 206, 180, 255))
    for place in range(9):
        cell = _shape(("bottle", "vase", "ball", "ring", "kettle")[place % 5], (178, 186, 190)).resize((178, 178))
        shelf.paste(cell.point(lambda level: level * 0.85), (16 + place % 3 * 195, 16 + place // 3 * 195))
    return noisy(_put(_ground(), shelf, 0.5, 0.5), 2, rng)


def _cross_stitch(rng: np.random.Generator) -> Image.Image:
    small = _shape("leaf", (236, 232, 226)).resize((60, 60), Image.Resampling.BOX)
    large = small.resize((600, 600), Image.Resampling.NEAREST)
    thread = grain((600, 600), 40, rng).filter(ImageFilter.GaussianBlur(0.8))
    stitched = ImageChops.add(large, Image.merge("RGB", [thread] * 3), 1, -128)
    found = _ground((232, 226, 214))
    found.paste(stitched, (60, 60))
    return noisy(found, 3, rng)


def _plate_with_a_rim(rng: np.random.Generator) -> Image.Image:
    plate = Image.new("RGBA", (560, 560))
    pen = ImageDraw.Draw(plate)
    pen.ellipse((0, 0, 559, 559), fill=(252, 252, 250, 255))
    pen.ellipse((6, 6, 553, 553), fill=(40, 78, 130, 255))
    pen.ellipse((110, 110, 449, 449), outline=(200, 210, 225, 255), width=4)
    return noisy(_put(_ground((186, 150, 118)), plate.resize((540, 540), Image.Resampling.LANCZOS), 0.5, 0.5), 2, rng)


def _lamp(rng: np.random.Generator) -> Image.Image:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    away = np.hypot(rows - 300, columns - 360)
    glass = 120
    light = 40 + 190 * np.exp(-np.clip(away - glass, 0, None) / 60)
    values = np.stack([light, light * 0.85, light * 0.6], axis=2)
    values[away < glass] = (255, 246, 214)
    values[420:640, 345:375] = (30, 28, 26)
    return noisy(Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)), 2, rng)


def _empty_frame(rng: np.random.Generator) -> Image.Image:
    frame = _ground((130, 84, 46))
    pen = ImageDraw.Draw(frame)
    for step in range(60):
        pen.rectangle((step, step, SIDE - step, SIDE - step), outline=(100 + step, 62 + step // 2, 30 + step // 3))
    pen.rectangle((70, 70, SIDE - 70, SIDE - 70), fill=(246, 244, 238))
    return noisy(frame, 3, rng)


def _tiles(rng: np.random.Generator) -> Image.Image:
    wall = _ground((205, 204, 198))
    pen = ImageDraw.Draw(wall)
    for y in range(0, SIDE, 90):
        for x in range(0, SIDE, 90):
            level = int(rng.integers(218, 240))
            pen.rounded_rectangle((x + 3, y + 3, x + 86, y + 86), 4, fill=(level, level, level - 4))
            pen.arc((x + 20, y + 20, x + 70, y + 70), 0, 300, fill=(level - 16, level - 14, level - 8), width=3)
    return noisy(wall, 2, rng)


def _tape_measure(rng: np.random.Generator) -> Image.Image:
    tape = Image.new("RGBA", (640, 90), (248, 206, 40, 255))
    pen = ImageDraw.Draw(tape)
    for place in range(32):
        pen.line((place * 20, 0, place * 20, 40 if place % 5 == 0 else 20), fill=(20, 20, 20), width=3)
        if place % 5 == 0:
            tape.alpha_composite(pieces.named(rng, str(place), 26, (255, 255, 255)), (place * 20 + 4, 46))
    return _put(_ground(), tape.rotate(-12, expand=True, resample=Image.Resampling.BICUBIC), 0.5, 0.5)


def _sign(rng: np.random.Generator) -> Image.Image:
    board = Image.new("RGBA", (560, 300), (200, 30, 40, 255))
    words = pieces.named(rng, "SALE", 460, (0, 0, 0))
    board.alpha_composite(words, ((560 - words.width) // 2, max(0, (300 - words.height) // 2)))
    return noisy(_put(_ground((226, 224, 220)), board, 0.5, 0.5), 2, rng)


def _hidden_words(rng: np.random.Generator) -> Image.Image:
    picture = _shape("bottle", (236, 232, 226))
    words = pieces.text(rng, 190, "Latin", "outlet4less.test")
    cover = words.getchannel("A")
    picture.paste(Image.new("RGB", words.size, (225, 110, 100)), (265, 420), cover)
    return picture


def _faintest_mark(rng: np.random.Generator) -> Image.Image:
    picture = noisy(_shape("ring", (112, 150, 108)), 4, rng)
    cover = pieces.named(rng, "© Cobalt Row", 520, (0, 0, 0)).getchannel("A").rotate(30, expand=True)
    picture.paste(WHITE, (80, 120), cover.point(lambda level: level * 0.12))
    return picture


def _seamless_collage(_: np.random.Generator) -> Image.Image:
    sheet = _ground()
    sheet.paste(_shape("kettle").resize((460, 460)), (0, 130))
    sheet.paste(_shape("kettle").crop((420, 200, 700, 480)).resize((260, 260)), (450, 60))
    sheet.paste(_shape("kettle").crop((180, 60, 520, 400)).resize((260, 260)), (450, 380))
    return sheet


def _enlarged(times: float, *, disguised: bool) -> Draw:
    def draw(rng: np.random.Generator) -> Image.Image:
        picture = noisy(_cloth_with_a_faint_pattern(rng), 5, rng)
        small = picture.resize([round(SIDE / times)] * 2, Image.Resampling.LANCZOS)
        large = small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        return noisy(large.filter(ImageFilter.UnsharpMask(1.5, 160, 0)), 5, rng) if disguised else large

    return draw


def _faint_rim(_: np.random.Generator) -> Image.Image:
    from io import BytesIO

    with Image.open(BytesIO(cut_out("vase", (206, 216, 226), "white rim", 2))) as opened:
        return opened.convert("RGB")


def _on_its_head(rng: np.random.Generator) -> Image.Image:
    return noisy(_shape("bottle", (236, 232, 226)), 2, rng).rotate(180)


def _low_key(rng: np.random.Generator) -> Image.Image:
    picture = _shape("kettle", (26, 26, 28))
    edge = picture.convert("L").filter(ImageFilter.FIND_EDGES).filter(ImageFilter.GaussianBlur(1.5))
    return noisy(ImageChops.add(picture, Image.merge("RGB", [edge] * 3)), 1, rng)


def _white_on_white(rng: np.random.Generator) -> Image.Image:
    cup = Image.new("RGBA", (420, 420))
    pen = ImageDraw.Draw(cup)
    for x in range(420):
        level = 252 - round(abs(x - 180) / 240 * 34)
        pen.line((x, 20, x, 400), fill=(level, level, level, 255))
    return noisy(_put(_ground((253, 253, 253)), cup, 0.5, 0.5), 1, rng)


def _speckled_carpet(rng: np.random.Generator) -> Image.Image:
    values = rng.normal(128, 46, (SIDE // 2, SIDE // 2, 1)) + rng.normal(0, 12, (SIDE // 2, SIDE // 2, 3))
    pile = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    found = _ground()
    found.paste(pile.crop((0, 0, 600, 600)), (60, 60))
    return found


OVERLAY, MARK, COLLAGE = "overlay_probability", "watermark_probability", "collage_probability"
TURN, LARGER, RIM, QUALITY = "orientation_degrees", "upscaled_probability", "halo_share", "technical_quality"

FOOLS = (
    Fool(
        "sheet of stickers",
        _sheet_of_stickers,
        {OVERLAY: "low", COLLAGE: "low"},
        "the product is what is laid over others",
    ),
    Fool(
        "poster of a collage",
        _poster_of_a_collage,
        {COLLAGE: "low", OVERLAY: "low"},
        "four pictures, on one poster on a wall",
    ),
    Fool(
        "cloth with a faint pattern",
        _cloth_with_a_faint_pattern,
        {MARK: "low"},
        "a weave that repeats like tiled marks",
    ),
    Fool("chessboard", _chessboard, {COLLAGE: "low", MARK: "low"}, "a grid that is the product"),
    Fool("before a mirror", _mirror, {COLLAGE: "low"}, "the same thing twice, in one picture"),
    Fool("hourglass", _hourglass, {TURN: "none"}, "stands as well on its head"),
    Fool("playing card", _playing_card, {TURN: "none", OVERLAY: "low"}, "the same on its head"),
    Fool(
        "book with a price on its cover",
        _book_with_a_price,
        {OVERLAY: "low"},
        "the burst is printed, and seen from the front",
    ),
    Fool("letters on flat cloth", _flat_letters, {OVERLAY: "low"}, "print that fills a detail picture"),
    Fool("telephone that shows signs", _telephone, {OVERLAY: "low", COLLAGE: "low"}, "signs and badges on its screen"),
    Fool("box with a ribbon", _box_with_a_ribbon, {OVERLAY: "low"}, "a real ribbon across a corner"),
    Fool("shelf with nine fields", _shelf, {COLLAGE: "low"}, "a grid of things, one piece of furniture"),
    Fool("cross-stitch", _cross_stitch, {LARGER: "low"}, "made of squares, and sharp"),
    Fool("plate with a white rim", _plate_with_a_rim, {RIM: "low"}, "the rim is glazed"),
    Fool("lamp", _lamp, {RIM: "low", QUALITY: "high"}, "it glows"),
    Fool("empty frame", _empty_frame, {OVERLAY: "low"}, "the product is a frame around the picture"),
    Fool("tiles", _tiles, {MARK: "low", COLLAGE: "low"}, "a pale pattern that repeats"),
    Fool("tape measure", _tape_measure, {OVERLAY: "low"}, "numbers and strokes, as in a drawing with sizes"),
    Fool("sign that says sale", _sign, {OVERLAY: "low"}, "sold to shops"),
    Fool("hidden words", _hidden_words, {OVERLAY: "high"}, "an address in the product's own colour"),
    Fool("faintest mark", _faintest_mark, {MARK: "high"}, "an eighth of its ink, over grain"),
    Fool("collage without seams", _seamless_collage, {COLLAGE: "high"}, "three pictures on one white"),
    Fool(
        "enlarged, sharpened, grained", _enlarged(2, disguised=True), {LARGER: "high"}, "twice its size, and disguised"
    ),
    Fool("enlarged by a quarter", _enlarged(1.25, disguised=False), {LARGER: "high"}, "hardly larger than it was"),
    Fool("faint rim", _faint_rim, {RIM: "high"}, "white on pale blue, two pixels"),
    Fool("bottle on its head", _on_its_head, {TURN: "180"}, "nothing but its shape says so"),
    Fool("black on black", _low_key, {QUALITY: "high"}, "dark on purpose"),
    Fool("white on white", _white_on_white, {QUALITY: "high"}, "pale on purpose"),
    Fool("speckled carpet", _speckled_carpet, {QUALITY: "high"}, "looks like noise, and is wool"),
)
