"""Pictures compared with the words of their listings, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.relations import FLAG, RELATIONS, relations_version
from packshot.pipeline.listing_words import listing_words
from packshot.storage.schemas import RELATIONS as SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.pipeline.stores import Stores

TABLE = "relations"
KEYS = ("asset_id", "text_key")


def related(stores: Stores, columns: Iterable[str] = ()) -> pl.DataFrame:
    """`asset_id text_key` of each pair that was compared in the wanted version, with the named columns."""
    asked = [name for name in RELATIONS if name in set(columns)]
    rows = stores.frame(TABLE, SCHEMA, (*KEYS, "version", *asked))
    return rows.filter(pl.col("version") == relations_version()).unique(KEYS, keep="last").drop("version")


def with_relations(stores: Stores, placements: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """`placements` with those of `columns` that are relations, and with the flag; as they are where none is asked."""
    asked = [name for name in RELATIONS if name in set(columns)]
    if not asked:
        return placements
    words = listing_words(stores).select("source_id", "listing_id", "text_key")
    rows = placements.join(words, on=("source_id", "listing_id"), how="left", maintain_order="left")
    found = related(stores, asked).with_columns(pl.lit(value=True).alias(FLAG))
    rows = rows.join(found, on=KEYS, how="left", maintain_order="left").drop("text_key")
    return rows.with_columns(pl.col(FLAG).fill_null(value=False))
