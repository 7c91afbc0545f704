"""Products with straight edges, and some without: chairs, books, cartons, loudspeakers, spoons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.drawing import labels
from packshot.testing.drawing.materials import Material, mixed
from packshot.testing.drawing.solids import Part, blob, carton, lathe, loft, panel, tube
from packshot.testing.drawing.style import METAL, WOOD

if TYPE_CHECKING:
    from packshot.testing.drawing.style import Style


def chair(style: Style) -> list[Part]:
    """A chair with wooden legs, a padded seat and a back of slats or one piece."""
    wide, deep, back = style.between(0.44, 0.52), style.between(0.42, 0.5), style.between(0.85, 1.05)
    wood = Material(mixed(WOOD, (96, 60, 36), style.between(0, 0.8)), 0.2, "wood", (1, 1), 0.3)
    seat = style.paint(0.05, "weave", 0.3, 6)
    parts: list[Part] = [blob((0, 0.02, 0), (wide, 0.085, deep), seat, power=6)]
    for x in (-1, 1):
        lean = 0.05
        parts.append(
            tube(
                [(x * wide * 0.84, 0.0, deep * 0.84), (x * (wide * 0.84 + lean), -1.0, deep * 0.88)],
                [0.06, 0.036],
                wood,
            )
        )
        post = [
            (x * (wide * 0.84 + lean), -1.0, -deep * 0.95),
            (x * wide * 0.84, 0.0, -deep * 0.84),
            (x * wide * 0.8, back, -deep * 1.1),
        ]
        parts.append(tube(post, [0.036, 0.06, 0.05], wood, times=2))
        parts.append(
            tube(
                [(x * wide * 0.86, -0.5, deep * 0.85), (x * wide * 0.86, -0.5, -deep * 0.9)], 0.026, wood, up=(0, 1, 0)
            )
        )
    if style.one_of(2):
        for number in range(3):
            y = back * (0.42 + 0.25 * number)
            z = -deep * (0.93 + 0.12 * y)
            parts.append(tube([(-wide * 0.82, y, z), (0, y, z - 0.06), (wide * 0.82, y, z)], 0.07, seat, flat=0.3))
    else:
        parts.append(blob((0, back * 0.72, -deep * 1.02), (wide * 0.86, back * 0.3, 0.055), seat, power=5))
    return parts


def book(style: Style) -> list[Part]:
    """A hardback that stands upright."""
    size = (style.between(0.62, 0.74), style.between(0.92, 1.0), style.between(0.08, 0.16))
    front = Material(
        style.colour,
        0.12,
        "weave",
        (8, 10),
        0.07,
        print_rgb=labels.cover(style.rng, (900, 1200), style.colour, style.accent),
    )
    spine = Material(style.darker(0.15), 0.1, "weave", (2, 10), 0.1)
    block = Material(labels.PAPER, 0.0, print_rgb=labels.pages((160, 1200), across=True))
    top = Material(labels.PAPER, 0.0, print_rgb=labels.pages((900, 160), across=False))
    x, y, z = size
    back = Material(
        style.colour,
        0.12,
        "weave",
        (8, 10),
        0.07,
        print_rgb=labels.label(style.rng, (900, 1200), style.colour, style.accent),
    )
    inner = carton((x - 0.025, y - 0.03, z - 0.012), front, block, top, front)[2:]
    covers = [
        part.moved((0, 0, side))
        for side, skin in ((z, front), (-z, back))
        for part in carton((x, y, 0.012), skin, spine, spine, skin)
    ]
    return [
        *inner,
        *covers,
        tube([(-x + 0.01, y, 0), (-x + 0.01, -y, 0)], z + 0.01, spine, flat=0.35, up=(1, 0, 0), times=1),
    ]


def box(style: Style) -> list[Part]:
    """A printed carton, as for cereals, toys or tea."""
    size = (style.between(0.6, 0.85), style.between(0.8, 1.0), style.between(0.2, 0.5))
    front = Material(
        style.colour,
        0.2,
        "speckle",
        (6, 8),
        0.03,
        print_rgb=labels.cover(style.rng, (1000, 1200), style.colour, style.accent),
    )
    side = Material(style.colour, 0.2, print_rgb=labels.label(style.rng, (500, 1200), style.lighter(0.3), style.accent))
    back = Material(
        style.colour, 0.2, print_rgb=labels.label(style.rng, (1000, 1200), style.lighter(0.5), style.colour)
    )
    return carton(size, front, side, Material(style.darker(0.1), 0.2, "speckle", (6, 3), 0.05), back)


def loudspeaker(style: Style) -> list[Part]:
    """A small loudspeaker: two drivers in a wooden or painted case."""
    size = (style.between(0.52, 0.64), style.between(0.9, 1.0), style.between(0.4, 0.55))
    case = (
        Material(mixed(WOOD, (70, 44, 30), 0.3), 0.2, "wood", (1, 1), 0.3)
        if style.one_of(2)
        else style.paint(0.3, "speckle", 0.08)
    )
    front = Material(style.colour, 0.08, "weave", (14, 20), 0.25)
    plate = labels.label(style.rng, (500, 800), mixed(style.darker(0.5), (60, 60, 66), 0.3), style.accent)
    parts = carton(size, front, case, case, Material(style.colour, 0.1, print_rgb=plate))
    for y, radius in ((-0.32, size[0] * 0.66), (0.52, size[0] * 0.38)):
        ring = [(radius, 0.0), (radius, 0.05), (radius * 0.9, 0.06), (radius * 0.84, 0.01)]
        cone = [(radius * 0.86, 0.03), (radius * 0.7, 0.025), (radius * 0.3, 0.006), (radius * 0.28, 0.05), (0, 0.075)]
        for profile, skin in (
            (ring, Material(METAL, 0.9, "brushed", (1, 4), 0.08)),
            (cone, Material(style.darker(0.7), 0.25, "knit", (2, 3), 0.3)),
        ):
            turned = lathe(profile, skin).points
            parts.append(Part(turned[..., [0, 2, 1]] * np.array([1, -1, 1], np.float32), skin).moved((0, y, size[2])))
    badge = labels.label(style.rng, (300, 120), style.darker(0.7), style.accent)
    parts.append(
        panel(
            (-0.11, size[1] - 0.86, size[2] + 0.01), (0.22, 0, 0), (0, -0.08, 0), Material(METAL, 0.2, print_rgb=badge)
        )
    )
    return parts


def spoon(style: Style) -> list[Part]:
    """A wooden spoon with a dipped handle: long and thin."""
    bowl, wide = style.between(0.26, 0.34), style.between(0.14, 0.19)
    wood = Material(mixed(WOOD, (150, 96, 54), style.between(0, 1)), 0.15, "wood", (1, 0.5), 0.4)
    dip = Material(style.colour, 0.5, "speckle", (2, 4), 0.08)
    sections = [(1.0, 0, 0.05, 0.02), (0.97, 0, wide * 0.85, 0.04), (1 - bowl, 0, wide * 1.1, 0.05),
        (1 - 1.9 * bowl, 0, wide * 0.6, 0.045), (1 - 2.4 * bowl, 0, 0.05, 0.045),
                (-0.3, 0, 0.042, 0.04), (-1.0, 0, 0.055, 0.04)]  # fmt: skip
    hollow = blob(
        (0, 1 - bowl * 0.98, 0.028),
        (wide * 0.72, bowl * 0.78, 0.03),
        Material(mixed(wood.colour, (60, 36, 20), 0.25), 0.1, "wood", (1, 0.5), 0.4),
    )
    grip = loft([(-0.42, 0, 0.05, 0.045), (-0.98, 0, 0.063, 0.048), (-1.0, 0, 0.06, 0.045)], dip, upright=True)
    return [loft(sections, wood, upright=True), hollow, grip]
