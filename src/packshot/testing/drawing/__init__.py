"""Draws pictures that look like product photographs, with or without known faults."""

from packshot.testing.drawing.encoding import FORMATS, encode
from packshot.testing.drawing.products import KINDS, VIEWS, draw_product
from packshot.testing.drawing.scenes import Framing, compose, flat, framed, on_white, product_box, room, sweep
from packshot.testing.drawing.style import PALETTE

__all__ = [
    "FORMATS",
    "KINDS",
    "PALETTE",
    "VIEWS",
    "Framing",
    "compose",
    "draw_product",
    "encode",
    "flat",
    "framed",
    "on_white",
    "product_box",
    "room",
    "sweep",
]
