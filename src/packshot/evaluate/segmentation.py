"""Tells the product from a plain background, once for all measures that ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.arithmetic import ramp
from packshot.evaluate.lab import lab_to_rgb, rgb_to_lab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.media.picture import Picture, Pixels

RUNG = 128
"""Long side, in pixels, of the smallest rung that is segmented; the box is exact to one of these pixels."""
FINE_RUNG = 256
"""Long side, in pixels, of the rung that outlines are looked for on."""
RING_SHARE = 0.02
"""Width of the ring at the frame that the background is learnt from, as a share of the short side."""
CONFIDENT = 0.5
"""From this confidence on, other measures look at the product instead of the whole picture. A half, by meaning; what
masks of that confidence are worth is in `training/matte_confidence.md`."""

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
    ground: tuple[int, int, int]
    """Median of the background in 8-bit Lab."""
    ring_share: float
    """Share of the ring at the frame that has the background's colour."""
    confidence: float
    """0 to 1: high only where the background is plain and differs from the product."""
    from_alpha: bool = False
    """Whether the picture's own transparency says what the product is."""

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """x, y, w, h of the product in pixels of the rung; None when there is none."""
        x, y, w, h = cv2.boundingRect(self.product)
        return (x, y, w, h) if w and h else None

    @property
    def colour(self) -> tuple[int, int, int]:
        """Median of the background in RGB."""
        return lab_to_rgb(self.ground)

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


def small_lab_planes(picture: Picture) -> tuple[Pixels, Pixels, Pixels]:
    """L, a and b of `small_lab`, each (h, w): one channel at a time is filtered many times as fast as three."""
    light, a, b = cv2.split(picture.once(small_lab))
    return np.asarray(light, dtype=np.uint8), np.asarray(a, dtype=np.uint8), np.asarray(b, dtype=np.uint8)


def small_channels(picture: Picture) -> tuple[Pixels, Pixels, Pixels]:
    """Red, green and blue of the small rung, each (h, w)."""
    red, green, blue = cv2.split(picture.rung(RUNG))
    return np.asarray(red, dtype=np.uint8), np.asarray(green, dtype=np.uint8), np.asarray(blue, dtype=np.uint8)


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
    background = _learn(ring(picture.once(small_lab)))
    near, soft, distance = _classify(picture.once(small_lab_planes), picture.once(_steps), background)
    outside = _joined_to_frame(near, soft)
    product, kept = _without_specks(np.asarray(cv2.bitwise_not(outside), dtype=np.uint8))
    shadow = np.asarray(cv2.bitwise_and(outside, cv2.bitwise_not(near)), dtype=np.uint8)
    plain = np.asarray(cv2.bitwise_and(outside, near), dtype=np.uint8)
    return Segmentation(
        product=product,
        background=plain,
        shadow=shadow,
        ground=background.lab,
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
        ground=(255, 128, 128),
        ring_share=float(np.mean(ring(alpha) < 128)),  # noqa: PLR2004 - half of 255
        confidence=1.0,
        from_alpha=True,
    )


def between(plane: cv2.typing.MatLike, lowest: int, highest: int) -> Pixels:
    """Mask (h, w) of the pixels of an 8-bit plane that lie between two bounds, both included."""
    if lowest <= 0:
        mask = cv2.threshold(plane, highest, _OUT, cv2.THRESH_BINARY_INV)[1]
    elif highest >= _OUT:
        mask = cv2.threshold(plane, lowest - 1, _OUT, cv2.THRESH_BINARY)[1]
    else:
        mask = cv2.inRange(plane, lowest, highest)
    return np.asarray(mask, dtype=np.uint8)


def off(plane: Pixels, level: float) -> Pixels:
    """How far each pixel of an 8-bit plane is from a level."""
    return np.asarray(cv2.absdiff(plane, float(level)), dtype=np.uint8)  # type: ignore[call-overload] # scalars, too


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
    thinned = np.ascontiguousarray(pixels[:: 1 + len(pixels) // ENOUGH])
    # Cells of 8 levels are centred on neutral grey, which would else lie on a border.
    cells = cv2.calcHist([thinned[:, None]], [0, 1, 2], None, [33, 33, 33], [-4, 260] * 3)
    light, rest = divmod(int(cells.argmax()), 33 * 33)
    centre = np.array([[light], [rest // 33], [rest % 33]], dtype=np.int16) * 8
    values = near = np.ascontiguousarray(thinned.T).astype(np.int16)
    for reach in (14, 10):
        near = values.compress(np.abs(values - centre).max(axis=0) <= reach, axis=1)
        centre = _median(near)
    spread = (1.2533 * np.abs(near - centre).mean(axis=1)).tolist()
    light_reach = min(max(6.0, 3 + 3 * spread[0]), WIDEST_LIGHT)
    colour_reach = min(max(5.0, 3 + 3 * max(spread[1], spread[2])), WIDEST_COLOUR)
    reaches = np.array([[light_reach], [colour_reach], [colour_reach]])
    share = float(np.mean((np.abs(values - centre) <= reaches).all(axis=0)))
    lab = centre[:, 0].tolist()
    return _Background((lab[0], lab[1], lab[2]), light_reach, colour_reach, share)


def _median(values: NDArray[np.int16]) -> NDArray[np.int16]:
    """The median of each row (the upper one of two), shape (rows, 1): sorting small integers beats np.median here."""
    middle = values.shape[1] // 2
    return np.sort(values, axis=1, kind="stable")[:, middle : middle + 1]


def _classify(
    lab: tuple[Pixels, Pixels, Pixels], steps: Pixels, background: _Background
) -> tuple[Pixels, Pixels, tuple[Pixels, Pixels]]:
    """Masks of what is near the background's colour and of what may be its shading.

    And the distance from that colour: of the light, and the larger one of a and b; each (h, w).
    """
    light, a, b = (off(plane, level) for plane, level in zip(lab, background.lab, strict=True))
    colour = cv2.max(a, b)
    light_reach, colour_reach = round(background.light_reach), round(background.colour_reach)
    near = cv2.bitwise_and(between(light, 0, light_reach), between(colour, 0, colour_reach))
    shaded = cv2.bitwise_and(between(light, 0, DEEPEST_SHADE), between(colour, 0, colour_reach + 3))
    calm = cv2.erode(between(steps, 0, LARGEST_SOFT_STEP), _SQUARE)  # outlines have gaps; shading must not leak through
    soft = cv2.bitwise_and(shaded, calm)
    return np.asarray(near, dtype=np.uint8), np.asarray(soft, dtype=np.uint8), (light, np.asarray(colour, np.uint8))


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


def _without_specks(mask: Pixels) -> tuple[Pixels, float]:
    """The mask without its small parts, and the share of its area that was kept. What a part encloses belongs to it."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if len(outlines) <= 1:
        return mask, float(len(outlines))
    # G. Pick's theorem: the outline runs through the middles of the outermost pixels.
    areas = [cv2.contourArea(outline) + len(outline) / 2 + 1 for outline in outlines]
    least = max(0.02 * max(areas), 0.0003 * mask.size)
    specks = [outline for outline, area in zip(outlines, areas, strict=True) if area < least]
    if not specks:
        return mask, 1.0
    kept = cv2.drawContours(mask.copy(), specks, -1, 0, cv2.FILLED)
    return np.asarray(kept, dtype=np.uint8), sum(area for area in areas if area >= least) / sum(areas)


def _confidence(background: _Background, product: Pixels, distance: tuple[Pixels, Pixels], kept: float) -> float:
    """A product of five doubts, each 0 to 1."""
    area = cv2.countNonZero(product) / product.size
    if area == 0:
        return 0.0
    # A sum over what the mask leaves is many times as fast as a mean with a mask.
    light, colour = (cv2.sumElems(cv2.bitwise_and(each, product))[0] / (area * product.size) for each in distance)
    low, high = (0.45, 0.95)
    if background.light_reach <= CALM_REACH and background.lab[0] >= LIGHT_GREY:  # a studio ground proves itself
        low, high = (0.1, 0.4) if background.lab[0] >= STUDIO_WHITE else (0.2, 0.6)
    agreement = ramp(background.share, low, high)
    calm = 1 - ramp(max(background.light_reach / WIDEST_LIGHT, background.colour_reach / WIDEST_COLOUR), 0.5, 1.0)
    contrast = ramp(max(light / background.light_reach, colour / background.colour_reach), 1.2, 4.0)
    whole = ramp(kept, 0.6, 0.95)
    size = ramp(area, 0.0005, 0.004) * (1 - ramp(area, 0.93, 0.99))
    return agreement * calm * contrast * whole * size
