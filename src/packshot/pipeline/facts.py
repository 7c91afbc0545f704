"""What is judged and chosen from: a row for each placement with all that is known of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.asked import is_costly
from packshot.evaluate.categories import all_named
from packshot.evaluate.context import CONTEXT, add_context, is_worn, listing_context
from packshot.evaluate.preferred import preferred, with_alternatives
from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import known_measures
from packshot.pipeline.current_rows import current_troubles, measured, readable_columns, unreadable
from packshot.pipeline.joining import with_columns_of
from packshot.pipeline.relations import with_relations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packshot.pipeline.current_rows import Placed
    from packshot.pipeline.stores import Stores

LISTING_FACTS = ("source_id", "listing_id", "title", "category", "variant_group_id")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of all placements and listings."""

    placements: pl.DataFrame
    """One row each: the listing's facts, measured columns, `measured:<measure>`, `has_trouble unreadable`, context."""
    listings: pl.DataFrame
    """One row each, with the context of listings."""


def facts(
    stores: Stores, now: Placed, matches: pl.DataFrame, columns: Iterable[str], of: pl.Series | None = None
) -> Facts:
    """Join what is known, with those of `columns` that are measured.

    `of` names the only placements that are wanted; what is said of their listings counts the other placements, too.
    """
    wanted = with_alternatives(set(columns) - set(CONTEXT)) & readable_columns()
    if of is not None:
        return _of_some(stores, now, matches, wanted, of)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader") as beside:
        reading = beside.submit(measured, stores, wanted - set(RELATED))
        rows = _placements(stores, now, matches)
        values = reading.result()
    return _joined(now, rows, with_relations(stores, rows, wanted), values)


def _of_some(stores: Stores, now: Placed, matches: pl.DataFrame, wanted: set[str], of: pl.Series) -> Facts:
    rows = _placements(stores, now, matches)
    some = rows.join(of.alias("placement_id").unique().to_frame(), on="placement_id", how="semi", maintain_order="left")
    values = measured(stores, wanted - set(RELATED), of_assets=some["asset_id"])
    return _joined(now, rows, with_relations(stores, some, wanted), values)


def _joined(now: Placed, every: pl.DataFrame, rows: pl.DataFrame, values: pl.DataFrame) -> Facts:
    rows = with_columns_of(rows, preferred(values), "asset_id")
    rows = rows.with_columns(pl.col("^measured:.*$").fill_null(value=False))
    return Facts(rows, listing_context(now.listings.with_columns(all_named(now.listings)), every))


def _placements(stores: Stores, now: Placed, matches: pl.DataFrame) -> pl.DataFrame:
    """What is known of the placements without measuring."""
    listed = now.listings.with_columns(all_named(now.listings)).select(LISTING_FACTS)
    listed = listed.with_columns(is_worn(listed), with_parents(listed))
    rows = now.placements.select(
        "source_id", "placement_id", "listing_id", "asset_id", "source_uri", "role", "position", "supplier"
    )
    rows = with_columns_of(rows, listed, "source_id", "listing_id")
    return add_context(rows.with_columns(*_troubles(stores, now.placements)), matches)


def with_parents(listings: pl.DataFrame) -> pl.Series:
    """`variant_group_id` of `listings`: a parent, by whose id its children name their group, is of that group as well.

    Feeds of parents and children name the parent on the child alone.
    """
    groups = listings.select("source_id", pl.col("variant_group_id").alias("listing_id")).drop_nulls().unique()
    named = groups.with_columns(is_parent=pl.lit(True))
    rows = listings.join(named, on=("source_id", "listing_id"), how="left", maintain_order="left")
    parent = pl.when("is_parent").then("listing_id")
    return rows.select(pl.coalesce("variant_group_id", parent).alias("variant_group_id")).to_series()


def _troubles(stores: Stores, placements: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """`has_trouble`: without a picture, or with anything in the table of troubles; such a placement is never shown.

    `unreadable`: without a picture, or with bytes that could not be decoded.

    Troubles of costly measures are left to the rules that read them, for which the picture is unmeasured: which of them
    were asked for depends on the policy, and on what was run before.
    """
    costly = [name for name, measure in known_measures().items() if is_costly(measure)]
    found = current_troubles(stores, placements).filter(~pl.col("measure").is_in(costly).fill_null(value=False))
    troubled = found["placement_id"].drop_nulls().unique()
    unread = unreadable(found)["placement_id"]
    bare = pl.col("asset_id").is_null()
    return (
        (bare | pl.col("placement_id").is_in(troubled.implode())).alias("has_trouble"),
        (bare | pl.col("placement_id").is_in(unread.implode())).alias("unreadable"),
    )
