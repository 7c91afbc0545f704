"""Tells the product from a plain background, once for all measures that ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.lab import lab_to_rgb, rgb_to_lab

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

    Bound: TypeAlias = int | NDArray[Any]

RUNG = 128
"""Long side, in pixels, of the smallest rung that is segmented; the box is exact to one of these pixels."""
FINE_RUNG = 256
"""Long side, in pixels, of the rung that outlines are looked for on."""
RING_SHARE = 0.02
"""Width of the ring at the frame that the background is learnt from, as a share of the short side."""
CONFIDENT = 0.5
"""From this confidence on, other measures look at the product instead of the whole picture."""

ENOUGH = 800
"""Pixels of the ring that its colour is learnt from, at most twice as many."""

CALM_REACH, LIGHT_GREY, STUDIO_WHITE = 8, 200, 250
"""Reach of a ground without noise; 8-bit L of a light one, and of a white one."""

WIDEST_LIGHT, WIDEST_COLOUR = 26.0, 14.0
"""Furthest that a restless ground may reach, in 8-bit L and in a and b."""

LARGEST_SOFT_STEP = 10
"""Luma range of 3 × 3 pixels that a shading keeps within; more is an outline."""
DEEPEST_SHADE = 100
"""8-bit L by which a shading may differ from the ground."""

_OUT = 255
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Where the product is, seen on a small rung; every mask is (h, w) uint8, 0 or 255."""

    product: Pixels
    background: Pixels
    """What has the background's colour and is joined to the frame."""
    shadow: Pixels
    """Lighter or darker than the background by soft steps, and joined to it: shadows, a lit or falling-off ground."""
    colour: tuple[int, int, int]
    """Median of the background in RGB."""
    ring_share: float
    """Share of the ring at the frame that has the background's colour."""
    confidence: float
    """0 to 1: high only where the background is plain and differs from the product."""

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """x, y, w, h of the product in pixels of the rung; None when there is none."""
        x, y, w, h = cv2.boundingRect(self.product)
        return (x, y, w, h) if w and h else None

    @property
    def confident(self) -> bool:
        """Whether other measures may rely on the masks."""
        return self.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class _Background:
    """The background's colour in 8-bit Lab and how far its own pixels stray from it."""

    lab: tuple[int, int, int]
    light_reach: float
    colour_reach: float
    share: float


def small_lab(picture: Picture) -> Pixels:
    """The small rung in OpenCV's 8-bit CIE Lab: L × 2.55, a + 128, b + 128."""
    return rgb_to_lab(picture.rung(RUNG))


def small_steps(picture: Picture) -> Pixels:
    """Luma range of 3 × 3 pixels on the small rung."""
    return np.asarray(cv2.morphologyEx(picture.luma_rung(RUNG), cv2.MORPH_GRADIENT, _SQUARE), dtype=np.uint8)


def segment(picture: Picture) -> Segmentation:
    """Divide the picture into product, background and shadow.

    With an alpha channel that is really used, the product is what is opaque. Otherwise the background is the commonest
    colour of the ring at the frame, in CIE Lab, and all that is joined to the frame and within reach of that colour;
    the reach follows the noise of the ring. Pixels of the same hue that are joined to
    it by soft steps are its shading: contact shadows, a ground that falls off. The
    rest, without specks, is the product; what it encloses belongs to it, so that a white label on a white background
    survives as long as its outline does.

    Blind spots: product and background of one colour without an outline; a smooth pale side of a product whose outline
    has gaps, which passes for shading; scenes; two backgrounds (wall and floor).
    The confidence says so: it falls with a restless ring, a product that hardly differs, and fragments.
    """
    alpha = picture.alpha_rung(RUNG)
    if alpha is not None and _used(alpha):
        return _from_alpha(alpha)
    lab = picture.once(small_lab)
    background = _learn(ring(lab))
    near, soft, distance = _classify(lab, picture.once(_steps), background)
    outside = _joined_to_frame(near, soft)
    product, kept = _without_specks(cv2.bitwise_not(outside))
    shadow = np.asarray(cv2.bitwise_and(outside, cv2.bitwise_not(near)), dtype=np.uint8)
    plain = np.asarray(cv2.bitwise_and(outside, near), dtype=np.uint8)
    return Segmentation(
        product=product,
        background=plain,
        shadow=shadow,
        colour=lab_to_rgb(background.lab),
        ring_share=background.share,
        confidence=_confidence(background, product, distance, kept),
    )


def _used(alpha: Pixels) -> bool:
    """Whether the frame is mostly transparent and something is not."""
    return float(np.mean(ring(alpha) < 128)) > 0.3 and float(np.mean(alpha >= 128)) > 0.001  # noqa: PLR2004 - half of 255


def _from_alpha(alpha: Pixels) -> Segmentation:
    product, _ = _without_specks(between(alpha, 128, 255))
    seen = between(alpha, 9, 255)
    return Segmentation(
        product=product,
        background=np.asarray(cv2.bitwise_not(seen), dtype=np.uint8),
        shadow=np.asarray(cv2.bitwise_and(seen, cv2.bitwise_not(product)), dtype=np.uint8),
        colour=(255, 255, 255),
        ring_share=float(np.mean(ring(alpha) < 128)),  # noqa: PLR2004 - half of 255
        confidence=1.0,
    )


def between(image: cv2.typing.MatLike, lowest: Bound, highest: Bound) -> Pixels:
    """Mask (h, w) of the pixels whose every channel lies between two bounds, both included."""
    return np.asarray(cv2.inRange(image, np.atleast_1d(lowest), np.atleast_1d(highest)), dtype=np.uint8)


def ring(image: Pixels, share: float = RING_SHARE) -> Pixels:
    """The pixels within `share` of the short side from the frame, as a list (n, channels) or (n,)."""
    height, width = image.shape[:2]
    band = max(1, round(share * min(height, width)))
    tail = image.shape[2:]
    if min(height, width) <= 2 * band:
        return image.reshape(-1, *tail)
    inner = image[band : height - band]
    parts = (image[:band], image[height - band :], inner[:, :band], inner[:, width - band :])
    return np.concatenate([part.reshape(-1, *tail) for part in parts])


def _learn(pixels: Pixels) -> _Background:
    """The commonest colour of the ring and its spread."""
    values = np.ascontiguousarray(pixels[:: 1 + len(pixels) // ENOUGH].T).astype(np.int16)
    cells = (values.astype(np.int32) + 4) >> 3  # cells are centred on neutral grey, which would else lie on a border
    commonest = int(np.bincount((cells[0] << 12) | (cells[1] << 6) | cells[2]).argmax())
    centre = np.array([[commonest >> 12], [(commonest >> 6) & 63], [commonest & 63]], dtype=np.int16) * 8
    near = values
    for reach in (14, 10):
        near = values[:, np.abs(values - centre).max(axis=0) <= reach]
        centre = _median(near)
    spread = [1.2533 * float(value) for value in np.abs(near - centre).mean(axis=1)]
    light_reach = min(max(6.0, 3 + 3 * spread[0]), WIDEST_LIGHT)
    colour_reach = min(max(5.0, 3 + 3 * max(spread[1], spread[2])), WIDEST_COLOUR)
    reaches = np.array([[light_reach], [colour_reach], [colour_reach]])
    share = np.count_nonzero((np.abs(values - centre) <= reaches).all(axis=0)) / values.shape[1]
    light, a, b = (int(value) for value in centre[:, 0])
    return _Background((light, a, b), light_reach, colour_reach, float(share))


def _median(values: NDArray[np.int16]) -> NDArray[np.int16]:
    """The median of each row (the upper one of two), shape (rows, 1): sorting small integers beats np.median here."""
    middle = values.shape[1] // 2
    return np.sort(values, axis=1, kind="stable")[:, middle : middle + 1]


def _classify(lab: Pixels, steps: Pixels, background: _Background) -> tuple[Pixels, Pixels, Pixels]:
    """Masks of what is near the background's colour and of what may be its shading, and the distance (h, w) from it."""
    light, a, b = background.lab
    reach = np.array([background.light_reach, background.colour_reach, background.colour_reach])
    centre = np.array([light, a, b])
    near = between(lab, centre - reach, centre + reach)
    tint = background.colour_reach + 3
    drift = np.array([DEEPEST_SHADE, tint, tint])
    shaded = between(lab, centre - drift, centre + drift)
    smooth = between(steps, 0, LARGEST_SOFT_STEP)
    calm = cv2.erode(smooth, _SQUARE)  # outlines have gaps; shading must not leak through them
    soft = cv2.bitwise_and(shaded, calm)
    off = cv2.absdiff(lab, np.array([light, a, b, 0], dtype=np.float64))
    return near, np.asarray(soft, np.uint8), np.asarray(off, np.uint8)


def _steps(picture: Picture) -> Pixels:
    """Luma range of 3 × 3 pixels at the size of the small rung.

    Taken on a finer rung, where the steps of a soft shadow are smaller and those of an outline are not.
    """
    steps = cv2.morphologyEx(picture.luma_rung(FINE_RUNG), cv2.MORPH_GRADIENT, _SQUARE)
    height, width = picture.rung(RUNG).shape[:2]
    if steps.shape != (height, width):
        steps = cv2.dilate(steps, _SQUARE)
        steps = cv2.resize(steps, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(steps, dtype=np.uint8)


def _joined_to_frame(near: Pixels, soft: Pixels) -> Pixels:
    """What of the two masks is joined to background colour at the frame of the picture."""
    passable = cv2.bitwise_or(near, soft)
    for side in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        passable[side] = near[side]  # a grey product that touches the frame is no shadow
    padded = cv2.copyMakeBorder(passable, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=_OUT)
    cv2.floodFill(padded, None, (0, 0), 1)
    return between(padded, 1, 1)[1:-1, 1:-1]


def _without_specks(mask: cv2.typing.MatLike) -> tuple[Pixels, float]:
    """The mask without its small parts, and the share of its area that was kept."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask), connectivity=8)
    if count <= 1:
        return np.zeros(mask.shape[:2], np.uint8), 0.0
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.int64)
    areas[0] = 0
    keep = areas >= max(0.02 * areas.max(), 0.0003 * mask.shape[0] * mask.shape[1])
    if keep[1:].all():
        return np.asarray(mask, dtype=np.uint8), 1.0
    table = np.where(keep, _OUT, 0).astype(np.uint8)
    return table[labels], float(areas[keep].sum() / areas.sum())


def _confidence(background: _Background, product: Pixels, off: Pixels, kept: float) -> float:
    """A product of five doubts, each 0 to 1."""
    area = cv2.countNonZero(product) / product.size
    if area == 0:
        return 0.0
    light, a, b, _ = cv2.mean(off, product)
    low, high = (0.45, 0.95)
    if background.light_reach <= CALM_REACH and background.lab[0] >= LIGHT_GREY:  # a studio ground proves itself
        low, high = (0.1, 0.4) if background.lab[0] >= STUDIO_WHITE else (0.2, 0.6)
    agreement = ramp(background.share, low, high)
    calm = 1 - ramp(max(background.light_reach / WIDEST_LIGHT, background.colour_reach / WIDEST_COLOUR), 0.5, 1.0)
    contrast = ramp(max(light / background.light_reach, max(a, b) / background.colour_reach), 1.2, 4.0)
    whole = ramp(kept, 0.6, 0.95)
    size = ramp(area, 0.0005, 0.004) * (1 - ramp(area, 0.93, 0.99))
    return agreement * calm * contrast * whole * size
