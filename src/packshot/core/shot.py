"""What a picture can show of a product: the kinds of shots and the views."""

from __future__ import annotations

from enum import StrEnum


class Shot(StrEnum):
    """A kind of shot or a view; both are words in which a channel says what a gallery should have."""

    FRONT = "front"
    BACK = "back"
    SIDE = "side"
    TOP = "top"
    DETAIL = "detail"
    PACKSHOT = "packshot"
    ON_MODEL = "on_model"
    FLAT_LAY = "flat_lay"
    LIFESTYLE = "lifestyle"
    PACKAGING = "packaging"
    INFOGRAPHIC = "infographic"
    SIZE_CHART = "size_chart"
    SWATCH = "swatch"
