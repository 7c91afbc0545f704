"""Where the product is, by the classical segmentation: cut-outs with exact alpha on plain grounds and in scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import GROUNDS, composed, cutouts, iou
from exam import Asked, Bound, Data, Exam, Item, Kind, Overlay, Sense, Wanted
from looking import timed
from shop_pictures import CLOTHING, GROCERY, SOLIDUS
from spoiled import jpeg

from packshot.evaluate.segmentation import between, segment
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compose import CutOut
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

OTSU, CEILING = "Otsu on the distance from the frame's colour", "the truth at the mask's size"
RIGHT = Bound(0.9, "what is counted as right", Sense.AT_LEAST)


def _otsu(rgb: Pixels) -> Pixels:
    """Distance from the median colour of the frame, cut in two by N. Otsu's threshold (1979)."""
    frame = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    off = np.abs(rgb.astype(np.int16) - np.median(frame, axis=0).astype(np.int16)).max(axis=2)
    return np.asarray(cv2.threshold(off.astype(np.uint8), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)


def _item(asked: Asked, cutout: CutOut, ground: str, seed: int) -> Item:
    made = composed(asked, cutout, ground, "score", seed=seed)
    data = jpeg(made.rgb)
    picture = decode(data)
    found, cpu_ms = timed(lambda: segment(picture))
    as_small = cv2.resize(made.alpha, found.product.shape[::-1], interpolation=cv2.INTER_AREA)
    small = cv2.resize(made.alpha, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return Item(
        id=f"{cutout.name} on {ground}, seed {seed}",
        slice=ground,
        score=iou(found.product, made.alpha),
        baselines={OTSU: iou(_otsu(picture.rgb), made.alpha), CEILING: iou(between(as_small, 128, 255), made.alpha)},
        group=cutout.group,
        picture=data,
        overlay=Overlay(truth_mask=np.asarray(small, np.uint8), found_mask=found.product),
        note=f"{cutout.kind}; confidence {found.confidence:.2f}",
        cpu_ms=cpu_ms,
    )


def items(asked: Asked) -> Iterator[Item]:
    """Every cut-out on every ground."""
    these = cutouts(asked, "score", seeds=asked.some(1, 4), size_px=asked.some(500, 700))
    for number, cutout in enumerate(these):
        for ground in GROUNDS:
            for seed in range(asked.some(1, 5)):
                yield _item(asked, cutout, ground, number * 100 + seed)


EXAM = Exam(
    title="Where the product is: IoU of the classical mask",
    kind=Kind.LEVEL,
    items=items,
    data=(
        Data(f"{SOLIDUS.name} and drawn products, composed", f"{SOLIDUS.licence}, Apache-2.0", synthetic=True),
        Data(f"scenes: {CLOTHING.name}, {GROCERY.name}", f"{CLOTHING.licence}, {GROCERY.licence}"),
    ),
    bound=RIGHT,
    set_on="nothing: the method is not fitted; it was looked over on drawn pictures and on these shops' photographs",
    baselines={OTSU: Sense.AT_LEAST, CEILING: Sense.AT_LEAST},
    wanted=tuple(Wanted("mean", 0.95, of=ground) for ground in ("white", "grey", "coloured", "gradient"))
    + tuple(Wanted("mean", 0.88, of=ground) for ground in ("surface", "shelf", "room")),
    about=(
        "The mask is made on a rung of 128 to 255 pixels; the second baseline, the truth made as small, is the most "
        "that it could reach. Scenes are not what it is for."
    ),
)
