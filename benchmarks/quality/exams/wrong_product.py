"""A picture of another product: the check `wrong_product` on pictures swapped between listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from exam import Asked, Bound, Exam, Item, Kind, Sense, Wanted
from shop_pictures import GROCERY, MAGENTO2, TAILWIND
from word_pictures import SWAPPED, compared, models, scored, words_agreement

from packshot.evaluate.checks.wrong_product import WrongProductParams
from packshot.evaluate.text_boxes import DETECTOR
from packshot.evaluate.text_reading import RECOGNISER
from packshot.evaluate.titles import read_words
from packshot.evaluate.titles.title_map import title_map
from packshot.models.sources import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

SWAPS = 4
"""Titles of others that each picture gets, near and far."""
PACKED = ("Juice", "Milk", "Yoghurt", "Sour Cream")
"""Categories of grocery_store whose goods are packs with words on them, and that hold several products."""


def items(asked: Asked) -> Iterator[Item]:
    """Each picture under its own title, under titles of its category (near), and of other catalogues (far)."""
    told, words = compared(asked), words_agreement(asked)
    pairs, listings = told.pairs, told.listings
    made, random = title_map(), np.random.default_rng(asked.seed)
    kinds: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {
        name: (made.agreement(cosines, told.colours, words), made.agreement(cosines, told.colours))
        for name, cosines in (("", told.same_kind), (", other kinds", told.other_kind))
    }
    for row in np.flatnonzero(np.isin(pairs.dataset, SWAPPED) & scored(pairs)):
        own = int(np.flatnonzero(pairs.listing[listings] == pairs.listing[row])[0])
        other = (pairs.product[listings] != pairs.product[row]) & (pairs.title[listings] != pairs.title[row])
        at_home = pairs.dataset[listings] == pairs.dataset[row]
        alike = pairs.category[listings] == pairs.category[row]
        far = other & ~at_home & np.isin(pairs.dataset[listings], SWAPPED)
        for name, which in (("near", other & at_home & alike), ("far", far)):
            if which.any():
                chosen = [own, *random.choice(np.flatnonzero(which), SWAPS).tolist()]
                for kind, (scores, wordless) in kinds.items():
                    for place, column in enumerate(chosen):
                        yield Item(
                            id=f"{pairs.path[row]} {name}{kind} {place}",
                            slice=f"{name}{kind}",
                            score=float(scores[row, column]),
                            truth=place > 0,
                            baselines={
                                "without read words": float(wordless[row, column]),
                                "class names": float(told.bridge[row, column]),
                            },
                            group=str(pairs.product[row]),
                            picture=asked.data / str(pairs.path[row]),
                            note=f"titled: {pairs.title[listings[column]]} / {pairs.category[listings[column]]}; "
                            f"words: {words[row, column]:.2f}",
                            also=(f"near {_shelf(pairs, row)}{kind}",) if name == "near" else (),
                        )


def _shelf(pairs: object, row: int) -> str:
    """The catalogue of a picture; of the grocery, whether it is a pack."""
    shop, category = (str(getattr(pairs, name)[row]) for name in ("dataset", "category"))
    if shop != "grocery_store":
        return shop
    return "grocery packs" if category in PACKED else "grocery loose"


def taking_part() -> Mapping[str, str]:
    """The models, and the version of how words are compared."""
    of_text = {name: version_of(name) for name in (DETECTOR, RECOGNISER)}
    return {**models(), **of_text, "read_words": str(read_words.METHOD)}


EXAM = Exam(
    title="Another product: the check `wrong_product`",
    kind=Kind.DECISION,
    items=items,
    data=(TAILWIND, GROCERY, MAGENTO2),
    bound=Bound.of(WrongProductParams(), "min_title_agreement", Sense.BELOW),
    set_on="the bound and the part of stated colours: these catalogues, all products, with these pictures in view (the "
    "map had not seen the product). How looks, colours and words count together: the half of the products that is not "
    "scored here; what was read on the packs of both halves had been looked at before",
    baselines={"without read words": Sense.BELOW, "class names": Sense.BELOW},
    wanted=(Wanted("auc", 0.90, of="far"), Wanted("auc", 0.75, of="near")),
    models=taking_part,
    about="Every second product of each category. Near: titles of the same category; far: of another catalogue. The "
    "map that is examined was learnt again without the product of each picture (in tenths); for the slices `other "
    "kinds` without its whole catalogue. The map that ships has seen them all. Packs are Swedish and their titles "
    "English; nine of ten near titles of magento2 name another colour. Loose fruit and vegetables of one kind "
    "and garments of one colour cannot be told by anything that is compared.",
)
