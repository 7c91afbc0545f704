"""Pictures compared with the words of their listings, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.relations import RELATIONS, flag, versions_here
from packshot.pipeline.joining import with_columns_of
from packshot.pipeline.listing_words import listing_words
from packshot.storage.schemas import RELATIONS as SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.pipeline.stores import Stores

TABLE = "relations"
KEYS = ("asset_id", "text_key")


def related(stores: Stores, columns: Iterable[str] = ()) -> pl.DataFrame:
    """`asset_id text_key version` of each pair that was compared, in the fullest wanted version, with `columns`."""
    asked = [name for name in RELATIONS if name in set(columns)]
    rows = stores.frame(TABLE, SCHEMA, (*KEYS, "version", *asked))
    fullness = pl.DataFrame({"version": list(versions_here())}, schema={"version": pl.String}).with_row_index("_place")
    rows = rows.join(fullness, on="version", how="inner", maintain_order="left")
    return rows.sort("_place", maintain_order=True).unique(KEYS, keep="first", maintain_order=True).drop("_place")


def with_relations(stores: Stores, placements: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """`placements` with those of `columns` that are relations, and their flags; as they are where none is asked."""
    asked = [name for name in RELATIONS if name in set(columns)]
    if not asked:
        return placements
    words = listing_words(stores).select("source_id", "listing_id", "text_key")
    rows = with_columns_of(placements, words, "source_id", "listing_id")
    held = versions_here()
    flags = [
        pl.col("version").is_in([version for version, names in held.items() if name in names]).alias(flag(name))
        for name in asked
    ]
    found = related(stores, asked).with_columns(flags).drop("version")
    return with_columns_of(rows, found, *KEYS).drop("text_key")
