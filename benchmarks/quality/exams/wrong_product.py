"""A picture of another product: the check `wrong_product` on pictures swapped between listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from exam import Asked, Bound, Exam, Item, Kind, Sense, Wanted
from shop_pictures import GROCERY, MAGENTO2, TAILWIND
from word_pictures import SWAPPED, compared, models

from packshot.evaluate.checks.wrong_product import WrongProductParams

if TYPE_CHECKING:
    from collections.abc import Iterator

SWAPS = 2
"""Titles of others that each picture gets, near and far."""


def items(asked: Asked) -> Iterator[Item]:
    """Each picture under its own title, under titles of its category (near), and of other catalogues (far)."""
    told = compared(asked)
    pairs, listings = told.pairs, told.listings
    random = np.random.default_rng(asked.seed)
    for row in np.flatnonzero(np.isin(pairs.dataset, SWAPPED)):
        own = int(np.flatnonzero(pairs.listing[listings] == pairs.listing[row])[0])
        same_words = pairs.title[listings] == pairs.title[row]
        other = (pairs.product[listings] != pairs.product[row]) & ~same_words
        at_home = pairs.dataset[listings] == pairs.dataset[row]
        alike = pairs.category[listings] == pairs.category[row]
        far = other & ~at_home & np.isin(pairs.dataset[listings], SWAPPED)
        for name, which in (("near", other & at_home & alike), ("far", far)):
            if which.any():
                for other_kind in (False, True):
                    slice_ = f"{name}, other kinds" if other_kind else name
                    scores = (told.other_kind if other_kind else told.same_kind)[row]
                    chosen = random.choice(np.flatnonzero(which), SWAPS)
                    for place, (column, swapped) in enumerate([(own, False), *((int(c), True) for c in chosen)]):
                        yield Item(
                            id=f"{pairs.path[row]} {slice_} {place}",
                            slice=slice_,
                            score=float(scores[column]),
                            truth=swapped,
                            baselines={"class names": float(told.bridge[row, column])},
                            group=str(pairs.product[row]),
                            picture=asked.data / str(pairs.path[row]),
                            note=f"titled: {pairs.title[listings[column]]} / {pairs.category[listings[column]]}",
                        )


EXAM = Exam(
    title="Another product: the check `wrong_product`",
    kind=Kind.DECISION,
    items=items,
    data=(TAILWIND, GROCERY, MAGENTO2),
    bound=Bound.of(WrongProductParams(), "min_title_agreement", Sense.BELOW),
    set_on="own and swapped titles of these catalogues, by maps that had not seen the product",
    baselines={"class names": Sense.BELOW},
    wanted=(Wanted("auc", 0.90, of="far"), Wanted("auc", 0.75, of="near")),
    models=models,
    about="Near: titles of the same category; far: of another catalogue. The map that is examined was learnt again "
    "without the product of each picture (in tenths); for the slices `other kinds` without its whole catalogue. "
    "The map that ships has seen them all.",
)
