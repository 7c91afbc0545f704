"""What the page of errors draws: outlines and boxes over a picture, and a calibration curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from exam import Box, Overlay
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

TRUE, FOUND = (22, 130, 60), (205, 30, 45)
FONT = cv2.FONT_HERSHEY_SIMPLEX


def drawn(rgb: Pixels, overlay: Overlay) -> Pixels:
    """The picture with the overlay's masks and boxes on it."""
    canvas = np.ascontiguousarray(rgb).copy()
    for mask, colour in ((overlay.truth_mask, TRUE), (overlay.found_mask, FOUND)):
        if mask is not None:
            fitted = cv2.resize(mask, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_AREA)
            within = cv2.threshold(fitted, 127, 255, cv2.THRESH_BINARY)[1]
            lines, _ = cv2.findContours(within, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(canvas, lines, -1, colour, 2, cv2.LINE_AA)
    for box in overlay.truth_boxes:
        _frame(canvas, box, TRUE)
    for number, box in enumerate(overlay.found_boxes):
        corner = _frame(canvas, box, FOUND)
        if number < len(overlay.words) and overlay.words[number].isascii():
            cv2.putText(canvas, overlay.words[number][:24], corner, FONT, 0.35, FOUND, 1, cv2.LINE_AA)
    return canvas


def _frame(canvas: Pixels, box: Box, colour: tuple[int, int, int]) -> tuple[int, int]:
    height, width = canvas.shape[:2]
    x, y, w, h = (round(side * size) for side, size in zip(box, (width, height, width, height), strict=True))
    cv2.rectangle(canvas, (x, y), (min(width - 1, x + w), min(height - 1, y + h)), colour, 2, cv2.LINE_AA)
    return x, max(10, y - 3)


def curve(calibration: dict[str, Any]) -> str:
    """The reliability diagram as SVG: share of true items over mean score, with intervals and counts."""
    size, edge = 260, 34
    span = size - 2 * edge

    def at(x: float, y: float) -> str:
        return f"{edge + x * span:.1f},{size - edge - y * span:.1f}"

    marks = []
    for one in calibration["bins"]:
        x, low = at(one["mean_score"], one["low"]).split(",")
        high = at(one["mean_score"], one["high"]).split(",")[1]
        y = at(one["mean_score"], one["share"]).split(",")[1]
        told = f"score {one['mean_score']:.2f}: {one['share']:.2f} of {one['n']} are true"
        marks.append(
            f'<line x1="{x}" y1="{low}" x2="{x}" y2="{high}" stroke="#1f5fbf" stroke-width="1.5"/>'
            f'<circle cx="{x}" cy="{y}" r="4" fill="#1f5fbf"><title>{told}</title></circle>'
        )
    line = " ".join(at(one["mean_score"], one["share"]) for one in calibration["bins"])
    down = f'text-anchor="middle" transform="rotate(-90 12 {size / 2})"'
    return (
        f'<svg width="{size}" height="{size}" role="img" aria-label="calibration curve" font-size="11">'
        f'<rect x="{edge}" y="{edge}" width="{span}" height="{span}" fill="none" stroke="#9aa1ab"/>'
        f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#9aa1ab" stroke-dasharray="4 3" fill="none"/>'
        f'<polyline points="{line}" stroke="#1f5fbf" fill="none"/>{"".join(marks)}'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">mean score of the bin</text>'
        f'<text x="12" y="{size / 2}" {down}>share that is true</text>'
        f'<text x="{edge}" y="{edge - 8}">ECE {calibration["ece"]:.3f}, Brier {calibration["brier"]:.3f}</text></svg>'
    )
