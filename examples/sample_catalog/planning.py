"""Plans the sample catalogue: which listings, which pictures, what is wrong with which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, cycle
from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.drawing import KINDS, PALETTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

Turn = tuple[float, float, float]

TITLES = {
    "backpack": ("Backpack 22 l", "Bags > Backpacks"),
    "ball": ("Ball, size 5", "Sports > Balls"),
    "book": ("Notebook, hardback, 192 pages", "Stationery > Notebooks"),
    "bottle": ("Body lotion, 250 ml", "Beauty > Body care"),
    "box": ("Muesli “Crunchy”, 500 g", "Grocery > Cereals"),
    "candle": ("Scented candle, 40 h", "Home > Candles"),
    "chair": ("Dining chair, oak", "Furniture > Chairs"),
    "headphones": ("Headphones, over-ear", "Electronics > Headphones"),
    "lamp": ("Table lamp with shade", "Lighting > Table lamps"),
    "loudspeaker": ("Bookshelf loudspeaker", "Electronics > Loudspeakers"),
    "mug": ('Stoneware mug "Fjell", 350 ml', "Kitchen > Mugs"),
    "pan": ('Frying pan, 11"', "Kitchen > Pans"),
    "plant_pot": ("Bow hemp in a pot", "Garden > House plants"),
    "shoe": ("Trainers & street shoes", "Shoes > Trainers"),
    "spoon": ("Cooking spoon, beech, 30 cm", "Kitchen > Utensils"),
    "sunglasses": ("Sunglasses, UV 400", "Accessories > Sunglasses"),
    "t_shirt": ("T-shirt, organic cotton", "Clothing > T-shirts"),
    "teapot": ("Teapot “Ærø”, 1.2 l", "Kitchen > Teapots"),
    "vase": ("Vase, hand-glazed", "Home > Vases"),
    "watch": ("Wrist watch, 38 mm", "Accessories > Watches"),
    "wine_glass": ("Wine glass, crystal", "Kitchen > Glasses"),
}
DRINKS = ("red", "yellow", "olive", "purple", "orange", "pink")
VARIANT_COLOURS = (("red", "blue", "green"), ("orange", "teal"), ("navy", "pink", "yellow"))
VARIANT_KINDS = ("t_shirt", "shoe", "mug", "headphones", "chair", "backpack", "teapot")
LIGHT_KINDS = ("mug", "lamp", "vase", "shoe", "teapot", "candle")

MAIN_FAULTS = (
    "off_white", "cluttered", "soft", "too_small", "dark", "cut_off", "enlarged", "bordered", "compressed",
    "few_pixels",
    "placeholder", "lettered", "missing", "cluttered", "overexposed", "truncated", "soft", "cut_off", "not_an_image",
)  # fmt: skip
"""What is wrong with the feed's main picture, for one listing after the other."""
OTHER_FAULTS = (
    "too_small", "soft", "grayscale", "wrong_extension", "enlarged", "bordered", "overexposed", "compressed",
    "blank", "dark",
    "not_an_image", "few_pixels", "cut_off", "truncated", "lettered", "off_white", "other_colour", "empty",
    "blank", "overexposed",
    "placeholder",
)  # fmt: skip
"""The same for pictures further down."""
HOPELESS = (
    ("off_white", "too_small", "dark"), ("cluttered", "soft", "compressed"),
    ("enlarged", "bordered", "cut_off"), ("placeholder", "few_pixels", "overexposed"),
)  # fmt: skip
"""Listings that have no picture fit to be the main one."""
UNITS = (
    "clean", "better", "better", "variants", "hopeless", "clean", "better", "resold", "better", "repeat", "better",
    "better",
    "variants", "clean", "better", "repeat", "better", "hopeless", "better", "stray", "better", "better", "clean",
    "better",
    "resold", "better", "variants", "hopeless", "better", "repeat", "better", "better", "stray", "hopeless",
)  # fmt: skip
"""What one to three listings after another are there for; their order keeps short catalogues mixed as well."""

SIZES = ((900, 900), (1000, 1000), (800, 800), (1100, 1100), (840, 1050), (1050, 840), (960, 960), (780, 1040))


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold."""

    kind: str
    seed: int
    colour: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture as planned."""

    product: Product
    view: str = "front"
    """front, angle, back, detail, lifestyle, or none where no product is shown."""
    role: str = "secondary"
    faults: tuple[str, ...] = ()
    size: tuple[int, int] = (1000, 1000)
    fill: float = 0.9
    turn: Turn = (0, 0, 0)
    format: str = "jpeg"
    orientation: int = 1
    shadow: bool = True
    seed: int = 0
    listing: int = 0
    number: int = 0
    copy_of: tuple[int, int] | None = None
    """Listing and number of the picture that this one repeats."""
    copied: str = ""
    """`exact` for the same bytes, `same` for a smaller, re-encoded copy."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One product page as planned."""

    product: Product
    shots: tuple[Shot, ...]
    group: str = ""


class Planner:
    """Draws up the catalogue, listing by listing."""

    def __init__(self, seed: int) -> None:
        self.rng: Generator = np.random.default_rng([seed, 2026])
        self.listings: list[Listing] = []
        self.used: set[tuple[str, str]] = set()
        self.kinds = _shuffled_for_ever(self.rng, tuple(KINDS))
        self.main_faults = cycle(MAIN_FAULTS)
        self.other_faults: Iterator[str] = cycle(OTHER_FAULTS)
        self.hopeless, self.variant_colours = cycle(HOPELESS), cycle(VARIANT_COLOURS)
        self.variant_kinds = _shuffled_for_ever(self.rng, VARIANT_KINDS)
        self.formats = cycle(
            ("png", "webp", "jpeg", "avif", "jpeg", "png", "webp", "tiff", "jpeg", "webp", "gif", "jpeg")
        )
        self.orientations = cycle((1, 1, 6, 1, 1, 3, 1))
        self.extras = cycle(("detail", "lifestyle", "lifestyle", "detail"))
        self.repeats = cycle((("exact", 1), ("same", 0), ("exact", 0), ("same", 1)))

    def plan(self, count: int) -> list[Listing]:
        """`count` listings, numbered from 1 in the order of the feed."""
        units = cycle(UNITS)
        while len(self.listings) < count:
            getattr(self, f"add_{next(units)}")()
        return self.listings[:count]

    def product(self, kind: str = "", colour: str = "") -> Product:
        """Something to sell; every seventh is white or black."""
        number = len(self.listings)
        if not kind:
            kind = LIGHT_KINDS[number // 7 % len(LIGHT_KINDS)] if number % 7 == 3 else next(self.kinds)  # noqa: PLR2004
        if not colour:
            drinks = DRINKS if kind == "wine_glass" else tuple(name for name in PALETTE if name != "white")
            # Two listings never sell one kind in one colour, unless they sell the very same thing.
            free = [name for name in drinks if (kind, name) not in self.used] or list(drinks)
            colour = str(self.rng.choice(free))
            if number % 7 in {3, 5} and kind != "wine_glass":
                special = "white" if number % 7 == 3 and kind in LIGHT_KINDS else "black"  # noqa: PLR2004
                colour = colour if (kind, special) in self.used else special
        self.used.add((kind, colour))
        return Product(kind, int(self.rng.integers(100_000)), colour)

    def shot(self, product: Product, view: str, role: str = "secondary", faults: tuple[str, ...] = ()) -> Shot:
        """One picture; the further view of a spoilt front is another than that of a good one."""
        turn: Turn = (float(self.rng.uniform(-4, 4)), float(self.rng.uniform(-2, 3)), 0)
        if faults and view == "front":
            side = float(self.rng.choice([-1, 1]))
            turn = (
                side * float(self.rng.uniform(18, 26)),
                float(self.rng.uniform(12, 18)),
                -side * float(self.rng.uniform(5, 9)),
            )
        return Shot(
            product, view, role, faults,
            size=SIZES[int(self.rng.integers(len(SIZES)))],
            fill=float(self.rng.uniform(0.885, 0.925)),
            turn=turn,
            shadow=KINDS[product.kind].stands and turn[2] == 0 and bool(self.rng.integers(2)),
            seed=int(self.rng.integers(2**31)),
        )  # fmt: skip

    def beside(self, product: Product) -> Shot:
        """A detail or a scene from life, each in the role of its name."""
        view = next(self.extras)
        return self.shot(product, view, view)

    def other_side(self, product: Product, *, clean: bool = True, view: str = "") -> Shot:
        """The product at an angle, or from behind, clean or with the next fault."""
        if not view:
            view = "back" if KINDS[product.kind].has_back and self.rng.random() < 0.4 else "angle"  # noqa: PLR2004
        if not clean:
            fault = next(self.other_faults)
            colourless = fault == "grayscale" and product.colour in {"black", "white", "grey"}
            if colourless or (fault == "overexposed" and _vanishes(product)):
                self.other_faults = chain([fault], self.other_faults)  # for the next product
                fault = "off_white"
            shot = self.shot(product, "none" if fault in {"blank", "placeholder"} else view, faults=(fault,))
            return replace(shot, format="png", size=(720, 720)) if fault == "wrong_extension" else shot
        shot = self.shot(product, view)
        form = next(self.formats)
        small = {"png": (720, 720), "tiff": (700, 700), "gif": (760, 760)}.get(form, shot.size)
        return replace(shot, format=form, size=small, orientation=next(self.orientations) if form == "jpeg" else 1)

    def add(self, product: Product, shots: list[Shot], group: str = "") -> None:
        """Number the listing and its pictures."""
        listing = len(self.listings) + 1
        numbered = tuple(replace(shot, listing=listing, number=place) for place, shot in enumerate(shots, 1))
        self.listings.append(Listing(product, numbered, group))

    def add_clean(self) -> None:
        """A listing with nothing wrong."""
        product = self.product()
        self.add(product, [self.shot(product, "front", "main"), self.other_side(product), self.beside(product)])

    def add_better(self) -> None:
        """The feed's main picture is spoilt; the good one stands further down."""
        product, fault = self.product(), next(self.main_faults)
        if fault == "overexposed" and _vanishes(product):
            product = replace(product, kind="backpack", colour="blue")
        first = self.shot(product, "none" if fault == "placeholder" else "front", "main", (fault,))
        shots = [self.shot(product, "front"), self.other_side(product, clean=False, view="angle")]
        if self.rng.random() < 0.5:  # noqa: PLR2004 - heads or tails
            shots.reverse()
        if len(self.listings) % 4:
            shots.append(self.beside(product))
        if KINDS[product.kind].has_back:
            # Further down, good or spoilt by turns, and never so large as the front: it is no better a main picture.
            back = self.other_side(product, clean=len(self.listings) % 2 == 0, view="back")
            shots.append(replace(back, size=(720, 720)))
        self.add(product, [first, *shots])

    def add_hopeless(self) -> None:
        """No picture is fit to be the main one."""
        product = self.product()
        faults = next(self.hopeless)
        if "overexposed" in faults and _vanishes(product):
            product = replace(product, kind="backpack", colour="blue")
        views = ("none" if faults[0] == "placeholder" else "front", "angle", "angle")
        shots = [
            self.shot(product, view, role, (fault,))
            for view, role, fault in zip(views, ("main", "secondary", "secondary"), faults, strict=True)
        ]
        shots[2] = replace(shots[2], turn=(shots[2].turn[0] - 62, shots[2].turn[1] - 6, 4))
        self.add(product, [*shots, self.shot(product, "detail", "detail")])

    def add_variants(self) -> None:
        """One shape in two or three colours, photographed alike."""
        colours = next(self.variant_colours)
        kinds = [next(self.variant_kinds) for _ in VARIANT_KINDS]
        kind = next((kind for kind in kinds if not {(kind, colour) for colour in colours} & self.used), kinds[0])
        self.used |= {(kind, colour) for colour in colours}
        seed = int(self.rng.integers(100_000))
        group = f"G{len(self.listings) + 1:03d}"
        front = self.shot(Product(kind, seed, ""), "front", "main")
        angle = self.shot(Product(kind, seed, ""), "angle")
        for colour in colours:
            product = Product(kind, seed, colour)
            shots = [replace(front, product=product), replace(angle, product=product)]
            if self.rng.random() < 0.5:  # noqa: PLR2004 - heads or tails
                shots.append(self.shot(product, "detail", "detail"))
            self.add(product, shots, group)

    def add_resold(self) -> None:
        """Two listings sell the same thing; the second has taken the pictures of the first."""
        product = self.product()
        self.add(product, [self.shot(product, "front", "main"), self.other_side(product), self.beside(product)])
        stolen = [
            replace(_twin(self.listings[-1].shots[0], "duplicated", "same"), role="main"),
            _twin(self.listings[-1].shots[1], "duplicated", "exact"),
        ]
        self.add(product, [*stolen, self.shot(product, "detail", "detail")])

    def add_repeat(self) -> None:
        """A gallery that shows one picture twice."""
        product = self.product()
        shots = [self.shot(product, "front", "main"), self.other_side(product), self.beside(product)]
        copied, which = next(self.repeats)
        original = replace(shots[which], listing=len(self.listings) + 1, number=which + 1)
        self.add(product, [*shots, _twin(original, "repeated", copied)])

    def add_stray(self) -> None:
        """A gallery that holds a picture of another listing's product."""
        product = self.product()
        taken = {shot.copy_of[0] for listing in self.listings for shot in listing.shots if shot.copy_of}
        owner = next(
            listing
            for number, listing in reversed(list(enumerate(self.listings, 1)))
            if number not in taken and not listing.group and listing.product.kind != product.kind
            and listing.shots[1].view in {"angle", "back"} and not listing.shots[1].faults
        )  # fmt: skip
        stray = _twin(owner.shots[1], "duplicated", "same")
        self.add(product, [self.shot(product, "front", "main"), self.beside(product), stray, self.other_side(product)])


def _vanishes(product: Product) -> bool:
    """Whether nothing of it would be left in too much light."""
    return product.colour == "white" or product.kind == "wine_glass"


def _twin(original: Shot, fault: str, copied: str) -> Shot:
    """A copy of a picture that has its number already: the same bytes, or a JPEG made of it."""
    return replace(
        original,
        role="secondary",
        faults=(fault,),
        format=original.format if copied == "exact" else "jpeg",
        copy_of=(original.listing, original.number),
        copied=copied,
    )


def _shuffled_for_ever(rng: Generator, names: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from (str(name) for name in rng.permutation(names))


def plan(seed: int, count: int) -> list[Listing]:
    """The catalogue's `count` listings; the same seed gives the same plan."""
    return Planner(seed).plan(count)
