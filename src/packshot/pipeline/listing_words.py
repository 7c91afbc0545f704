"""The words of every listing that pictures are compared with, and the key by which they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from blake3 import blake3

from packshot.evaluate.titles.colour_words import ATTRIBUTE
from packshot.evaluate.titles.listing_text import leaf, normal
from packshot.storage.current import current_listings
from packshot.storage.schemas import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Collection

    from packshot.pipeline.stores import Stores

WORDS = ("title", "category", "brand", "colour")
_READ = ("source_id", "snapshot_id", "seq", "op", "listing_id", "title", "category", "brand", "attributes")
_MARK = "\x1f"


def listing_words(stores: Stores) -> pl.DataFrame:
    """`source_id listing_id text_key` and the words `title category brand colour` of each listing as it stands.

    `colour` is what the feed has in a column of colours, as JSON text without its quotes.
    """
    listings = current_listings(stores.frame("listings", LISTINGS, _READ), stores.catalog.committed_snapshots())
    colour = pl.col("attributes").str.extract(ATTRIBUTE, 1).alias("colour")
    return keyed(listings.select("source_id", "listing_id", "title", "category", "brand", colour))


def keys_of_listings(stores: Stores, listing_ids: Collection[str]) -> set[str]:
    """The keys of all words that these listings ever had and no other has: together, and title and category alone."""
    rows = stores.frame("listings", LISTINGS, _READ)
    mine = rows["listing_id"].is_in(list(listing_ids))
    if not mine.any():
        return set()
    own, others = (_every_key(rows.filter(which)) for which in (mine, ~mine))
    return own - others


def _every_key(listings: pl.DataFrame) -> set[str]:
    told = keyed(listings.with_columns(pl.col("attributes").str.extract(ATTRIBUTE, 1).alias("colour")))
    texts = {normal(title) for title in told["title"].unique()} | {leaf(path) for path in told["category"].unique()}
    return {*told["text_key"], *(key_of(text) for text in texts)}


def keyed(listings: pl.DataFrame) -> pl.DataFrame:
    """With `text_key`: BLAKE3 of the words as the feed has them, equal ones once."""
    together = pl.concat_str([pl.col(name).fill_null("") for name in WORDS], separator=_MARK)
    texts = listings.select(together.alias("_text")).to_series()
    unique = texts.unique()
    keys = pl.Series("text_key", [key_of(text) for text in unique], dtype=pl.String)
    found = pl.DataFrame({"_text": unique, "text_key": keys})
    return listings.with_columns(texts).join(found, on="_text", how="left", maintain_order="left").drop("_text")


def key_of(text: str) -> str:
    """BLAKE3 of a text, in hexadecimal digits."""
    return blake3(text.encode()).hexdigest()
