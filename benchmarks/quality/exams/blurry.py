"""Out of focus or moved: the check `blurry` on studio photographs blurred by known amounts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from exam import Asked, Bound, Data, Exam, Item, Kind, Sense, Wanted
from looking import columns_of
from shop_pictures import MAGENTO2, TAILWIND, spread, studio
from spoiled import BLURS, jpeg, unchanged

from packshot.evaluate.checks.blurry import BlurryParams
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shop_pictures import Photo


def _made(photo: Photo, name: str) -> bytes:
    return jpeg({**BLURS, "encoded again": unchanged}[name](decode(photo.path.read_bytes()).rgb))


def _laplacian(data: bytes) -> float:
    """The logarithm of the variance of the Laplacian of the whole picture, as common tools take it."""
    grey = cv2.cvtColor(decode(data).rgb, cv2.COLOR_RGB2GRAY)
    return float(np.log1p(cv2.Laplacian(grey, cv2.CV_64F).var()))


def _item(photo: Photo, name: str, data: bytes, *, blurred: bool) -> Item:
    found, cpu_ms = columns_of(data, "sharpness")
    sharpness = found["sharpness"]
    return Item(
        id=f"{photo.path.stem}, {name}",
        slice=name,
        score=sharpness if isinstance(sharpness, float) else None,
        truth=blurred,
        baselines={"variance of the Laplacian": _laplacian(data)},
        group=photo.listing,
        picture=photo.path if name == "untouched" else partial(_made, photo, name),
        cpu_ms=cpu_ms,
    )


def items(asked: Asked) -> Iterator[Item]:
    """Each photograph as it is, encoded again, and blurred in every way."""
    for photo in spread(studio(asked), asked.some(24, 1000)):
        yield _item(photo, "untouched", photo.path.read_bytes(), blurred=False)
        yield _item(photo, "encoded again", _made(photo, "encoded again"), blurred=False)
        for name in BLURS:
            yield _item(photo, name, _made(photo, name), blurred=True)


EXAM = Exam(
    title="Out of focus: the check `blurry`",
    kind=Kind.DECISION,
    items=items,
    data=(MAGENTO2, TAILWIND, Data("their copies, blurred", "as the originals", synthetic=True)),
    bound=Bound.of(BlurryParams(), "min_sharpness", Sense.BELOW),
    set_on="drawn pictures (`packshot.testing`); the untouched photographs were in view when it was last looked over",
    baselines={"variance of the Laplacian": Sense.BELOW},
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    about="Every blur is made: pictures that a lens left soft are not among them.",
)
