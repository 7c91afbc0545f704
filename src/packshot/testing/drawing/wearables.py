"""Products that people wear or carry: shoes, shirts, bags, watches, headphones, sunglasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from packshot.testing.drawing import labels
from packshot.testing.drawing.materials import Material
from packshot.testing.drawing.solids import Part, blob, lathe, loft, panel, tube
from packshot.testing.drawing.style import METAL

if TYPE_CHECKING:
    from packshot.testing.drawing.materials import Colour
    from packshot.testing.drawing.style import Style

OFF_WHITE: Colour = (232, 228, 220)


def shoe(style: Style) -> list[Part]:
    """A trainer seen from its side: sole, upper, toe cap, stripes, collar and laces."""
    high, toe = style.between(0.48, 0.62), style.between(0.2, 0.26)
    upper = style.paint(0.12, "weave" if style.one_of(2) else "leather", 0.22, 7)
    sole = Material(OFF_WHITE if style.one_of(3) else style.accent, 0.15, "knit", (1, 14), 0.10)
    tread = Material(style.darker(0.7), 0.1, "knit", (1, 30), 0.5)
    trim = Material(style.accent, 0.2, "leather", (5, 5), 0.2)

    def section(x: float, top: float, deep: float) -> tuple[float, ...]:
        return (x, (top - 0.24) / 2, (top + 0.24) / 2, deep)

    skin = [section(-1.0, high * 0.9, 0.12), section(-0.96, high, 0.22), section(-0.6, high * 0.92, 0.27),
        section(-0.2, high * 0.84, 0.27),
            section(0.1, high * 0.55, 0.3), section(0.5, toe, 0.34), section(0.8, toe * 0.85, 0.32),
                section(1.0, 0.0, 0.12)]  # fmt: skip
    parts = [
        loft(skin, upper, power=2.6),
        loft([(-1.04, -0.24, 0.1, 0.16), (-0.9, -0.25, 0.11, 0.29), (0, -0.25, 0.1, 0.3), (0.6, -0.25, 0.1, 0.38),
            (0.95, -0.22, 0.09, 0.28),
              (1.07, -0.17, 0.05, 0.1)], sole, power=5),
        loft([(-1.03, -0.35, 0.025, 0.16), (-0.9, -0.355, 0.025, 0.28), (0, -0.35, 0.025, 0.29),
            (0.6, -0.355, 0.025, 0.37),
              (0.97, -0.32, 0.025, 0.2)], tread, power=5),
        loft([(0.6, 0.0, 0.245, 0.345), (0.8, -0.05, 0.225, 0.33), (0.95, -0.1, 0.15, 0.22),
            (1.03, -0.14, 0.05, 0.1)], trim, power=2.6),
        blob((-0.58, high * 0.9, 0), (0.34, 0.05, 0.15), Material(style.darker(0.75), 0, "weave", (4, 4), 0.2)),
        tube([(-0.97, high * 0.96, 0.0), (-0.9, high * 0.97, 0.2), (-0.55, high * 0.9, 0.23),
            (-0.24, high * 0.9, 0.18), (-0.2, high * 0.9, -0.18),
              (-0.55, high * 0.9, -0.23), (-0.9, high * 0.97, -0.2), (-0.97, high * 0.96, 0)], 0.045, trim),
    ]  # fmt: skip
    return [*parts, *_laces(style, high), *_stripes(style, trim)]


def _laces(style: Style, high: float) -> list[Part]:
    parts = []
    laces = 3 + style.one_of(3)
    for share in np.linspace(0, 1, laces):
        x, top = -0.12 + 0.47 * share, high * (0.84 - 0.38 * share)
        lace = Material(OFF_WHITE if sum(style.colour) < 3 * 150 else style.darker(0.6), 0.05, "knit", (1, 8), 0.3)
        path = [
            (x - 0.05, top - 0.12, 0.24),
            (x, top + 0.05, 0.1),
            (x, top + 0.05, -0.1),
            (x - 0.05, top - 0.12, -0.24),
        ]
        parts.append(tube(path, 0.028, lace))
    return parts


def _stripes(style: Style, trim: Material) -> list[Part]:
    parts: list[Part] = []
    stripes, lean, wide = 2 + style.one_of(3), style.between(-0.1, 0.26), style.between(0.024, 0.045)
    for number in range(stripes):
        x = -0.4 + number * 0.14 - min(lean, 0)
        parts.extend(
            tube(
                [(x, 0.2, side * 0.272), (x + lean * 0.6, 0.0, side * 0.285), (x + lean, -0.15, side * 0.285)],
                wide,
                trim,
                flat=0.4,
            )
            for side in (-1, 1)
        )
    return parts


def t_shirt(style: Style) -> list[Part]:
    """A shirt as on an invisible body, with a print on the chest."""
    waist, long, drop = style.between(0.5, 0.58), style.between(-1.0, -0.85), style.between(0.32, 0.5)
    cloth = Material(style.colour, 0.0, "folds", (1.2, 0.8), 0.3)
    body = [(0.92, 0, 0.2, 0.08), (0.88, 0, 0.4, 0.13), (0.74, 0, 0.58, 0.18), (0.5, 0, 0.55, 0.22),
        (0.0, 0, waist, 0.22), (long, 0, waist + 0.03, 0.2),
            (long - 0.02, 0, waist + 0.03, 0.2)]  # fmt: skip
    parts = [
        loft(body, cloth, power=2.4, upright=True),
        tube([(-0.26, 0.91, 0.04), (-0.2, 0.74, 0.18), (0.2, 0.74, 0.18), (0.26, 0.91, 0.04), (0.2, 0.93, -0.1),
            (-0.2, 0.93, -0.1), (-0.26, 0.91, 0.04)],
             0.035, Material(style.darker(0.12), 0.0, "knit", (1, 20), 0.25), flat=0.8),
        blob((0, 0.86, 0.02), (0.2, 0.1, 0.11), Material(style.darker(0.6), 0, "weave", (3, 3), 0.2)),
    ]  # fmt: skip
    for side in (-1, 1):
        sleeve = [
            (side * 0.34, 0.74, 0),
            (side * 0.62, 0.66, 0),
            (side * 0.86, 0.6 - drop * 0.55, 0),
            (side * 0.95, 0.55 - drop, 0),
        ]
        parts.append(
            tube(sleeve, [0.16, 0.23, 0.22, 0.21], Material(style.colour, 0.0, "folds", (0.8, 0.6), 0.3), flat=0.75)
        )
        hem = [(side * 0.925, 0.585 - drop, 0), (side * 0.945, 0.55 - drop, 0), (side * 0.957, 0.52 - drop, 0)]
        parts.append(tube(hem, 0.216, Material(style.darker(0.18), 0.0, "knit", (6, 1), 0.2), flat=0.76, times=1))
    print_rgb = labels.cover(style.rng, (600, 620), style.lighter(0.15), style.accent)
    parts.append(
        panel(
            (-0.25, 0.56, 0.212),
            (0.5, 0, 0),
            (0, -0.52, 0.012),
            Material(style.colour, 0.0, "weave", (4, 4), 0.06, print_rgb=print_rgb),
            bulge=0.022,
        )
    )
    return parts


def backpack(style: Style) -> list[Part]:
    """A rucksack: body, pocket, zips, badge, top loop and straps."""
    wide, high = style.between(0.56, 0.68), style.between(0.8, 0.95)
    cloth = style.paint(0.05, "weave", 0.3, 9)
    pocket = Material(style.darker(0.22) if style.one_of(2) else style.accent, 0.05, "weave", (7, 7), 0.3)
    zip_ = Material((60, 58, 60), 0.3, "knit", (1, 24), 0.5)
    low = style.between(-0.42, -0.32)
    badge = Material(labels.PAPER, 0.1, print_rgb=labels.label(style.rng, (400, 240), style.darker(0.55), style.accent))
    edge = [
        (-wide * 0.93, -0.1, 0.33),
        (-wide * 0.92, high * 0.9, 0.33),
        (0, high * 1.02, 0.33),
        (wide * 0.92, high * 0.9, 0.33),
        (wide * 0.93, -0.1, 0.33),
    ]
    parts = [
        blob((0, 0, 0), (wide, high, 0.36), cloth, power=4.5),
        blob((0, low, 0.34), (wide * 0.8, 0.4, 0.17), pocket, power=5),
        tube([(-wide * 0.7, low + 0.24, 0.5), (0, low + 0.27, 0.52), (wide * 0.7, low + 0.24, 0.5)], 0.02, zip_),
        tube(edge, 0.022, zip_),
        tube(
            [
                (-0.16, high * 0.96, -0.1),
                (-0.14, high + 0.22, -0.1),
                (0.14, high + 0.22, -0.1),
                (0.16, high * 0.96, -0.1),
            ],
            0.045,
            pocket,
            flat=0.5,
        ),
        tube([(wide * 0.5, low + 0.26, 0.53), (wide * 0.52, low + 0.12, 0.56)], 0.03, Material(METAL, 0.8), flat=0.5),
        panel((-0.17, high * 0.5, 0.364), (0.34, 0, 0), (0, -0.2, 0), badge),
    ]
    for side in (-1, 1):
        strap = [
            (side * wide * 0.4, high * 0.9, -0.3),
            (side * wide * 0.75, high * 0.6, -0.62),
            (side * (wide + 0.1), -0.1, -0.5),
            (side * wide * 0.9, -0.7, -0.25),
        ]
        parts.append(tube(strap, 0.09, Material(style.darker(0.4), 0.0, "weave", (3, 8), 0.3), flat=0.35))
    return parts


def watch(style: Style) -> list[Part]:
    """A wrist watch from the front: dial, bezel, crown and strap."""
    radius, wide = style.between(0.44, 0.52), style.between(0.22, 0.3)
    leather = Material(style.colour, 0.12, "leather", (3, 6), 0.35)
    steel = Material(METAL if style.one_of(3) else (206, 168, 96), 0.95, "brushed", (1, 4), 0.06)
    face = labels.dial(style.rng, 900, (34, 34, 42) if style.one_of(2) else style.lighter(0.85), style.accent)

    def flat(part: Part, z: float) -> Part:
        x, y, depth = np.moveaxis(part.points, -1, 0)
        return Part(np.stack([x, -depth, y + z], axis=-1), part.material)

    case = [(radius - 0.06, 0.13), (radius, 0.11), (radius + 0.03, 0.02), (radius, -0.12), (0, -0.13)]
    parts = [flat(lathe(case, steel), 0.06)]
    share = np.linspace(-0.72, 0.72, 25)
    y, x = np.meshgrid(-share, share, indexing="ij")
    grow = np.maximum(np.abs(x), np.abs(y)) / (np.hypot(x, y) + 1e-6) * (radius - 0.05) / 0.72
    disc = np.stack([x * grow, y * grow, np.full_like(x, 0.165)], axis=-1).astype(np.float32)
    parts.append(Part(disc, Material(steel.colour, 0.0, print_rgb=_squared(face))))
    parts.append(tube([(radius, 0, 0.06), (radius + 0.11, 0, 0.06)], 0.05, Material(METAL, 0.9, "knit", (1, 3), 0.4)))
    for side in (-1, 1):
        path = [(0, side * (radius - 0.05), 0.06), (0, side * 0.8, 0.03), (0, side * 1.05, -0.1), (0, side * 1.3, -0.3)]
        parts.append(tube(path, [wide, wide * 0.94, wide * 0.8, wide * 0.74], leather, flat=0.22))
        parts.extend(
            tube([(x * wide * 0.88, side * (radius + 0.02), 0.115), (x * wide * 0.78, side * 0.86, 0.075),
                (x * wide * 0.68, side * 1.1, -0.05)],
                 0.008, Material(style.lighter(0.5), 0.0, "knit", (1, 30), 0.9))
            for x in (-1, 1)
        )  # fmt: skip
    return parts


def _squared(face: np.ndarray) -> np.ndarray:
    """Lay a round picture out on the square whose edge becomes the circle's edge."""
    import cv2  # late: only the watch needs it here

    size = face.shape[0]
    share = np.linspace(-1, 1, size, dtype=np.float32)
    y, x = np.meshgrid(share, share, indexing="ij")
    grow = np.maximum(np.abs(x), np.abs(y)) / (np.hypot(x, y) + 1e-6)
    return cv2.remap(face, (x * grow + 1) * (size - 1) / 2, (y * grow + 1) * (size - 1) / 2, cv2.INTER_LINEAR)


def headphones(style: Style) -> list[Part]:
    """Headphones that close over the ear."""
    wide, cup = style.between(0.68, 0.78), style.between(0.34, 0.4)
    shell = Material(style.colour, style.between(0.2, 0.6), "speckle", (5, 5), 0.12)
    pad = Material(style.darker(0.5), 0.1, "leather", (5, 5), 0.35)
    steel = Material(METAL, 0.9, "brushed", (1, 2), 0.06)
    ring = Material(style.accent, 0.5)
    arch = [
        (-wide, 0.1, 0),
        (-wide * 1.02, 0.75, 0),
        (-wide * 0.5, 1.12, 0),
        (wide * 0.5, 1.12, 0),
        (wide * 1.02, 0.75, 0),
        (wide, 0.1, 0),
    ]
    parts = [
        tube(arch, 0.035, steel, flat=2.2),
        tube(
            [(-wide * 0.93, 0.6, 0), (-wide * 0.6, 1.02, 0), (0, 1.1, 0), (wide * 0.6, 1.02, 0), (wide * 0.93, 0.6, 0)],
            [0.05, 0.075, 0.08, 0.075, 0.05],
            pad,
            flat=1.7,
        ),
    ]
    for side in (-1, 1):
        parts += [
            blob((side * (wide + 0.06), -0.28, 0), (0.15, cup + 0.06, cup), shell, power=2.8),
            blob((side * (wide - 0.14), -0.28, 0), (0.13, cup + 0.03, cup - 0.02), pad, power=3),
            blob((side * (wide - 0.03), -0.28, 0), (0.02, cup + 0.075, cup + 0.015), ring, power=2.5),
            blob((side * (wide + 0.195), -0.28, 0), (0.03, cup * 0.45, cup * 0.45), ring),
            blob((side * wide, 0.16, 0), (0.05, 0.14, 0.09), shell, power=4),
        ]
    return parts


def sunglasses(style: Style) -> list[Part]:
    """Sunglasses with tinted lenses."""
    wide, high = style.between(0.36, 0.42), style.between(0.26, 0.34)
    frame = Material(style.colour, 0.7, "speckle", (4, 4), 0.15)
    lens = Material((52, 56, 66) if style.one_of(2) else (96, 66, 40), 0.8, "brushed", (1, 1), 0.05)
    turn = np.linspace(0, 2 * np.pi, 17)
    square = style.between(0.6, 1.0)
    parts = []
    for side in (-1, 1):
        x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square * wide + side * 0.52
        y = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** square * high
        parts.append(tube(list(zip(x, y, np.zeros(17), strict=True)), 0.045, frame))
        parts.append(blob((side * 0.52, 0, -0.01), (wide, high, 0.03), lens, power=2 / square))
        hinge = side * (0.52 + wide)
        parts.append(
            tube(
                [
                    (hinge, 0.16, 0.0),
                    (hinge + side * 0.07, 0.17, -0.05),
                    (hinge + side * 0.06, 0.16, -0.9),
                    (hinge, -0.12, -1.25),
                ],
                0.045,
                frame,
                flat=0.6,
                up=(0, 1, 0),
            )
        )
        parts.append(blob((hinge + side * 0.04, 0.17, 0.035), (0.03, 0.02, 0.012), Material(style.accent, 0.9)))
    parts.append(tube([(-0.15, 0.06, 0), (-0.06, 0.13, 0.03), (0.06, 0.13, 0.03), (0.15, 0.06, 0)], 0.04, frame))
    return parts
