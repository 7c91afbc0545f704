"""Products with print on them and nothing laid over: covers, cartons, jars, mugs, bags, shirts; second generator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import second_pieces as pieces
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from second_base import grain, held, image
from second_fonts import POINTS, SHOPS, phrase
from shop_pictures import photos

if TYPE_CHECKING:
    from exam import Asked

    Colour = tuple[int, int, int]

KINDS = ("book", "carton", "jar", "mug", "bag", "shirt")
SIDE = 800
SEED = 606
TOPS = frozenset({"t-shirt", "longsleeve", "hoodie", "polo", "top", "shirt"})
CALM: tuple[Colour, ...] = (
    *((46, 64, 83), (232, 222, 205), (146, 43, 33), (245, 245, 243), (20, 90, 80), (212, 172, 13), (90, 60, 120)),
    *((30, 30, 32), (200, 120, 90), (170, 190, 210)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A product with print on it."""

    picture: Image.Image
    kind: str
    group: str


def printed(asked: Asked, seed: int, kind: str) -> Printed:
    """A product of a kind of KINDS, all drawn from the seed; shirts are printed on held photographs. Raises NoData."""
    rng = np.random.default_rng([seed, SEED, KINDS.index(kind)])
    if kind == "shirt":
        return _shirt(asked, rng)
    made = {"book": _cover, "carton": _carton, "jar": _jar, "mug": _mug, "bag": _bag}[kind](rng)
    picture = _standing(asked, rng, made)
    return Printed(picture, kind, f"{kind} {seed}")


def design(rng: np.random.Generator, size: tuple[int, int], colour: Colour) -> Image.Image:
    """What is printed: a name, lines, and what overlays bear as well: seals, a mark, a price, points, a band."""
    wide, high = size
    sheet = Image.new("RGBA", size, (*colour, 255))
    pen = ImageDraw.Draw(sheet)
    if rng.random() < 0.5:  # noqa: PLR2004 - one in two has a band or a picture of plain shapes
        top = high * float(rng.uniform(0.3, 0.7))
        pen.rectangle((0, top, wide, top + high * float(rng.uniform(0.1, 0.3))), fill=_calm(rng))
    if rng.random() < 0.4:  # noqa: PLR2004 - some
        for _ in range(int(rng.integers(2, 6))):
            x, y, r = rng.uniform(0, wide), rng.uniform(high * 0.4, high), rng.uniform(0.05, 0.2) * wide
            pen.ellipse((x - r, y - r, x + r, y + r), fill=_calm(rng))
    y = high * float(rng.uniform(0.05, 0.15))
    for number in range(int(rng.integers(2, 5))):
        words = str(rng.choice(SHOPS)) if number == 0 else phrase(rng)
        words = str(rng.choice(POINTS)) if number > 1 and rng.random() < 0.6 else words  # noqa: PLR2004 - mostly
        line = pieces.named(rng, words, int(wide * rng.uniform(0.35, 0.85)), colour)
        if y + line.height > high * 0.95:
            break
        sheet.alpha_composite(line, (max(0, (wide - line.width) // 2), int(y)))
        y += line.height * float(rng.uniform(1.2, 2.0))
    for make in (pieces.badge, pieces.flash, pieces.logo):
        if rng.random() < 0.35:  # noqa: PLR2004 - some
            piece = make(rng, max(20, int(wide * float(rng.uniform(0.18, 0.34)))))
            room = (max(1, wide - piece.width), max(1, high - piece.height))
            if piece.width < wide and piece.height < high:
                sheet.alpha_composite(piece, (int(rng.integers(room[0])), int(rng.integers(room[1]))))
    return sheet


def _cover(rng: np.random.Generator) -> Image.Image:
    wide, high = int(rng.integers(360, 520)), int(rng.integers(500, 680))
    face = _lit(rng, design(rng, (wide, high), _calm(rng)))
    return _leaning(rng, face)


def _carton(rng: np.random.Generator) -> Image.Image:
    """Front and side of a box, each seen aslant."""
    wide, high, deep = int(rng.integers(300, 460)), int(rng.integers(340, 600)), int(rng.integers(90, 200))
    colour = _calm(rng)
    slant = float(rng.uniform(0.03, 0.1)) * high
    front = _lit(rng, design(rng, (wide, high), colour))
    side = design(rng, (deep, high), colour).point(lambda level: level * 0.72)
    side.putalpha(255)
    whole = Image.new("RGBA", (wide + deep, high + int(slant)))
    for face, x, begin, end in ((front, 0, slant, 0.0), (side, wide, 0.0, slant)):
        size = (face.width, high + int(slant))
        corners = [(0, 0), (0, high), (face.width, high), (face.width, 0)]
        onto = [
            (0, slant - begin),
            (0, high + slant - begin),
            (face.width, high + slant - end),
            (face.width, slant - end),
        ]
        whole.alpha_composite(_warped(face, size, onto, corners), (x, 0))
    return whole


def _jar(rng: np.random.Generator) -> Image.Image:
    """A glass or a bottle with a lid, a label wrapped around it."""
    wide, high = int(rng.integers(260, 420)), int(rng.integers(420, 660))
    body = Image.new("RGBA", (wide, high))
    pen = ImageDraw.Draw(body)
    glass = _calm(rng)
    pen.rounded_rectangle((0, high * 0.14, wide - 1, high - 1), wide // 6, fill=glass)
    pen.rounded_rectangle((wide * 0.1, 0, wide * 0.9, high * 0.17), wide // 18, fill=_calm(rng))
    label = design(rng, (wide - 4, int(high * rng.uniform(0.35, 0.55))), _calm(rng))
    body.alpha_composite(_round(label, float(rng.uniform(0.0, 0.06))), (2, int(high * 0.3)))
    return _cylinder(body)


def _mug(rng: np.random.Generator) -> Image.Image:
    wide, high = int(rng.integers(320, 440)), int(rng.integers(320, 460))
    colour = _calm(rng)
    whole = Image.new("RGBA", (int(wide * 1.35), high))
    pen = ImageDraw.Draw(whole)
    pen.ellipse((wide * 0.8, high * 0.2, wide * 1.33, high * 0.8), outline=(*colour, 255), width=wide // 11)
    body = Image.new("RGBA", (wide, high))
    ImageDraw.Draw(body).rounded_rectangle((0, 0, wide - 1, high - 1), wide // 10, fill=(*colour, 255))
    mark = pieces.logo(rng, int(wide * 0.6)) if rng.random() < 0.5 else pieces.text(rng, int(wide * 0.7))  # noqa: PLR2004
    bare = Image.new("RGBA", (wide, max(mark.height + 8, high // 2)), (*colour, 255))
    bare.alpha_composite(mark, ((wide - mark.width) // 2, 4))
    wrapped = _round(bare, 0.03).crop((0, 0, wide, min(bare.height, int(high * 0.8))))
    body.alpha_composite(wrapped, (0, int(high * 0.1)))
    clipped = Image.new("RGBA", (wide, high))
    clipped.paste(body, (0, 0), _mask(wide, high, wide // 10))
    whole.alpha_composite(_cylinder(clipped))
    return whole


def _bag(rng: np.random.Generator) -> Image.Image:
    """A cloth bag: print under the folds, as dyed cloth has it."""
    wide, high = int(rng.integers(360, 500)), int(rng.integers(420, 560))
    colour = _calm(rng)
    cloth = design(rng, (wide, high), colour)
    folds = grain((wide // 24 + 2, high // 24 + 2), 90, rng).resize((wide, high), Image.Resampling.BICUBIC)
    shade = folds.filter(ImageFilter.GaussianBlur(6)).point(lambda level: 150 + level * 0.42)
    cloth = Image.merge("RGBA", [ImageChops.multiply(one, shade) for one in cloth.split()[:3]] + [cloth.split()[3]])
    whole = Image.new("RGBA", (wide, int(high * 1.4)))
    pen = ImageDraw.Draw(whole)
    pen.arc((wide * 0.25, 0, wide * 0.75, high * 0.8), 180, 360, fill=(*colour, 255), width=wide // 18)
    whole.alpha_composite(cloth, (0, int(high * 0.4)))
    return _leaning(rng, whole)


def _shirt(asked: Asked, rng: np.random.Generator) -> Printed:
    """A held photograph of a worn or lying top, with print multiplied onto the cloth and bent by its folds."""
    worn = [one for one in held(asked, "magento2") if one.role == "main"]
    tops = {one.path for one in photos(asked, "clothing_dataset") if one.category.lower() in TOPS}
    lying = [one for one in held(asked, "clothing_dataset") if one.path in tops]
    base = (worn, lying)[int(rng.random() < 0.5)]  # noqa: PLR2004 - one in two
    chosen = base[int(rng.integers(len(base)))]
    picture = image(chosen.path)
    wide, high = picture.size
    box = (int(wide * 0.37), int(high * 0.3), int(wide * 0.63), int(high * 0.46))
    under = picture.crop(box)
    grey = under.convert("L")
    light = float(np.asarray(grey).mean()) > 110  # noqa: PLR2004 - the middle
    piece = [pieces.logo, pieces.text][int(rng.integers(2))](rng, int((box[2] - box[0]) * 0.9))
    piece.thumbnail((under.width, under.height))
    cover = Image.new("L", under.size)
    cover.paste(piece.getchannel("A"), ((under.width - piece.width) // 2, (under.height - piece.height) // 2))
    cover = cover.rotate(float(rng.normal(0, 4)), Image.Resampling.BICUBIC)
    folds = np.asarray(grey.filter(ImageFilter.GaussianBlur(3)), np.float32)
    down, across = np.gradient(folds)
    rows, columns = np.indices(folds.shape)
    inked = np.asarray(cover, np.float32)
    at = (
        np.clip(np.rint(rows + 0.8 * down), 0, folds.shape[0] - 1).astype(int),
        np.clip(np.rint(columns + 0.8 * across), 0, folds.shape[1] - 1).astype(int),
    )
    share = inked[at][..., None] / 255 * 0.94
    ink = np.asarray((40, 36, 60) if light else (236, 228, 214), np.float32)
    shade = np.clip(np.asarray(grey, np.float32) / max(12.0, float(folds.mean())), 0.35, 1.4)[..., None]
    cloth = np.asarray(under, np.float32)
    mixed = cloth + (ink * shade - cloth) * share
    picture.paste(Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8)), box[:2])
    return Printed(picture, "shirt", chosen.group)


def _standing(asked: Asked, rng: np.random.Generator, product: Image.Image) -> Image.Image:
    """The product on white, on a plain colour, or before a held photograph out of focus, with a shadow."""
    kind = float(rng.random())
    if kind < 0.55:  # noqa: PLR2004 - most are packshots
        ground = Image.new("RGB", (SIDE, SIDE), (255, 255, 255))
    elif kind < 0.75:  # noqa: PLR2004 - some stand before a plain colour
        level = int(rng.integers(170, 246))
        ground = Image.new(
            "RGB", (SIDE, SIDE), (level, level - int(rng.integers(0, 14)), level - int(rng.integers(0, 30)))
        )
    else:
        scenes = [one for one in held(asked, "grocery_store", "clothing_dataset") if one.role == "natural"]
        scene = image(scenes[int(rng.integers(len(scenes)))].path)
        ground = scene.resize((SIDE, SIDE), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(9))
    times = float(rng.uniform(0.55, 0.92)) * SIDE / max(product.size)
    product = product.resize([max(1, int(side * times)) for side in product.size], Image.Resampling.LANCZOS)
    place = ((SIDE - product.width) // 2, (SIDE - product.height) // 2)
    shadow = Image.new("L", ground.size)
    shadow.paste(product.getchannel("A"), (place[0] + 6, place[1] + 10))
    dark = ImageChops.multiply(ground, Image.new("RGB", ground.size, (140, 140, 145)))
    ground = Image.composite(dark, ground, shadow.filter(ImageFilter.GaussianBlur(14)))
    ground.paste(product, place, product)
    if rng.random() < 0.4:  # noqa: PLR2004 - a lens or a resize softened it
        ground = ground.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.2))))
    noise = grain(ground.size, float(rng.uniform(1, 6)), rng)
    return ImageChops.add(ground, Image.merge("RGB", [noise] * 3), 1, -128)


def _leaning(rng: np.random.Generator, face: Image.Image) -> Image.Image:
    if rng.random() < 0.35:  # noqa: PLR2004 - some are seen from the front
        return face
    wide, high = face.size
    by = [float(rng.uniform(0, 0.12)) for _ in range(8)]
    onto = [(by[0] * wide, by[1] * high), (by[2] * wide, (1 - by[3]) * high)]
    onto += [((1 - by[4]) * wide, (1 - by[5]) * high), ((1 - by[6]) * wide, by[7] * high)]
    corners = [(0, 0), (0, high), (wide, high), (wide, 0)]
    return _warped(face, face.size, onto, corners).rotate(
        float(rng.normal(0, 9)), Image.Resampling.BICUBIC, expand=True
    )


def _warped(
    face: Image.Image, size: tuple[int, int], onto: list[tuple[float, float]], corners: list[tuple[int, int]]
) -> Image.Image:
    """The face with its corners moved: Pillow wants the way back, eight numbers from four pairs."""
    rows = []
    for (x, y), (u, v) in zip(onto, corners, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    found = np.linalg.solve(np.array(rows, float), np.array(corners, float).reshape(8))
    return face.transform(size, Image.Transform.PERSPECTIVE, list(found), Image.Resampling.BICUBIC)


def _lit(rng: np.random.Generator, face: Image.Image) -> Image.Image:
    low = int(rng.integers(150, 235))
    shade = (
        Image.linear_gradient("L").rotate(90).resize(face.size).point(lambda level: low + level * (255 - low) // 255)
    )
    return Image.merge("RGBA", [ImageChops.multiply(one, shade) for one in face.split()[:3]] + [face.split()[3]])


def _round(face: Image.Image, sag: float) -> Image.Image:
    """As wrapped around a cylinder: narrower at the sides, sagging in the middle."""
    values = np.asarray(face)
    high, wide = values.shape[:2]
    x = np.linspace(-1, 1, wide) * 0.95
    from_x = np.rint((np.arcsin(x) / np.arcsin(0.95) + 1) / 2 * (wide - 1)).astype(int)
    down = np.rint(sag * high * np.sqrt(1 - x**2)).astype(int)
    from_y = np.clip(np.arange(high)[:, None] - down[None, :], 0, high - 1)
    return Image.fromarray(np.ascontiguousarray(values[from_y, from_x[None, :]]))


def _cylinder(body: Image.Image) -> Image.Image:
    """Light from one side, with a gleam."""
    across = np.linspace(-1, 1, body.width)
    shade = 0.62 + 0.38 * np.sqrt(np.clip(1 - (across + 0.25) ** 2 / 1.6, 0, 1))
    gleam = 60 * np.exp(-(((across + 0.5) / 0.06) ** 2))
    values = np.asarray(body, np.float32).copy()
    values[..., :3] = np.clip(values[..., :3] * shade[None, :, None] + gleam[None, :, None], 0, 255)
    return Image.fromarray(values.astype(np.uint8))


def _mask(wide: int, high: int, round_px: int) -> Image.Image:
    mask = Image.new("L", (wide, high))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, wide - 1, high - 1), round_px, fill=255)
    return mask


def _calm(rng: np.random.Generator) -> Colour:
    return CALM[int(rng.integers(len(CALM)))]
