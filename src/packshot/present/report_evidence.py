"""What is drawn over a picture to show where a fault is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from packshot.present.report_site import Picture

KEY = {
    "box": "where the fault lies",
    "product": "the product, as it was found",
    "outline": "the product's outline, as a model found it",
    "edge": "an edge that cuts the product",
    "border": "the border",
}
"""What each kind of mark means, for the key under a page."""

_PRODUCT = frozenset({"product_box", "product_fill_share", "product_area_share", "product_centering", "cut_off_edges"})
_SIDES = 4
_CORNERS = 3
"""Of a polygon at least."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle in pixels of the thumbnail; `border` marks all that lies outside of it.

    `outline` is what `path` draws, an SVG path, and fills the rectangle.
    """

    kind: str
    x: float
    y: float
    w: float
    h: float
    path: str = ""


def marks(row: Mapping[str, object], needs: Collection[str], picture: Picture) -> list[Mark]:
    """The evidence of one finding, from its own box and the measured columns that its check reads.

    `row` holds `box` (one or several), `product_box` (x, y, w, h as shares), `mask_outline` (x, y, … as shares),
    `cut_off_edges`, `border_px` and `width_px`; any may be null or not finite. Without `needs` all of it is drawn.
    Where the finding's own box is the product's, and its outline is known, the outline is drawn instead.
    """
    wanted = set(needs)
    found: list[Mark] = []
    boxes = _share_boxes(row.get("box"))
    product = _share_box(row.get("product_box"))
    outline = None
    if not wanted or wanted & _PRODUCT:
        outline = _outline(row.get("mask_outline"), picture)
        if outline:
            found.append(outline)
        elif product and product not in boxes:
            found.append(_placed("product", product, picture))
    found += [_placed("box", box, picture) for box in boxes if not (outline and box == product)]
    if not wanted or "border_px" in wanted:
        found += _border(row, picture)
    if not wanted or "cut_off_edges" in wanted:
        found += _edges(row.get("cut_off_edges"), picture)
    return found


def _share_boxes(value: object) -> list[tuple[float, float, float, float]]:
    """The boxes that a flat list holds, each cut to the picture; broken and empty ones left out."""
    if not isinstance(value, (list, tuple)):
        return []
    found = (_share_box(value[first : first + _SIDES]) for first in range(0, len(value), _SIDES))
    return [box for box in found if box is not None]


def _outline(value: object, picture: Picture) -> Mark | None:
    """Closed polygons; None where there is none, or it is broken. A corner with a negative number ends one."""
    if not isinstance(value, (list, tuple)) or len(value) < 2 * _CORNERS:
        return None
    if not all(isinstance(v, (int, float)) and math.isfinite(v) and v <= 1 for v in value):
        return None
    parts: list[list[str]] = [[]]
    for x, y in zip(value[::2], value[1::2], strict=False):
        if x < 0 or y < 0:
            parts.append([])
        else:
            parts[-1].append(f"{x * picture.width:.1f} {y * picture.height:.1f}")
    path = "".join(f"M{'L'.join(corners)}Z" for corners in parts if len(corners) >= _CORNERS)
    return Mark("outline", 0, 0, picture.width, picture.height, path) if path else None


def _share_box(value: object) -> tuple[float, float, float, float] | None:
    """The box, cut to the picture; None when it is lacking, broken or empty."""
    if not isinstance(value, (list, tuple)) or len(value) != _SIDES:
        return None
    if not all(isinstance(v, (int, float)) and math.isfinite(v) for v in value):
        return None
    x, y = (min(max(float(v), 0.0), 1.0) for v in value[:2])
    right, bottom = (min(max(float(value[i] + value[i + 2]), 0.0), 1.0) for i in range(2))
    return (x, y, right - x, bottom - y) if right > x and bottom > y else None


def _placed(kind: str, box: tuple[float, float, float, float], picture: Picture) -> Mark:
    x, y, w, h = box
    return Mark(
        kind,
        round(x * picture.width, 1),
        round(y * picture.height, 1),
        round(w * picture.width, 1),
        round(h * picture.height, 1),
    )


def _border(row: Mapping[str, object], picture: Picture) -> list[Mark]:
    border, width = row.get("border_px"), row.get("width_px")
    if not isinstance(border, (int, float)) or not isinstance(width, (int, float)):
        return []
    if not math.isfinite(border) or border <= 0 or width <= 0:
        return []
    inset = border * picture.width / width
    if 2 * inset >= min(picture.width, picture.height):
        return []
    inset = round(max(inset, 1.5), 1)
    return [Mark("border", inset, inset, round(picture.width - 2 * inset, 1), round(picture.height - 2 * inset, 1))]


def _edges(value: object, picture: Picture) -> list[Mark]:
    edges: Sequence[object] = value if isinstance(value, (list, tuple)) else ()
    thick = max(5.0, round(0.02 * max(picture.width, picture.height), 1))
    bars = {
        "top": Mark("edge", 0, 0, picture.width, thick),
        "bottom": Mark("edge", 0, picture.height - thick, picture.width, thick),
        "left": Mark("edge", 0, 0, thick, picture.height),
        "right": Mark("edge", picture.width - thick, 0, thick, picture.height),
    }
    return [bar for edge, bar in bars.items() if edge in edges]
