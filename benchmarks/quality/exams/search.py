"""Search: the right listing among the first five for its own title, in the mixed catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from exam import Asked, Data, Exam, Item, Kind, Sense
from word_pictures import compared, models

from packshot.app.search import COLOUR_WEIGHT
from packshot.evaluate.titles.title_map import title_map

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = 5
"""Listings that are looked at."""
MIXED = ("magento2", "tailwindtraders", "solidus", "sylius", "grocery_store")


def items(asked: Asked) -> Iterator[Item]:
    """One for each title: 1 where its listing is among the first five listings that a search for it names."""
    told = compared(asked)
    pairs = told.pairs
    made, there = title_map(), np.isin(pairs.dataset, MIXED)
    titles, first = np.unique(pairs.title[there], return_index=True)
    rows = np.flatnonzero(there)
    words = pairs.titles[rows[first]]
    queries = made.of_texts(words, np.zeros_like(words))
    plain = told.plain_vectors[rows] @ words.astype(np.float32).T
    column = {str(pairs.title[picture]): place for place, picture in enumerate(told.listings)}
    colours = told.colours[np.ix_(rows, [column[str(title)] for title in titles])]
    learnt = told.same_vectors[rows] @ queries.T + COLOUR_WEIGHT * np.nan_to_num(colours)
    scores = {"learnt": learnt, "class names": plain}
    for number, title in enumerate(titles):
        right = set(pairs.listing[rows][pairs.title[rows] == title])
        found = {name: _found(values[:, number], pairs.listing[rows], right) for name, values in scores.items()}
        yield Item(
            id=str(title),
            slice=str(pairs.dataset[rows[first[number]]]),
            score=found["learnt"],
            baselines={"class names": found["class names"]},
            group=str(pairs.product[rows[first[number]]]),
        )


def _found(scores: np.ndarray, listings: np.ndarray, right: set[str]) -> float:
    """Whether one of the `right` listings is among the first five; each listing stands where its best picture does."""
    order = listings[np.argsort(-scores, kind="stable")]
    firsts = list(dict.fromkeys(order.tolist()))[:FIRST]
    return float(not right.isdisjoint(firsts))


EXAM = Exam(
    title="Search: the right listing in the first five",
    kind=Kind.LEVEL,
    items=items,
    data=(Data("mixed catalogue: magento2, tailwindtraders, solidus, sylius, grocery_store", "see each"),),
    bound=None,
    baselines={"class names": Sense.AT_LEAST},
    set_on="these very pictures, in part: the weight of a stated colour (COLOUR_WEIGHT) was set by eye on this "
    "catalogue, and the map's ridge was chosen on them; the map itself was learnt again without the product of each "
    "picture, in tenths",
    models=models,
    about="193 listings. Colour variants differ by one word of the title; several titles name a sort or a brand that "
    "no picture shows.",
)
