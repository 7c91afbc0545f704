"""The contract of a space in which pictures and words lie together: whose vectors are compared with whose, and how."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from packshot.media.picture import Picture


class Words(Protocol):
    """The words of some listings, ready to be compared with pictures."""

    def agreement(
        self,
        pictures: NDArray[np.float16],
        of: NDArray[np.int64],
        words: NDArray[np.int64],
        colours: NDArray[np.float32] | None,
        read: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:
        """`title_agreement`, 0 to 1, of pairs: the rows `of` of `pictures` (vectors as stored) with the rows `words`.

        `colours` has the agreement with the stated colour, and `read` that with the words on the picture; NaN where
        nothing is stated, or read.
        """
        ...


class Space(ABC):
    """A way to compare pictures with words: the measure whose vectors it reads, and the model that reads texts."""

    measure: ClassVar[str]
    """Gives the vectors of pictures."""
    picture_model: ClassVar[str]
    text_model: ClassVar[str]
    table: ClassVar[str]
    """Where the vectors of texts are kept."""
    length: ClassVar[int | None]
    """Numbers of a text's vector; None where the model decides."""
    needs: ClassVar[tuple[str, ...]]
    """The models without which no titles are compared."""

    @abstractmethod
    def version(self) -> str:
        """What the agreement depends on beside the vectors of pictures."""

    def others(self) -> tuple[str, ...]:
        """Texts that titles are held against, none by default: their vectors are made as those of titles are."""
        return ()

    @abstractmethod
    def text_vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """The vectors of texts, (texts, width), as they are stored. Runs the text model."""

    @abstractmethod
    def words(self, titles: NDArray[np.float16], categories: NDArray[np.float16], others: NDArray[np.float16]) -> Words:
        """Titles and categories by their stored vectors, (words, width) each; a row of zeros stands for none."""

    @abstractmethod
    def picture_vector(self, picture: Picture) -> NDArray[np.float16]:
        """The vector of a picture as the measure stores it, (width,). Runs the picture model."""

    @abstractmethod
    def nearness(self, pictures: NDArray[np.float16], text: NDArray[np.float16]) -> NDArray[np.float32]:
        """How near each of `pictures`, vectors as stored, is to the stored vector of one text: for ordering them."""

    @abstractmethod
    def likeness(self, pictures: NDArray[np.float16], one: NDArray[np.float16]) -> NDArray[np.float32]:
        """How much each of `pictures` looks like `one`, vectors as stored."""
