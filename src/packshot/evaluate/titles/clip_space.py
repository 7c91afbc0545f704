"""The space of a CLIP of the user's own, which has pictures and texts in it from the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.evaluate.clip_vectors import picture_vector, text_vectors
from packshot.evaluate.features import MODEL as NAMES
from packshot.evaluate.features import class_names
from packshot.evaluate.titles.space import Space, Words
from packshot.evaluate.titles.title_map import unit, with_colours_and_words
from packshot.models.clip import IMAGE, TEXT, hold_pair
from packshot.models.sources import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.media.picture import Picture

VERSION = 1
"""Raise it when the agreement of the same vectors, colours and words changes."""
FIRST_THING, EVERY = 398, 2
"""Of the classes of ImageNet, the animals come first; every second one of the things after them is enough."""
FAIR, BOUND = 2.0, -0.5
"""How many deviations above the names of other things speak neither for nor against a title, and how many get 0.05, the
bound of `wrong_product`. No CLIP could be had to measure them with. The bound is where the same form of agreement, in
the space of the map that ships, takes as few own titles for wrong ones as the map itself does."""
STEEP = float(np.log(19)) / (FAIR - BOUND)


class ClipSpace(Space):
    """By the cosine, set against that of the names of other things with the same picture.

    Cosines of a CLIP lie in a narrow band that differs from model to model and from picture to picture. What is kept of
    one is how many standard deviations it lies above those of some 300 names of things: alike for every CLIP, and
    independent of what else is in the workspace.
    """

    measure: ClassVar = "embedding_clip"
    picture_model: ClassVar = IMAGE
    text_model: ClassVar = TEXT
    table: ClassVar = "vectors/clip_text"
    length: ClassVar = None
    needs: ClassVar = (IMAGE, TEXT, NAMES)

    def version(self) -> str:
        """The text half, its tokenizer, and the names."""
        return f"clip{VERSION} {TEXT}@{version_of(TEXT)} {NAMES}@{version_of(NAMES)}"

    def others(self) -> tuple[str, ...]:
        """Names of things."""
        return class_names()[FIRST_THING::EVERY]

    def text_vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """By the text half."""
        return text_vectors(texts)

    def words(self, titles: NDArray[np.float16], categories: NDArray[np.float16], others: NDArray[np.float16]) -> Words:
        """Title and category weigh the same; all is centred on the mean of the names. ModelError for no pair."""
        hold_pair()
        centre = others.astype(np.float32).mean(axis=0)
        title, category = (_centred(each, centre) for each in (titles, categories))
        return _Words(unit(title + category), _centred(others, centre))

    def picture_vector(self, picture: Picture) -> NDArray[np.float16]:
        """By the image half."""
        return picture_vector(picture)

    def nearness(self, pictures: NDArray[np.float16], text: NDArray[np.float16]) -> NDArray[np.float32]:
        """The cosine. Raises ModelError where the halves are not of one CLIP."""
        hold_pair()
        return self.likeness(pictures, text)

    def likeness(self, pictures: NDArray[np.float16], one: NDArray[np.float16]) -> NDArray[np.float32]:
        """The cosine."""
        return np.asarray(unit(pictures.astype(np.float32)) @ unit(one[None].astype(np.float32))[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    texts: NDArray[np.float32]
    others: NDArray[np.float32]

    def agreement(
        self,
        pictures: NDArray[np.float16],
        of: NDArray[np.int64],
        words: NDArray[np.int64],
        colours: NDArray[np.float32] | None,
        read: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:
        vectors = unit(pictures.astype(np.float32))
        against = vectors @ self.others.T
        cosines = np.einsum("ij,ij->i", vectors[of], self.texts[words])
        deviations = (cosines - against.mean(axis=1)[of]) / np.maximum(against.std(axis=1)[of], 1e-6)
        return with_colours_and_words(STEEP * (deviations - FAIR), colours, read)


def _centred(vectors: NDArray[np.float16], centre: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of length 1; what is not there stays zero."""
    given = vectors.any(axis=1, keepdims=True)
    return unit(np.where(given, vectors.astype(np.float32) - centre, np.float32(0)))
