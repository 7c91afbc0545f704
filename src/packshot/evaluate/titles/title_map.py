"""The map from a picture's features into the space of titles, and the agreement of the two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.models.own import arrays_of, checksum_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NAME = "title_map"
"""Of the arrays in `packshot/models/own`; made by training/title_map.py, described in training/title_map.md."""
NEAREST = 10
"""Class names that tell how near everything is to a title."""
COLOUR, FAIR = 2.5, 0.75
"""How much an agreement in colour moves the logarithm of the odds, and the one that moves nothing. A guess, held
against the near swaps of magento2."""
KIND, READ = 0.7, 4.0
"""The most by which looks alone raise the logarithm of the odds, about log 2: a thing of the right kind may still be
another one, and the map does not tell which. And how much words raise it where all of the title was read. Set on half
the products of magento2, grocery_store and tailwindtraders, where 0.3 to 1 and 3 to 6 do as well."""
METHOD = 2
"""Raise it when the agreement of the same vectors, colours and words changes, and `VERSION` of `clip_space` with it
where the part of colours and words does."""
ROWS = 8192
"""Pictures that are mapped at once."""


@dataclass(frozen=True, slots=True, eq=False)
class TitleMap:
    """What was learnt; see training/title_map.md. Shapes: 1000 classes, 1280 features, 384 numbers of a text."""

    head: NDArray[np.float32]
    """The classifier's weights, (1000, 1280), to eight bits each."""
    bias: NDArray[np.float32]
    classes: NDArray[np.float32]
    """Vectors of the classes' names, less `centre`, of length 1; (1000, 384)."""
    centre: NDArray[np.float32]
    """The mean vector of texts, (384,)."""
    temperature: float
    bridge: float
    """Weight of the class names."""
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]
    """Of the features, (1280,) each."""
    learnt_in: NDArray[np.float32]
    learnt_out: NDArray[np.float32]
    """What pairs of pictures and titles add: (1280, rank) and (rank, 384)."""
    title_weight: float
    """Of the title's vector; the category's has the rest."""
    hub: float
    """How much of a text's nearness to everything is taken off."""
    slope: float
    middle: float
    """The cosine that speaks neither for nor against, and how steep it is there."""

    def of_pictures(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        """Vectors of length 1 in the space of texts, (pictures, 384), of features (pictures, 1280)."""
        out = np.empty((len(features), self.centre.size), np.float32)
        for start in range(0, len(features), ROWS):
            part = features[start : start + ROWS].astype(np.float32)
            out[start : start + ROWS] = self._mapped(part)
        return out

    def of_texts(self, titles: NDArray[np.float16], categories: NDArray[np.float16]) -> NDArray[np.float32]:
        """Vectors of length 1, (texts, 384), of title and category; a row of zeros stands for a lacking text."""
        title, category = (unit(self._centred(each)) for each in (titles, categories))
        return unit(self.title_weight * title + (1 - self.title_weight) * category)

    def nearness(self, texts: NDArray[np.float32]) -> NDArray[np.float32]:
        """How near each text is to things in general: what it would get with most pictures; (texts,)."""
        out = np.empty(len(texts), np.float32)
        for start in range(0, len(texts), ROWS):
            alike = texts[start : start + ROWS] @ self.classes.T
            out[start : start + ROWS] = np.sort(alike, axis=1)[:, -NEAREST:].mean(axis=1)
        return out

    def agreement(
        self,
        scores: NDArray[np.float32],
        colours: NDArray[np.float32] | None = None,
        words: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """0 to 1 of `cosine - hub × nearness`; 0.5 speaks neither for nor against.

        A colour that the title states is a part of what it says, and so are its words where they stand on the product:
        `colours` and `words` have the agreement in each, NaN where nothing is stated, or read. What looks say for the
        title is bent towards `KIND`, so that colour and words decide among things of one kind, and is worth nothing
        where words were read and none of the title's. What looks say against it stays as it is, and words never speak
        against it: a pack says more than its title.
        """
        steps = np.clip(self.slope * (scores - self.middle), -30, 30)
        looks = KIND * -np.expm1(-np.maximum(steps, 0) / KIND)
        return with_colours_and_words(np.minimum(steps, 0) + looks, colours, words)

    def _centred(self, vectors: NDArray[np.float16]) -> NDArray[np.float32]:
        given = vectors.any(axis=1, keepdims=True)
        return np.where(given, vectors.astype(np.float32) - self.centre, np.float32(0))

    def _mapped(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        logits = (features @ self.head.T + self.bias) / self.temperature
        scores = np.exp(logits - logits.max(axis=1, keepdims=True))
        named = unit(np.asarray(scores @ self.classes, np.float32))
        learnt = (features - self.mean) / self.spread @ self.learnt_in @ self.learnt_out
        return unit(self.bridge * named + learnt)


def with_colours_and_words(
    looks: NDArray[np.float32], colours: NDArray[np.float32] | None, words: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """0 to 1 of what looks say, the logarithm of odds, and of the agreement in stated colours and in read words.

    Where words were read, and none of the title's, what looks say for it is worth nothing. NaN is none stated or read.
    """
    steps = looks
    if words is not None:
        steps = np.where(words == 0, np.minimum(looks, 0), looks) + READ * np.nan_to_num(words, nan=0.0)
    if colours is not None:
        steps = steps + COLOUR * np.nan_to_num(colours - FAIR, nan=0.0)
    return np.asarray(1 / (1 + np.exp(-np.clip(steps, -30, 30))), np.float32)


@cache
def title_map() -> TitleMap:
    """The map that ships. Raises ModelDamaged where its file is not the one that was pinned."""
    return read_map(arrays_of(NAME))


def read_map(kept: Mapping[str, NDArray[Any]]) -> TitleMap:
    """The map in arrays as training/title_map.py writes them."""
    arrays: dict[str, Any] = {name: values.astype(np.float32) for name, values in kept.items()}
    numbers = dict(zip(NUMBERS, arrays.pop("numbers").tolist(), strict=True))
    for name in ("head", "classes"):
        arrays[name] *= arrays.pop(f"{name}_scale")[:, None]
    return TitleMap(**arrays, **numbers)


NUMBERS = ("temperature", "bridge", "title_weight", "hub", "slope", "middle")
"""The single numbers of the map, in the order in which its file has them."""


def version() -> str:
    """By which values of this map are known."""
    return f"{METHOD}.{checksum_of(NAME)[:8]}"


def unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Each row at the length 1; a row of zeros stays one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), np.float32)
