"""The space that ships: titles by MiniLM, and pictures mapped to them from what EfficientNet-lite0 sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from packshot.evaluate.features import MODEL as EYES
from packshot.evaluate.features import seen
from packshot.evaluate.titles.space import Space, Words
from packshot.evaluate.titles.title_map import title_map, unit, version
from packshot.evaluate.titles.title_vectors import LENGTH, MODEL, text_vectors
from packshot.models import desk
from packshot.models.sources import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from packshot.media.picture import Picture


class MapSpace(Space):
    """By the map of `title_map`."""

    measure: ClassVar = "embedding"
    picture_model: ClassVar = EYES
    text_model: ClassVar = MODEL
    table: ClassVar = "vectors/minilm_l6_int8"
    length: ClassVar = LENGTH
    needs: ClassVar = (EYES, MODEL)

    def version(self) -> str:
        """The map and the model for texts."""
        return f"{version()} {MODEL}@{version_of(MODEL)}"

    def text_vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """By MiniLM."""
        return text_vectors(texts)

    def words(
        self,
        titles: NDArray[np.float16],
        categories: NDArray[np.float16],
        others: NDArray[np.float16],  # noqa: ARG002 - the map has its own
    ) -> Words:
        """Title and category in one, and how near that is to everything."""
        texts = title_map().of_texts(titles, categories)
        return _Words(texts, title_map().nearness(texts))

    def picture_vector(self, picture: Picture) -> NDArray[np.float16]:
        """The features, as they are."""
        return np.asarray(desk.run(EYES, seen(picture))[0][0], np.float16)

    def nearness(self, pictures: NDArray[np.float16], text: NDArray[np.float16]) -> NDArray[np.float32]:
        """The cosine in the space of texts."""
        one = text[None]
        return np.asarray(title_map().of_pictures(pictures) @ title_map().of_texts(one, np.zeros_like(one))[0])

    def likeness(self, pictures: NDArray[np.float16], one: NDArray[np.float16]) -> NDArray[np.float32]:
        """The cosine of the features, less their mean."""
        middle = title_map().mean
        (wanted,) = unit(one[None].astype(np.float32) - middle)
        return np.asarray(unit(pictures.astype(np.float32) - middle) @ wanted)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    texts: NDArray[np.float32]
    nearness: NDArray[np.float32]

    def agreement(
        self,
        pictures: NDArray[np.float16],
        of: NDArray[np.int64],
        words: NDArray[np.int64],
        colours: NDArray[np.float32] | None,
        read: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:
        made = title_map()
        cosines = np.einsum("ij,ij->i", made.of_pictures(pictures)[of], self.texts[words])
        return made.agreement(cosines - made.hub * self.nearness[words], colours, read)
