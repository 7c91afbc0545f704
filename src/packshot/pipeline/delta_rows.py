"""The one table that every part of a delta fills, and how its rows are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHANGES: dict[str, pl.DataType] = {
    "what": pl.String(),
    "change": pl.String(),
    "listing_id": pl.String(),
    "placement_id": pl.String(),
    "source_uri": pl.String(),
    "role": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "why": pl.List(pl.String()),
    "asset_before": pl.String(),
    "asset_after": pl.String(),
}
"""`what`: listing, placement, picture, trouble, verdict or gallery; `change`: what happened to it."""


def change_rows(frame: pl.DataFrame, what: str, change: str | pl.Expr, **columns: str | pl.Expr) -> pl.DataFrame:
    """The rows of `frame` as changes; a column that is neither named nor in `frame` is null."""
    given: Mapping[str, str | pl.Expr] = {"what": pl.lit(what), "change": change, **columns}
    made = []
    for name, kind in CHANGES.items():
        value = given.get(name, name if name in frame.columns else pl.lit(None))
        if name == "change" and isinstance(value, str):
            value = pl.lit(value)
        made.append((pl.col(value) if isinstance(value, str) else value).cast(kind).alias(name))
    return frame.select(made)


def differing(before: pl.DataFrame, after: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of each side that the other lacks, by `columns`: all that can tell of a change, and mostly few.

    Rows are compared by 64-bit hashes, several times faster than by their texts: of a million changed rows among a
    million, one goes unseen once in some twenty million comparisons.
    """
    hashes = [frame.select(pl.struct(columns).hash().alias("_hash")) for frame in (before, after)]
    one, other = (
        mine.with_row_index("_row").join(theirs, on="_hash", how="anti", maintain_order="left")["_row"]
        for mine, theirs in (hashes, hashes[::-1])
    )
    return before[one], after[other]


def no_changes() -> pl.DataFrame:
    """No rows."""
    return pl.DataFrame(schema=CHANGES)


def listed(*texts: pl.Expr) -> pl.Expr:
    """Those of the texts that are not null, as a list."""
    return pl.concat_list(texts).list.drop_nulls()
