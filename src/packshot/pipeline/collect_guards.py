"""Tells a feed that changed from one that broke: half of it gone, or a column that went by another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_GONE_SHARE = 0.2
"""A larger share of the listings or pictures gone at once is taken for a truncated feed, unless the user says so."""
LOST_SHARE = 0.9
"""When so large a share of the listings lost their title (category, …) at once, its column was perhaps renamed."""
FEWEST = 5
"""Fewer listings with a title tell nothing about a column."""
WORDS = ("title", "category", "google_category", "brand", "gtin", "variant_group_id")


def hold_whole(
    known_listings: pl.DataFrame, listings: pl.DataFrame, known_placements: pl.DataFrame, placements: pl.DataFrame
) -> None:
    """Raise UsageError when more than a fifth of the listings are gone, or of the pictures on balance.

    Pictures that only have another address now are as many as before: that is no loss.
    """
    gone = known_listings.join(listings, on="listing_id", how="anti").height
    _hold(gone, known_listings.height, "listings")
    _hold(known_placements.height - placements.height, known_placements.height, "pictures")


def lost_words(known: pl.DataFrame, read: pl.DataFrame) -> Iterator[str]:
    """A note for each of `WORDS` that nearly all listings had, and have no more."""
    both = known.select("listing_id", *WORDS).join(
        read.select("listing_id", *WORDS), on="listing_id", how="inner", suffix="_now"
    )
    for name in WORDS:
        had = both.filter(pl.col(name).is_not_null())
        lost = had[f"{name}_now"].null_count()
        if had.height >= FEWEST and lost > LOST_SHARE * had.height:
            text = f"{lost:,} of {had.height:,} listings lost their {name} at once"
            yield f"{text}: if its column was renamed, say --map {name}=COLUMN"


def _hold(gone: int, known: int, what: str) -> None:
    if gone > MOST_GONE_SHARE * known:
        message = f"{gone:,} of {known:,} {what} are no longer in the source."
        raise UsageError(message, "If that is right, run again with --accept-removals; nothing was changed.")
