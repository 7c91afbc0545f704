"""Pictures and titles for the exams of what compares them, and maps that never saw what they are asked about."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from exam import NoData

from packshot.evaluate.measures.product_colours import ProductColours
from packshot.evaluate.titles import title_map
from packshot.evaluate.titles.colour_words import agreements, shares, stated
from packshot.media.decode import decode
from packshot.models.usable import lacking

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
import title_map as training  # a script of the same name, by its folder

if TYPE_CHECKING:
    from exam import Asked
    from numpy.typing import NDArray

SWAPPED = ("tailwindtraders", "grocery_store", "magento2")
"""Catalogues whose pictures are swapped between listings."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Every picture against every listing's words; rows are pictures, columns the listings of `listings`."""

    pairs: Any
    listings: NDArray[np.int64]
    """The first picture of each listing."""
    same_kind: NDArray[np.float32]
    """Agreement by maps that were learnt without the product."""
    other_kind: NDArray[np.float32]
    """Agreement by maps that were learnt without the picture's whole catalogue."""
    bridge: NDArray[np.float32]
    """The baseline: class names weighted by the classifier, plain cosine with the title."""
    same_vectors: NDArray[np.float32]
    """Vectors of the pictures by the maps of `same_kind`."""
    plain_vectors: NDArray[np.float32]
    """Vectors of the pictures by class names alone."""
    colours: NDArray[np.float32]
    """`colour_agreement` of every picture with every listing's title; NaN where none is stated."""


def models() -> dict[str, str]:
    """What took part."""
    from packshot.models.sources import version_of

    ids = ("efficientnet-lite0", "minilm-l6-int8")
    return {name: version_of(name) for name in ids} | {"title_map": title_map.version()}


@cache
def _read(data: Path) -> Compared:
    pairs, plain = training.read_pairs(data), training.bridge()
    _, listings = np.unique(pairs.listing, return_index=True)
    made = title_map.title_map()
    texts = made.of_texts(pairs.titles[listings], pairs.categories[listings])
    hub = made.hub * made.nearness(texts)
    vectors = [training.left_out(pairs, plain, by=by) for by in ("product", "dataset")]
    found = shares(_colours(data, pairs.path))
    stating = [stated(str(title)) for title in pairs.title[listings]]
    colours = np.stack([agreements(found, [one] * len(found)) for one in stating], axis=1)
    scores = [made.agreement(one @ texts.T - hub, colours) for one in vectors]
    logits = pairs.features.astype(np.float32) @ plain.head.T + plain.bias
    soft = np.exp(logits - logits.max(axis=1, keepdims=True))
    named = (soft / soft.sum(axis=1, keepdims=True)) @ training.class_vectors()
    named /= np.linalg.norm(named, axis=1, keepdims=True)
    bridge = named @ pairs.titles[listings].astype(np.float32).T
    return Compared(pairs, listings, *scores, bridge, vectors[0], named, colours)


def _colours(data: Path, paths: NDArray[np.str_]) -> pl.Series:
    measure = ProductColours()
    pictures = (decode((data / str(path)).read_bytes()) for path in paths)
    return pl.Series([measure.measure(one)["product_colours"] for one in pictures], dtype=pl.List(pl.Float32))


def compared(asked: Asked) -> Compared:
    """All of it, made once. Raises NoData where pictures, models or libraries are lacking."""
    for name in training.CATALOGUES:
        asked.folder(name)
    missing = lacking(("efficientnet-lite0", "minilm-l6-int8"), ("tokenizers",))
    if missing:
        raise NoData(f"not here: {', '.join(missing)}")
    return _read(asked.data)
