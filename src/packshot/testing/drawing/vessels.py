"""Products that are turned on a wheel: cups, bottles, vases, pots, pans, lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.drawing import labels
from packshot.testing.drawing.materials import Material, mixed
from packshot.testing.drawing.solids import Part, blob, lathe, tube
from packshot.testing.drawing.style import METAL, RUBBER, WOOD

if TYPE_CHECKING:
    from packshot.testing.drawing.materials import Colour
    from packshot.testing.drawing.style import Style

PLASTER: Colour = (242, 238, 230)
SOIL: Colour = (74, 52, 40)


def _wrap(style: Style, radius: float, heights: tuple[float, float], span: float, ground: Colour) -> Part:
    """A label around the front of a straight wall, between two heights (top, bottom), `span` degrees to each side."""
    top, bottom = heights
    wide = np.radians(2 * span) * radius
    size = (round(900 * min(1.0, wide / (top - bottom))), round(900 * min(1.0, (top - bottom) / wide)))
    print_rgb = labels.label(style.rng, (max(160, size[0]), max(160, size[1])), ground, style.accent)
    profile = [(radius + 0.006, top), (radius + 0.006, bottom)]
    return lathe(profile, Material(ground, 0.12, print_rgb=print_rgb), turn=(-span, span), times=0)


def mug(style: Style) -> list[Part]:
    """A glazed mug with a handle and a printed badge."""
    radius, high, flare = style.between(0.52, 0.68), style.between(0.55, 0.8), style.between(0.94, 1.06)
    wall, glaze = 0.05, style.paint(0.75, relief=0.035)
    outside = [(radius - wall, high), (radius, high), (radius, high - 0.1), (radius * flare, -high), (0.0, -high)]
    inside = [(radius, high), (radius - wall, high), (radius - wall, 0), (radius * flare - wall, -high + 0.1)]
    inner = Material(PLASTER if style.one_of(2) else style.lighter(0.2), 0.6)
    reach, drop = style.between(0.34, 0.5), high * style.between(0.5, 0.62)
    path = [(radius * 0.9, drop, 0), (radius + reach, drop + 0.06, 0), (radius + reach, -drop - 0.02, 0),
            (radius * min(1.0, flare) * 0.75, -drop, 0)]  # fmt: skip
    handle = tube(path, 0.085, glaze, flat=0.8)
    badge = _wrap(style, radius * max(1.0, flare) - 0.004, (high * 0.62, -high * 0.5), 46, style.colour)
    return [lathe(outside, glaze), lathe([*inside, (0, -high + 0.1)], inner), handle, badge]


def bottle(style: Style) -> list[Part]:
    """A bottle with a cap and a label: a squat one for lotion or a slim one for drinks."""
    radius, shoulder, neck = style.between(0.3, 0.46), style.between(0.25, 0.55), style.between(0.1, 0.16)
    body = style.paint(0.8, "", 0)
    wall = [(neck, 0.84), (neck, shoulder + 0.22), (radius, shoulder + 0.08), (radius, shoulder - 0.08)]
    cap = Material(style.accent if style.one_of(2) else style.darker(), 0.5, "knit", (16, 1), 0.25)
    wide = neck * style.between(1.15, 1.5)
    return [
        lathe([*wall, (radius, -0.9), (radius, -1.0), (0, -1.0)], body),
        lathe([(0, 1.04), (wide, 1.04), (wide, 1.0), (wide, 0.78), (neck * 0.9, 0.76)], cap, times=2),
        _wrap(style, radius, (shoulder - 0.16, -0.82), 75, labels.PAPER if style.one_of(2) else style.lighter(0.7)),
    ]


def wine_glass(style: Style) -> list[Part]:
    """A clear glass on a stem, with some drink in it."""
    bowl, high, foot = style.between(0.38, 0.5), style.between(0.5, 0.7), style.between(0.36, 0.46)
    glass = Material(mixed((205, 216, 220), style.colour, 0.12), 0.9, glass=True)
    base = 1.0 - 2 * high
    level = 1.0 - high * style.between(0.7, 1.0)
    shape = [
        (bowl * 0.74, 1.0),
        (bowl * 1.02, level),
        (bowl * 0.96, base + 0.3),
        (0.1, base + 0.02),
        (0.035, base - 0.12),
    ]
    stem = [(0.035, base - 0.12), (0.035, -0.9), (foot * 0.4, -0.97), (foot, -0.99), (foot, -1.0), (0, -1.0)]
    drink = [
        (0, level),
        (bowl * 0.86, level),
        (bowl * 0.86, level - 0.03),
        (bowl * 0.8, base + 0.3),
        (0.06, base + 0.08),
    ]
    return [
        lathe([*drink, (0, base + 0.08)], Material(style.colour, 0.7)),
        lathe(shape, glass),
        lathe(stem, Material(mixed((196, 206, 210), style.colour, 0.1), 0.8, "brushed", (3, 3), 0.1)),
    ]


def vase(style: Style) -> list[Part]:
    """A ceramic vase with bands of another glaze."""
    belly, neck, lip = style.between(0.45, 0.7), style.between(0.14, 0.28), style.between(0.2, 0.36)
    low = style.between(-0.5, 0.1)
    profile = [(lip - 0.05, 0.96), (lip, 1.0), (neck, 0.7), (neck * 1.2, 0.45), (belly * 1.1, low),
        (belly * 0.9, low - 0.4),
               (belly * 0.5, -1.0), (0, -1.0)]  # fmt: skip
    bands: tuple[Colour, ...] = tuple(
        style.accent if style.rng.random() < 0.2 else style.colour  # noqa: PLR2004 - about one band in five
        for _ in range(14)
    )
    print_rgb = labels.striped((64, 700), (style.colour, *bands, style.accent, style.darker(0.1)), across=True)
    glaze = Material(style.colour, style.between(0.2, 0.7), "speckle", (6, 4), 0.3, print_rgb=print_rgb)
    return [
        lathe(profile, glaze),
        lathe([(lip - 0.04, 0.97), (neck - 0.03, 0.7), (0, 0.6)], Material(style.darker(0.6))),
    ]


def candle(style: Style) -> list[Part]:
    """A scented candle in a jar, with its label."""
    radius, high = style.between(0.55, 0.7), style.between(0.55, 0.85)
    jar = Material(style.colour, 0.85, "brushed", (2, 1), 0.04)
    wax = Material(style.lighter(0.72), 0.15, "speckle", (3, 3), 0.05)
    return [
        lathe([(radius - 0.05, high), (radius, high), (radius, -high + 0.05), (radius - 0.04, -high), (0, -high)], jar),
        lathe([(radius - 0.05, high), (radius - 0.06, high - 0.16), (0, high - 0.17)], wax, times=1),
        tube(
            [(0, high - 0.18, 0), (0.01, high - 0.02, 0), (0.04, high + 0.08, 0)],
            0.022,
            Material((60, 50, 44), tile="knit"),
        ),
        _wrap(style, radius, (high * 0.6, -high * 0.7), 48, labels.PAPER),
    ]


def plant_pot(style: Style) -> list[Part]:
    """A plant with long leaves in a clay pot."""
    clay = style.paint(0.1, "speckle", 0.28, 5)
    top, foot = style.between(0.42, 0.55), style.between(0.28, 0.4)
    pot = [(top - 0.06, -0.14), (top + 0.04, -0.12), (top + 0.04, -0.3), (top - 0.01, -0.32), (foot, -1.0), (0, -1.0)]
    parts = [
        lathe(pot, clay, times=2),
        lathe([(top, -0.16), (top - 0.1, -0.2), (0, -0.18)], Material(SOIL, 0, "leather", (5, 5), 0.5)),
    ]
    for number in range(int(style.rng.integers(9, 14))):
        turn, lean, high = number * 2.4, style.between(0.15, 0.75), style.between(0.5, 1.05)
        x, z = np.cos(turn) * lean, np.sin(turn) * lean
        green = mixed((46, 110, 56), (150, 178, 84), style.between(0, 0.8))
        path = [
            (x * 0.1, -0.2, z * 0.1),
            (x * 0.3, high * 0.5, z * 0.3),
            (x * 0.7, high, z * 0.7),
            (x * 1.15, high * 0.82, z * 1.15),
        ]
        leaf = Material(green, 0.3, "brushed", (2, 1), 0.25)
        parts.append(tube(path, [0.025, 0.06, 0.1, 0.08, 0.004], leaf, flat=0.12, up=(x, 0.3, z + 0.01)))
    return parts


def pan(style: Style) -> list[Part]:
    """A frying pan with a long handle."""
    radius, deep = style.between(0.62, 0.75), style.between(0.14, 0.24)
    outer = Material(style.colour, 0.45, "speckle", (8, 2), 0.12)
    inner = Material((52, 50, 52), 0.3, "speckle", (10, 5), 0.3)
    grip = Material(WOOD if style.one_of(2) else RUBBER, 0.2, "wood", (1, 2), 0.3)
    reach = style.between(1.7, 2.0)
    at = (-0.6, 0.0, 0.0)
    outside = [(radius - 0.03, deep), (radius, deep), (radius * 0.88, -deep + 0.05), (radius * 0.86, -deep), (0, -deep)]
    inside = [(radius - 0.02, deep), (radius * 0.84, -deep + 0.05), (radius * 0.8, -deep + 0.05), (0, -deep + 0.05)]
    return [
        lathe(outside, outer, at=at),
        lathe(inside, inner, at=at, times=2),
        tube([(radius - 0.62, deep * 0.6, 0), (radius - 0.3, deep + 0.06, 0)], 0.06, Material(METAL, 0.8),
            flat=0.5, up=(0, 1, 0)),
        tube([(radius - 0.34, deep + 0.05, 0), (0.5, deep + 0.1, 0), (reach - 0.6, deep + 0.12, 0)],
            [0.06, 0.08, 0.09, 0.075],
             grip, flat=0.6, up=(0, 1, 0)),
    ]  # fmt: skip


def teapot(style: Style) -> list[Part]:
    """A teapot with spout, handle and lid."""
    belly, high = style.between(0.62, 0.75), style.between(0.5, 0.62)
    glaze = style.paint(0.8, "speckle", 0.1, 6)
    knob = Material(style.accent, 0.7)
    side = [
        (-belly * 0.8, high * 0.55, 0),
        (-belly - 0.4, high * 0.75, 0),
        (-belly - 0.4, -high * 0.6, 0),
        (-belly * 0.8, -high * 0.4, 0),
    ]
    return [
        lathe([(0.3, high), (0.36, high), (belly * 1.05, high * 0.5), (belly * 1.12, -high * 0.4),
            (belly * 0.6, -high), (0, -high)], glaze),
        lathe([(0, high + 0.16), (0.2, high + 0.14), (0.37, high + 0.02), (0.34, high - 0.02)], glaze),
        lathe([(0.36, high + 0.02), (0.385, high + 0.01), (0.36, high - 0.01)], knob, times=2),
        blob((0, high + 0.23, 0), (0.1, 0.1, 0.1), knob),
        tube(side, 0.075, Material(style.accent, 0.5, "knit", (1, 6), 0.2), flat=0.8),
        tube([(belly * 0.7, -high * 0.35, 0), (belly + 0.25, -high * 0.2, 0), (belly + 0.25, high * 0.5, 0),
            (belly + 0.5, high * 0.8, 0)],
             [0.2, 0.15, 0.1, 0.085], glaze),
        lathe([(belly * 0.86, high * 0.52), (belly * 0.885, high * 0.46), (belly * 0.91, high * 0.4)], knob, times=1),
    ]  # fmt: skip


def lamp(style: Style) -> list[Part]:
    """A table lamp that is switched on."""
    wide, narrow, deep = style.between(0.55, 0.72), style.between(0.3, 0.45), style.between(0.55, 0.8)
    foot = style.between(0.24, 0.4)
    shade = Material(style.colour, 0.0, "weave", (9, 4), 0.16, glow=0.10)
    stand = Material(style.accent, 0.6, "brushed", (2, 4), 0.08)
    stem = [
        (0.05, 1 - deep),
        (0.05, 0.1),
        (0.05 + style.between(0.02, 0.2), -0.4),
        (0.06, -0.84),
        (foot, -0.92),
        (foot, -1.0),
        (0, -1.0),
    ]
    trim = Material(style.darker(0.3), 0.1, "weave", (9, 1), 0.3)
    return [
        lathe([(narrow, 1.0), (wide, 1 - deep)], shade, times=0),
        lathe([(narrow, 1.005), (narrow + 0.012, 0.985), (narrow + 0.016, 0.965)], trim, times=1),
        lathe([(wide - 0.004, 1.035 - deep), (wide + 0.012, 1.02 - deep), (wide + 0.004, 0.995 - deep)], trim, times=1),
        lathe(stem, stand),
        blob((0, 1 - deep * 0.6, 0), (0.11, 0.15, 0.11), Material((255, 244, 214), 0.3, glow=0.6)),
    ]


def ball(style: Style) -> list[Part]:
    """A ball: seamed as for basketball, or striped as for the beach."""
    if style.one_of(2):
        skin = Material(style.colour, 0.2, "leather", (10, 5), 0.35,
                        print_rgb=labels.seamed((1600, 800), style.colour, style.darker(0.75)))  # fmt: skip
    else:
        stripes = labels.striped((1200, 600), (style.colour, (240, 236, 228), style.accent, (240, 236, 228)) * 2)
        skin = Material(style.colour, 0.7, "speckle", (6, 3), 0.05, print_rgb=stripes)
    tilt = np.radians(style.between(12, 30))
    part = blob((0, 0, 0), (1, 1, 1), skin)
    spin = np.array([[np.cos(tilt), -np.sin(tilt), 0], [np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]], np.float32)
    return [Part(part.points @ spin.T, skin)]
