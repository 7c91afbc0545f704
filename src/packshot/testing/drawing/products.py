"""Draws a product of some kind: the same kind, seed and colour give the same pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from packshot.core.errors import UnknownName
from packshot.testing.drawing import household, vessels, wearables
from packshot.testing.drawing.render import Camera, extent, render
from packshot.testing.drawing.style import PALETTE, Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from packshot.testing.drawing.materials import Colour
    from packshot.testing.drawing.solids import Part


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of product and how it is usually photographed."""

    build: Callable[[Style], list[Part]]
    pitch: float = 10.0
    """How far the viewer looks down on it, in degrees."""
    angle: float = 35.0
    """How far it is turned for the picture at an angle."""
    above: float = 12.0
    """How much further the viewer looks down on it there."""
    aslant: float = 0.0
    """How far it is tipped over there."""
    close_up: tuple[float, float] = (0.5, 0.45)
    """What the detail picture looks at: x and y as shares of the product's box."""
    stands: bool = True
    """Whether it stands on a surface, and so has a shadow at its foot."""
    has_back: bool = True
    """Whether it looks different from behind."""


KINDS: dict[str, Kind] = {
    "backpack": Kind(wearables.backpack, 6),
    "ball": Kind(vessels.ball, 8, angle=70, above=25, has_back=False),
    "book": Kind(household.book, 5, angle=30),
    "bottle": Kind(vessels.bottle, 5, angle=48, above=20, close_up=(0.5, 0.6)),
    "box": Kind(household.box, 7),
    "candle": Kind(vessels.candle, 16, angle=30, above=22, close_up=(0.5, 0.55)),
    "chair": Kind(household.chair, 10, angle=40, close_up=(0.5, 0.35)),
    "headphones": Kind(wearables.headphones, 6, angle=46, close_up=(0.2, 0.7), stands=False),
    "lamp": Kind(vessels.lamp, 4, angle=45, above=34, close_up=(0.5, 0.4), has_back=False),
    "loudspeaker": Kind(household.loudspeaker, 5),
    "mug": Kind(vessels.mug, 14, angle=-40, close_up=(0.45, 0.5)),
    "pan": Kind(vessels.pan, 34, angle=28, close_up=(0.35, 0.5)),
    "plant_pot": Kind(vessels.plant_pot, 10, angle=50, above=28, close_up=(0.5, 0.75), has_back=False),
    "shoe": Kind(wearables.shoe, 9, angle=32, close_up=(0.55, 0.45)),
    "spoon": Kind(household.spoon, 4, angle=40, aslant=-38, close_up=(0.5, 0.2), stands=False, has_back=False),
    "sunglasses": Kind(wearables.sunglasses, 8, angle=32, close_up=(0.25, 0.5), stands=False),
    "t_shirt": Kind(wearables.t_shirt, 2, angle=34, close_up=(0.5, 0.3), stands=False),
    "teapot": Kind(vessels.teapot, 12, angle=38, above=18),
    "vase": Kind(vessels.vase, 7, angle=45, above=36, close_up=(0.5, 0.55), has_back=False),
    "watch": Kind(wearables.watch, 4, angle=34, aslant=12, stands=False),
    "wine_glass": Kind(vessels.wine_glass, 6, angle=45, above=30, close_up=(0.5, 0.3), has_back=False),
}
"""Every kind of product that can be drawn, by name."""

VIEWS = ("front", "angle", "back", "detail")
DETAIL_SHARE = 0.42
"""Side of the square that a detail picture shows, as a share of the product's longer side."""


def draw_product(  # noqa: PLR0913 - each says one thing of the picture
    kind: str,
    seed: int = 0,
    size_px: int = 800,
    *,
    colour: str | Colour | None = None,
    view: str = "front",
    turn: tuple[float, float, float] = (0, 0, 0),
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A product on nothing: RGB (height × width × 3) and alpha (height × width), tight around it.

    Args:
        kind: One of KINDS.
        seed: Gives its proportions, print and second colour, and its colour when none is asked for.
        size_px: Longer side of the result, in pixels.
        colour: A name from PALETTE or sRGB bytes. The shape does not depend on it.
        view: One of VIEWS. A detail fills a square of `size_px` and runs off its edges.
        turn: Further turn of the viewer (around, down, aslant), in degrees.

    Raises UnknownName for a kind, view or colour that there is not.
    """
    if view not in VIEWS:
        raise UnknownName("view", view, VIEWS)
    camera = _camera(_kind(kind), view, turn)
    parts = _parts(kind, seed, colour)
    if view == "detail":
        camera = _closer(camera, _kind(kind), extent(parts, camera))
    return render(parts, camera, size_px)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise UnknownName("kind of product", kind, KINDS)
    return KINDS[kind]


def _camera(kind: Kind, view: str, turn: tuple[float, float, float]) -> Camera:
    yaw, pitch, roll = {
        "front": (0.0, kind.pitch, 0.0),
        "angle": (kind.angle, kind.pitch + kind.above, kind.aslant),
        "back": (180.0 - 12, kind.pitch + 2, 0.0),
        "detail": (kind.angle / 3, kind.pitch + 4, 0.0),
    }[view]
    return Camera(yaw + turn[0], pitch + turn[1], roll + turn[2])


def _closer(camera: Camera, kind: Kind, size: tuple[float, float]) -> Camera:
    """A square window on what the kind's detail picture looks at."""
    width, height = size
    side = DETAIL_SHARE * max(height, width)
    w, h = min(1.0, side / width), min(1.0, side / height)
    x = float(np.clip(kind.close_up[0] - w / 2, 0, 1 - w))
    y = float(np.clip(kind.close_up[1] - h / 2, 0, 1 - h))
    return replace(camera, window=(x, y, w, h))


def _parts(kind: str, seed: int, colour: str | Colour | None) -> list[Part]:
    rng = np.random.default_rng([seed, sorted(KINDS).index(kind)])
    names = [name for name in PALETTE if name != "white"]
    own, second = (PALETTE[str(name)] for name in rng.choice(names, 2, replace=False))
    if isinstance(colour, str):
        if colour not in PALETTE:
            raise UnknownName("colour", colour, PALETTE)
        own = PALETTE[colour]
    elif colour is not None:
        own = colour
    return _kind(kind).build(Style(rng, own, second))
