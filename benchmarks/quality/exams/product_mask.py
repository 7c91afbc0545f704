"""Where the product is on any background: the shared mask, on cut-outs with exact alpha and on hard cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from compose import GROUNDS, PLAIN, SCENES, composed, drawn_products, iou, renders
from exam import Asked, Bound, Data, Exam, Item, Kind, NoData, Overlay, Sense, Wanted
from hard_products import hard_products
from looking import timed
from shop_pictures import CLOTHING, GROCERY, SOLIDUS, photos
from spoiled import jpeg

from packshot.evaluate.feature_maps import MODEL
from packshot.evaluate.product_matte import DECODER, product_matte
from packshot.evaluate.segmentation import segment
from packshot.media.decode import decode
from packshot.models import desk
from packshot.models.own import checksum_of
from packshot.models.sources import version_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

    Pixels = NDArray[np.uint8]

CLASSICAL, FULL = "classical segmentation", "u2netp at 320"
WHOLE_MODEL, WHOLE_SIDE = "u2netp", 320
RIGHT = Bound(0.9, "what is counted as right", Sense.AT_LEAST)


def _whole_model(picture: Picture) -> Pixels:
    """U2-Net's small model as its authors run it: 320 × 320, the mask stretched to 0 to 1 and cut at a half."""
    small = cv2.resize(picture.rgb, (WHOLE_SIDE, WHOLE_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    ready = (small / max(1.0, float(small.max())) - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    answer = desk.run(WHOLE_MODEL, ready.transpose(2, 0, 1)[None].astype(np.float32))[0][0, 0]
    return np.asarray(cv2.normalize(answer, None, 0, 255, cv2.NORM_MINMAX), np.float32).astype(np.uint8)


def _item(name: str, slice_: str, group: str, data: bytes, truth: Pixels) -> Item:
    picture = decode(data)
    classical = segment(picture)
    fresh = decode(data)
    found, cpu_ms = timed(lambda: fresh.once(product_matte))
    shown = cv2.resize(truth, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return Item(
        id=name,
        slice=slice_,
        score=None if found is None else iou(found.mask, truth),
        baselines={CLASSICAL: iou(classical.product, truth), FULL: iou(_whole_model(picture), truth)},
        group=group,
        picture=data,
        overlay=Overlay(truth_mask=np.asarray(shown, np.uint8), found_mask=None if found is None else found.product),
        note="nothing found" if found is None else f"by {found.by.value}, confidence {found.confidence:.2f}",
        cpu_ms=cpu_ms,
    )


def _as_found(asked: Asked) -> Iterator[Item]:
    """The renders with their own transparency, as they lie in the shop."""
    for photo in photos(asked, "solidus")[:: asked.some(6, 1)]:
        data = photo.path.read_bytes()
        picture = decode(data)
        if picture.alpha is not None:
            yield _item(photo.path.stem, "own alpha", photo.listing, data, picture.alpha)


def items(asked: Asked) -> Iterator[Item]:
    """Every cut-out on every ground, the renders with their own alpha, and the hard cases."""
    if missing := lacking((MODEL, WHOLE_MODEL)):
        raise NoData(f"not here: {', '.join(missing)} (packshot models fetch)")
    product_matte(decode(jpeg(hard_products()[0].rgb)))  # what is loaded once is no picture's cost
    yield from _as_found(asked)
    drawn = drawn_products("score", seeds=asked.some(1, 4), size_px=asked.some(500, 700))
    for number, cutout in enumerate([*renders(asked, "score")[:: asked.some(6, 1)], *drawn]):
        for ground in GROUNDS:
            for seed in range(asked.some(1, 3)):
                made = composed(asked, cutout, ground, "score", seed=number * 100 + seed)
                name = f"{cutout.name} on {ground}, seed {seed}"
                yield _item(name, ground, cutout.group, jpeg(made.rgb), made.alpha)
    for hard in hard_products():
        yield _item(hard.name, hard.slice, hard.name, jpeg(hard.rgb), hard.alpha)


def _models() -> Mapping[str, str]:
    return {name: version_of(name) for name in (MODEL, WHOLE_MODEL)} | {DECODER: checksum_of(DECODER)[:8]}


EXAM = Exam(
    title="Where the product is on any background: IoU of the mask",
    kind=Kind.LEVEL,
    items=items,
    data=(
        Data(f"{SOLIDUS.name}: with their own alpha", SOLIDUS.licence),
        Data(f"{SOLIDUS.name} and drawn products, composed", f"{SOLIDUS.licence}, Apache-2.0", synthetic=True),
        Data(f"scenes: {CLOTHING.name}, {GROCERY.name}", f"{CLOTHING.licence}, {GROCERY.licence}"),
    ),
    bound=RIGHT,
    set_on=(
        "the decoder: scenes of its own and what u2netp says of photographs that are not held; filter and smallest "
        "part: the other half of these products and scenes (the split `tune`). They share no product and no photograph "
        "with what is scored"
    ),
    baselines={CLASSICAL: Sense.AT_LEAST, FULL: Sense.AT_LEAST},
    wanted=(
        *(Wanted("mean", 0.95, of=ground) for ground in ("own alpha", *PLAIN)),
        *(Wanted("mean", 0.88, of=ground) for ground in SCENES),
        *(Wanted("cpu_ms", 60, of=ground, most=True) for ground in SCENES),
    ),
    models=_models,
    about=(
        "A composed scene often holds a second thing that catches the eye as much (a drawn room has other products, a "
        "hand in the grocery holds one): what is then meant is known only to who composed it. Rooms and half of the "
        "products are drawn. The hard cases are few."
    ),
)
