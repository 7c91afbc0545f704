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
from looking import columns_of

from packshot.evaluate.measures.product_colours import ProductColours
from packshot.evaluate.text_boxes import DETECTOR
from packshot.evaluate.text_reading import RECOGNISER
from packshot.evaluate.titles import read_words, title_map
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
MODELS = ("efficientnet-lite0", "minilm-l6-int8")


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Every picture against every listing's words; rows are pictures, columns the listings of `listings`."""

    pairs: Any
    listings: NDArray[np.int64]
    """The first picture of each listing."""
    same_kind: NDArray[np.float32]
    """Cosine less hub × nearness, by maps that were learnt without the product."""
    other_kind: NDArray[np.float32]
    """The same by maps that were learnt without the picture's whole catalogue."""
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

    return {name: version_of(name) for name in MODELS} | {"title_map": title_map.version()}


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
    scores = [one @ texts.T - hub for one in vectors]
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
    missing = lacking(MODELS, ("tokenizers",))
    if missing:
        raise NoData(f"not here: {', '.join(missing)}")
    return _read(asked.data)


def scored(pairs: Any) -> NDArray[np.bool_]:
    """The pictures of every second product of each category: by the others it was set how colour and words count.

    Products that are alone in their category alternate among themselves.
    """
    kinds: dict[tuple[str, str], set[str]] = {}
    for kind, category, product in zip(pairs.dataset, pairs.category, pairs.product, strict=True):
        kinds.setdefault((str(kind), str(category)), set()).add(str(product))
    lone = sorted(next(iter(products)) for products in kinds.values() if len(products) == 1)
    several = (sorted(products) for products in kinds.values() if len(products) > 1)
    half = {product for products in (lone, *several) for product in products[1::2]}
    return np.isin(pairs.product, sorted(half))


@cache
def words_agreement(asked: Asked) -> NDArray[np.float32]:
    """`words_agreement` of every picture of `SWAPPED` with every listing's title; NaN elsewhere. Raises NoData."""
    missing = lacking((DETECTOR, RECOGNISER))
    if missing:
        raise NoData(f"not here: {', '.join(missing)}")
    told = compared(asked)
    titles = [read_words.words_of((str(title),)) for title in told.pairs.title[told.listings]]
    found = np.full((len(told.pairs.path), len(titles)), np.nan, np.float32)
    for row in np.flatnonzero(np.isin(told.pairs.dataset, SWAPPED)):
        measured, _ = columns_of((asked.data / str(told.pairs.path[row])).read_bytes(), "text_words")
        read = read_words.words_of(measured["text_words"] or ())
        found[row] = read_words.agreements([read] * len(titles), titles)
    return found
