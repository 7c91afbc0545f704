"""QR codes and barcodes in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from packshot.core.measurement import Kind, Output
from packshot.evaluate.contacts import contacts
from packshot.evaluate.measure import Measure
from packshot.evaluate.text_reading import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture, Pixels

    Box = tuple[float, float, float, float]

LONGEST_SIDE = 1200
"""Long side, in pixels, from which on the picture is halved before it is searched."""
MOST_CODES, MOST_LETTERS = 10, 300
"""Codes that are kept of one picture, and letters of each."""
LINKING = ("QRCode", "MicroQRCode", "DataMatrix", "Aztec", "PDF417")
"""Kinds that hold texts."""
FORMATS = (*LINKING, "EAN13", "EAN8", "UPCA", "UPCE", "Code128")
"""Kinds that are looked for: those whose checksums make a find on cloth or leaves unlikely."""


class Codes(Measure):
    """QR codes and barcodes in the picture: what they hold, of which kind they are, where they lie.

    Method: ZXing-C++ looks for QR codes, the other square codes, EAN, UPC and Code 128 in the luma of the picture,
    halved until its long side is at most 1,200 px; checksums of the formats keep false finds away.

    Blind spots: codes whose bars are narrower than about 1.5 px there; bent, soft or partly covered codes. A code is
    found whether it is printed on the product or laid over.
    """

    on_request = True
    libraries = ("zxingcpp",)
    outputs = (
        Output("code_texts", Kind.TEXTS, "What each code holds, at most 10 codes and 300 letters of each."),
        Output("code_kinds", Kind.TEXTS, "The kind of each: `QRCode`, `DataMatrix`, `EAN13`, `Code128`, …."),
        Output("code_boxes", Kind.BOXES, "x, y, w, h of each as shares of the picture, one after the other."),
        Output("code_links", Kind.TEXTS, "Web and e-mail addresses and phone numbers in codes that hold texts."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Empty lists where there is no code."""
        import zxingcpp

        luma = _luma(picture)
        found = [one for one in zxingcpp.read_barcodes(luma, formats=_formats(zxingcpp)) if one.valid][:MOST_CODES]
        told = [(plain(one.text)[:MOST_LETTERS], one.format.name, _box(one.position, luma.shape)) for one in found]
        kept = [(text, kind, box) for text, kind, box in told if text and box is not None]
        links = [link for text, kind, _ in kept if kind in LINKING for link in contacts(text)]
        return {
            "code_texts": tuple(text for text, _, _ in kept),
            "code_kinds": tuple(kind for _, kind, _ in kept),
            "code_boxes": tuple(number for _, _, box in kept for number in box),
            "code_links": tuple(dict.fromkeys(links)),
        }


def _luma(picture: Picture) -> Pixels:
    """The first rung of at most LONGEST_SIDE."""
    for rung in picture.ladder():
        if max(rung.shape[:2]) <= LONGEST_SIDE:
            return np.asarray(cv2.cvtColor(rung, cv2.COLOR_RGB2GRAY), np.uint8)
    return np.asarray(cv2.cvtColor(picture.ladder()[-1], cv2.COLOR_RGB2GRAY), np.uint8)


def _formats(library: Any) -> Any:
    """FORMATS in the library's own form."""
    return library.barcode_formats_from_str(",".join(FORMATS))


def _box(position: Any, shape: tuple[int, ...]) -> Box | None:
    """The upright box around a code, as shares and cut to the picture; None where nothing is left of it."""
    height, width = shape[:2]
    points = [position.top_left, position.top_right, position.bottom_right, position.bottom_left]
    left, right = (min(max(side(one.x for one in points) / width, 0.0), 1.0) for side in (min, max))
    top, bottom = (min(max(side(one.y for one in points) / height, 0.0), 1.0) for side in (min, max))
    # A code read along one line has no height of its own.
    bottom = max(bottom, min(1.0, top + 1 / height))
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None
