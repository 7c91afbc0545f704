"""Where the product is before a plain background, finer than the segmentation: no shadows, and gaps are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.evaluate.segmentation import STUDIO_WHITE, between, segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from packshot.evaluate.segmentation import Segmentation
    from packshot.media.picture import Picture, Pixels

SHADE_OFF = 8
"""Levels by which a channel of a shadow may differ from the ground's colour made darker."""
DEEPEST, LIGHTEST = 0.3, 0.985
"""Times the ground's light that a shadow has."""
STEPS = (16, 24, 32, 48)
"""Luma ranges of 3 × 3 pixels that shadows keep within, tried one after the other: a product's outline is steeper."""
LEFT = (0.6, 0.85, 0.9, 0.9)
"""Share of the mask that each must leave: less, and it went through an outline and not round a shadow."""
GAP_OFF = 5
"""Levels by which a channel may differ from the ground's colour in a gap of the product."""
GAP = 0.002
"""Smaller gaps, as a share of the product, stay closed."""
OUTLINE = 40
"""Range of a channel over 5 × 5 pixels at an outline of the product, where its shadow ends."""
SHARP = 0.7
"""Share of its border with the product at which a shadow ends at an outline; else it is a pale part of the product."""
STEEP = 0.5
"""Share of its border with the background at which a shadow may begin at an outline: they begin softly."""
FAINT = 20
"""Range of a channel over 5 × 5 pixels from which on an outline is seen at all."""
FAINTEST, NEAR = 6, 4
"""Range of a channel over 3 × 3 pixels that counts as a step, and how far from a mask it counts as outside."""
MARGIN = 2
"""Pixels around the mask that are looked at, too."""
_SQUARE = np.ones((3, 3), np.uint8)
_OUT, _TAKEN = 255, 1


def plain_matte(picture: Picture, working: int) -> Pixels:
    """The segmentation's product on the rung of `working` pixels, (h, w) of 0 or 255, for plain backgrounds.

    What the segmentation takes for product and is the ground's colour made darker, joined to the background, begins
    softly there and ends at an outline, is a shadow that is cast. Before a ground that is not white, what the product
    encloses and has the ground's colour is a gap (between a chair's legs, within a handle); before white it may as
    well be a white label, and stays.

    The bounds were set on composed pictures of the half that no exam scores (`benchmarks/quality/compose.py`, split
    `tune`; 150 pictures that the segmentation is confident of): after the guided filter the mean IoU rose from 0.902,
    0.914 and 0.927 to 0.955, 0.966 and 0.968 on white, grey and coloured grounds. Looked over on shops' photographs.

    Blind spots: a shadow as steep as an outline stays, and so does one that ends at none; a pale side of a product
    that begins softly and ends at an outline (a microwave oven's) is taken for one.
    """
    found = picture.once(segment)
    rgb = picture.rung(working)
    height, width = rgb.shape[:2]
    product = between(cv2.resize(found.product, (width, height), interpolation=cv2.INTER_LINEAR), 128, _OUT)
    x, y, w, h = cv2.boundingRect(product)
    here = np.s_[max(0, y - MARGIN) : y + h + MARGIN, max(0, x - MARGIN) : x + w + MARGIN]
    seen = _without_shadow(product[here], _shade(rgb[here], found), rgb[here], picture.luma_rung(working)[here])
    product[here] = seen if found.ground[0] >= STUDIO_WHITE else _with_gaps(seen, rgb[here], found)
    return product


def outlined_share(product: Pixels, rgb: Pixels) -> float:
    """Share of the outline of a mask (h, w) at which the picture (h, w, 3) has one, too; 1 for an empty mask.

    A mask that ends where nothing changes has lost a part of the product to the background: white on white, black on
    black. What lies on the picture's frame does not count.
    """
    outlines, _ = cv2.findContours(product, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    line = cv2.drawContours(np.zeros_like(product), outlines, -1, _OUT, 1)
    for side in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        line[side] = 0
    length = cv2.countNonZero(line)
    if not length:
        return 1.0
    seen = between(_ranges(rgb, 5), FAINT + 1, _OUT)
    return cv2.countNonZero(cv2.bitwise_and(line, seen)) / length


def left_out_share(product: Pixels, rgb: Pixels) -> float:
    """Pixels with a faint step of their own outside of a mask (h, w), for each pixel of its outline; 0 without a mask.

    A dark product before a dark ground shows in its highlights alone: a mask of those leaves edges outside.
    """
    outlines, _ = cv2.findContours(product, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    length = sum(len(outline) for outline in outlines)
    if not length:
        return 0.0
    steps = _ranges(rgb, 3)
    outside = cv2.bitwise_not(cv2.dilate(product, np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)))
    return cv2.countNonZero(cv2.bitwise_and(between(steps, FAINTEST + 1, _OUT), outside)) / length


def _ranges(rgb: Pixels, side: int) -> Pixels:
    """Range of `side` × `side` pixels, of the channel where it is largest."""
    square = np.ones((side, side), np.uint8)  # one channel at a time is filtered many times as fast as three
    red, green, blue = (cv2.morphologyEx(channel, cv2.MORPH_GRADIENT, square) for channel in cv2.split(rgb))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _shade(rgb: Pixels, found: Segmentation) -> Pixels:
    """Mask of the pixels that have the ground's colour, darker."""
    ground = np.array(found.colour, np.float32)
    channels = [channel.astype(np.float32) for channel in cv2.split(rgb)]
    shares = ground / max(1.0, float(ground @ ground))
    light = sum(channel * share for channel, share in zip(channels[1:], shares[1:], strict=True))
    light = np.asarray(light + channels[0] * shares[0], np.float32)
    shade = cv2.inRange(light, DEEPEST, LIGHTEST)
    for channel, level in zip(channels, ground, strict=True):
        shade = cv2.bitwise_and(shade, cv2.inRange(cv2.absdiff(channel, light * level), 0, SHADE_OFF))
    return np.asarray(shade, np.uint8)


def _without_shadow(product: Pixels, shade: Pixels, rgb: Pixels, luma: Pixels) -> Pixels:
    """The product without what is shade, soft, joined to the background, and ends at an outline."""
    steps = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, _SQUARE)
    outlines = between(_ranges(rgb, 5), OUTLINE, _OUT)
    outside = cv2.bitwise_not(product)
    for side in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        shade[side] = 0  # a product that touches the frame is not joined to the background there
    kept = product
    for steepest, least in zip(STEPS, LEFT, strict=True):
        soft = cv2.bitwise_and(shade, between(steps, 0, steepest))
        padded = cv2.copyMakeBorder(cv2.bitwise_or(outside, soft), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=_OUT)
        cv2.floodFill(padded, None, (0, 0), _TAKEN)
        joined = cv2.bitwise_and(kept, between(padded, _TAKEN, _TAKEN)[1:-1, 1:-1])
        if not cv2.countNonZero(joined):
            continue
        rest = cv2.bitwise_and(kept, cv2.bitwise_not(_ending_at(outlines, np.asarray(joined, np.uint8), kept)))
        if cv2.countNonZero(rest) < least * cv2.countNonZero(kept):
            break
        kept = np.asarray(rest, np.uint8)
    return kept


def _ending_at(outlines: Pixels, taken: Pixels, product: Pixels) -> Pixels:
    """The parts of `taken` whose border with the rest of the product is mostly an outline."""
    count, labels, _, _ = cv2.connectedComponentsWithStats(taken, connectivity=8)
    rest = cv2.bitwise_and(product, cv2.bitwise_not(taken))
    beside = cv2.bitwise_and(cv2.dilate(rest, _SQUARE), taken)
    at = np.bincount(labels[beside > 0], minlength=count)
    sharp = np.bincount(labels[cv2.bitwise_and(beside, outlines) > 0], minlength=count)
    free = cv2.bitwise_and(cv2.dilate(cv2.bitwise_not(product), _SQUARE), taken)
    begun = np.bincount(labels[free > 0], minlength=count)
    steep = np.bincount(labels[cv2.bitwise_and(free, outlines) > 0], minlength=count)
    ends = (sharp >= SHARP * at) & (steep <= STEEP * begun)
    ends[0] = False
    return np.where(ends[labels], np.uint8(_OUT), np.uint8(0))


def _with_gaps(product: Pixels, rgb: Pixels, found: Segmentation) -> Pixels:
    low, high = ([min(255, max(0, level + by)) for level in found.colour] for by in (-GAP_OFF, GAP_OFF))
    same = cv2.bitwise_and(cv2.inRange(rgb, np.array(low), np.array(high)), product)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(same, np.uint8), connectivity=4)
    large = stats[1:count, cv2.CC_STAT_AREA] >= max(4.0, GAP * cv2.countNonZero(product))
    if not large.any():
        return product
    gaps: NDArray[np.bool_] = np.concatenate([[False], large])
    return np.where(gaps[labels], np.uint8(0), product)
