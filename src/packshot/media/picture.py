"""A decoded picture, as a shopper would see it, and the views of it that measures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from packshot.media.header import Header

    Pixels: TypeAlias = NDArray[np.uint8]

T = TypeVar("T")


class Picture:
    """One decoded picture.

    `rgb` is (height, width, 3) uint8 in sRGB, with the EXIF orientation applied and alpha composited on white;
    `alpha` is (height, width) uint8, or None where every pixel is opaque. Views are made once and kept: a measure never
    decodes, and never resizes what another measure has resized already. Treat every array as read-only.
    """

    __slots__ = ("_shared", "alpha", "file", "header", "intact", "rgb")

    def __init__(
        self, header: Header, rgb: Pixels, alpha: Pixels | None = None, *, intact: bool = True, file: bytes = b""
    ) -> None:
        """Hold the decoded pixels; `intact` is False when the decoder had to repair or skip data.

        `file` is what was decoded, for what stands beside the pixels; empty where a picture was made without a file.
        """
        self.header = header
        self.rgb = rgb
        self.alpha = alpha
        self.intact = intact
        self.file = file
        self._shared: dict[Callable[..., object], Any] = {}

    @property
    def height(self) -> int:
        """Displayed height in pixels."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Displayed width in pixels."""
        return int(self.rgb.shape[1])

    def once(self, make: Callable[[Picture], T]) -> T:
        """Give `make(self)`, computed by whoever asks first and shared with all who ask later."""
        if make not in self._shared:
            self._shared[make] = make(self)
        value: T = self._shared[make]
        return value

    def ladder(self) -> list[Pixels]:
        """RGB rungs: the native picture, then each half the one before, down to a long side of at least 64."""
        return self.once(_ladder)

    def rung(self, long_side: int) -> Pixels:
        """The smallest RGB rung whose long side is at least `long_side` (the native picture when it is smaller)."""
        rungs = self.ladder()
        return rungs[_index_at_least(rungs, long_side)]

    def luma_rung(self, long_side: int) -> Pixels:
        """Luma (Rec. 601, 0 to 255) of `rung(long_side)`, shape (h, w)."""
        index = _index_at_least(self.ladder(), long_side)
        lumas = self.once(_luma_cache)
        if index not in lumas:
            lumas[index] = np.asarray(cv2.cvtColor(self.ladder()[index], cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return lumas[index]

    def alpha_rung(self, long_side: int) -> Pixels | None:
        """Alpha, halved as the picture is, at the size of `rung(long_side)`; None where every pixel is opaque."""
        rungs = self.once(_alpha_ladder)
        return rungs[_index_at_least(rungs, long_side)] if rungs else None

    def native_luma(self, left: int, top: int, width: int, height: int) -> Pixels:
        """Luma of a native-resolution crop, for what must be measured on real pixels (sharpness, noise)."""
        crop = self.rgb[top : top + height, left : left + width]
        return np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


SMALLEST_RUNG = 64


def _ladder(picture: Picture) -> list[Pixels]:
    return _halves(picture.rgb)


def _alpha_ladder(picture: Picture) -> list[Pixels]:
    return [] if picture.alpha is None else _halves(picture.alpha)


def _halves(native: Pixels) -> list[Pixels]:
    # An odd last row or column is left out of the next rung: exact halving is fast and shifts nothing, and over all
    # rungs less than one pixel of the smallest one is lost at the right and lower edges.
    rungs = [native]
    while True:
        height, width = rungs[-1].shape[:2]
        if max(height, width) < 2 * SMALLEST_RUNG or min(height, width) == 1:
            return rungs
        even = rungs[-1][: height - height % 2, : width - width % 2]
        half = cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        rungs.append(np.asarray(half, dtype=np.uint8))


def _luma_cache(_picture: Picture) -> dict[int, Pixels]:
    return {}


def _index_at_least(rungs: list[Pixels], long_side: int) -> int:
    for index in range(len(rungs) - 1, 0, -1):  # measures ask for the small ones
        height, width, *_ = rungs[index].shape
        if height >= long_side or width >= long_side:
            return index
    return 0
