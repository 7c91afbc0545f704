"""The product of one picture: its mask, outline or cut-out, without a workspace."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from packshot.core.errors import MediaError, PackshotError
from packshot.evaluate.outlines import END, outline
from packshot.evaluate.product_matte import HALF, native_mask, product_matte
from packshot.evaluate.product_place import product_place
from packshot.evaluate.segmentation import between
from packshot.media.decode import decode
from packshot.media.encode import encode_png
from packshot.media.limits import DEFAULT_LIMITS
from packshot.media.read import read_limited

if TYPE_CHECKING:
    from packshot.evaluate.product_matte import Matte
    from packshot.media.picture import Pixels

INK, HALO = (11, 99, 209), (255, 255, 255)
"""RGB of a drawn outline and of the line around it."""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """Where the product is; numbers are shares of the picture."""

    file: str
    by: str
    """`alpha`, `plain` (from a plain background, without a model) or `model`."""
    confidence: float
    box: tuple[float, float, float, float]
    """x, y, w, h."""
    fill_share: float
    area_share: float
    centering: float
    cut_off_edges: tuple[str, ...]
    outline: list[list[tuple[float, float]]]
    """Polygons of the largest parts, at most 100 corners together."""

    def as_dict(self) -> dict[str, object]:
        """JSON values."""
        return asdict(self)


class ProductMask:
    """The product of one picture."""

    def __init__(self, picture: Path | str | bytes, *, name: str = "") -> None:
        """Find it in a file, or in the bytes of one.

        Raises MediaError for a file that cannot be read or decoded, ModelMissing or MissingExtra where only a model
        can tell and none is here, and PackshotError where nothing stands out.
        """
        self.file = name or ("-" if isinstance(picture, bytes) else str(picture))
        try:
            data = picture if isinstance(picture, bytes) else read_limited(Path(picture))
            DEFAULT_LIMITS.check_bytes(len(data))
            self._picture = decode(data)
        except MediaError as error:
            raise MediaError(error.kind, f"{self.file}: {error.message}") from error
        matte = self._picture.once(product_matte)
        if matte is None or product_place(matte.product) is None:
            raise PackshotError(f"{self.file}: nothing stands out from the rest.", "Is it a picture of a product?")
        self._matte: Matte = matte

    @cached_property
    def _mask(self) -> Pixels:
        mask = native_mask(self._picture)
        if mask is None:
            raise PackshotError(f"{self.file}: nothing stands out from the rest.")
        return mask

    def mask(self) -> bytes:
        """An 8-bit grey PNG of the picture's size: 255 where it is product."""
        return encode_png(self._mask)

    def cutout(self) -> bytes:
        """The picture as PNG with the mask for its transparency."""
        rgb = self._picture.rgb
        if self._mask is self._picture.alpha:  # shown on white: what was seen through the product is taken out again
            share = np.maximum(self._mask, 1)[..., None] / np.float32(255)
            rgb = np.clip(np.rint(255 - (255 - rgb.astype(np.float32)) / share), 0, 255).astype(np.uint8)
        return encode_png(np.dstack([rgb, self._mask]))

    def drawn(self) -> bytes:
        """The picture as PNG with the product's outline drawn on it."""
        rgb = self._picture.rgb.copy()
        found, _ = cv2.findContours(between(self._mask, HALF, 255), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        thick = max(1, round(max(rgb.shape) / 400))
        cv2.drawContours(rgb, found, -1, HALO, 3 * thick, cv2.LINE_AA)
        cv2.drawContours(rgb, found, -1, INK, thick, cv2.LINE_AA)
        return encode_png(rgb)

    def found(self) -> FoundProduct:
        """Where the product is, in numbers."""
        product = self._matte.product
        place = product_place(product)
        if place is None:
            raise PackshotError(f"{self.file}: nothing stands out from the rest.")
        return FoundProduct(
            self.file,
            self._matte.by.value,
            self._matte.confidence,
            place.box,
            place.fill,
            place.area,
            place.centering,
            place.cut_off,
            _polygons(outline(product) or ()),
        )


def _polygons(numbers: tuple[float, ...]) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = [[]]
    for corner in zip(numbers[::2], numbers[1::2], strict=True):
        if corner == END:
            found.append([])
        else:
            found[-1].append(corner)
    return [polygon for polygon in found if polygon]
