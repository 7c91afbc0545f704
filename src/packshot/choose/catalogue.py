"""Chooses the gallery of every listing of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.choose.coverage import missing_views
from packshot.choose.diversity import likeness_squares
from packshot.choose.quality import FEED_MAIN, FEED_ORDER, FEED_PLACES, quality
from packshot.choose.reasons import RANKS, Ordered, empty_mains, missing_shots, readable, reasons
from packshot.choose.slots import NOT_SHOWN, slots
from packshot.core.listing import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.choose.diversity import Rows
    from packshot.choose.quality import Quality
    from packshot.policies.policy import GalleryRules

ROWS_AT_ONCE = 50_000
MOST = 24
"""Pictures of one listing that are weighed against each other, the best ones; more would only cost time."""
OPTIONAL: dict[str, pl.DataType | type[pl.DataType]] = {
    "unreadable": pl.Boolean,
    "cluster_id": pl.String,
    "keep": pl.Boolean,
    "pdq": pl.Binary,
    "lab16": pl.Binary,
    "main_faults": pl.List(pl.String),
    "secondary_faults": pl.List(pl.String),
}
_REJECTED = pl.lit("rejected")
SCHEMA = pl.Schema(
    {
        "listing_id": pl.String,
        "slot": pl.String,
        "role": pl.String,
        "asset_id": pl.String,
        "placement_id": pl.String,
        "source_uri": pl.String,
        "score": pl.Float32,
        "reason": pl.String,
    }
)


def choose(placements: pl.DataFrame, rules: GalleryRules, split: pl.DataFrame | None = None) -> pl.DataFrame:
    """Give the galleries: `listing_id slot role asset_id placement_id source_uri score reason`.

    `placements` has a row for each placement: `listing_id placement_id asset_id source_uri role position
    verdict_as_main verdict_as_secondary`; and, where known, measured columns (`quality.COLUMNS`), `pdq lab16`,
    `unreadable` (its bytes are no picture), `cluster_id keep` of the keep list, and `main_faults secondary_faults`
    (lists of texts). Each listing gives its slot `main` (without an asset where none is legal), then `1`, `2`, …, then
    `rejected` and `missing` rows; every placement stands in exactly one of them. Listings come sorted; the order of the
    rows changes nothing.

    What is maximised stands in `order.gain`. Where no picture may be main, the main slot is empty, and its reason
    names the best picture for it and what must be mended.

    `split` has `asset_a asset_b`, in both orders, of pictures that people say are not the same: they count as unlike.
    """
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in OPTIONAL.items() if name not in placements.columns
    ]
    table = placements.with_columns(missing)
    return pl.concat(
        [SCHEMA.to_frame(), *(_galleries(part, rules, split) for part in whole_listings(table, ROWS_AT_ONCE))]
    )


def whole_listings(table: pl.DataFrame, rows: int) -> Iterator[pl.DataFrame]:
    """`table`, sorted as `choose` needs it, in pieces of about `rows` rows that end where a listing ends."""
    keys = ("listing_id", "position", "placement_id")
    order = table.select(pl.arg_sort_by(*keys, nulls_last=True)).to_series()
    listing = table["listing_id"].gather(order).rle_id().to_numpy()
    ends = np.flatnonzero(np.append(listing[1:] != listing[:-1], table.height > 0)) + 1
    start = 0
    while start < table.height:
        reach = np.searchsorted(ends, start + rows, side="right") - 1
        stop = (
            int(ends[reach]) if reach >= 0 and ends[reach] > start else int(ends[np.searchsorted(ends, start, "right")])
        )
        yield table[order[start:stop]]
        start = stop


def _galleries(table: pl.DataFrame, rules: GalleryRules, split: pl.DataFrame | None) -> pl.DataFrame:
    """The galleries of a table of whole listings, sorted."""
    scores = quality(table)
    table = table.with_columns(listing=pl.col("listing_id").rle_id().cast(pl.Int64))
    table = _eligible(_scored(table, scores)).with_columns(
        pl.col("verdict_as_main").fill_null("not judged"),
        main_faults_text=pl.col("main_faults").list.join("; ").fill_null(""),
    )
    free = np.flatnonzero((table["hurdle"] == "").to_numpy())
    ordered = _ordered(table, free, rules, split)
    said = reasons(ordered, scores.of(free), rules)
    slot = np.full(table.height, NOT_SHOWN)
    slot[free] = ordered.slot
    place = np.arange(table.height)
    place[free] = table.height + np.arange(free.size)
    reason = pl.concat([table["hurdle"], said]).gather(place).alias("reason")
    return _rows(table.with_columns(reason, pl.Series("slot", slot)), rules)


def _ordered(table: pl.DataFrame, free: Rows, rules: GalleryRules, split: pl.DataFrame | None) -> Ordered:
    """The pictures without a hurdle (the rows `free`), with their slots."""
    listing = table["listing"].to_numpy()[free]
    shown = table[free]
    squares = likeness_squares(table["pdq"], table["lab16"], free, listing)
    if split is not None and not split.is_empty():
        squares.part(*_split_rows(shown, split))
    slot = slots(shown, squares, rules)
    alike, other = squares.most_alike(slot)
    return Ordered(shown, listing, slot, alike, other)


def _split_rows(shown: pl.DataFrame, split: pl.DataFrame) -> tuple[Rows, Rows]:
    """The rows of `shown` that hold two pictures of one listing that were split."""
    rows = shown.select("listing", "asset_id").with_row_index("at")
    one = rows.join(split, left_on="asset_id", right_on="asset_a", how="inner")
    both = one.join(rows, left_on=("listing", "asset_b"), right_on=("listing", "asset_id"), how="inner", suffix="_b")
    return both["at"].to_numpy().astype(np.int64), both["at_b"].to_numpy().astype(np.int64)


def _rows(table: pl.DataFrame, rules: GalleryRules) -> pl.DataFrame:
    """The rows of the galleries out of those of all pictures, each with its slot and its reason."""
    slot, role = pl.col("slot"), pl.col("role")
    as_secondary = pl.when(role == Role.MAIN.value).then(pl.lit(Role.SECONDARY.value)).otherwise(role)
    hurdled = (pl.col("hurdle") != "").cast(pl.Int64)
    pictures = table.select(
        *("listing", "listing_id", "asset_id", "placement_id", "source_uri", "reason"),
        role=pl.when(slot == 0).then(pl.lit(Role.MAIN.value)).when(slot > 0).then(as_secondary).otherwise(role),
        score=pl.when(slot == 0).then("main").when(slot > 0).then("secondary").cast(pl.Float32),
        slot=pl.when(slot == 0).then(pl.lit("main")).when(slot > 0).then(slot.cast(pl.String)).otherwise(_REJECTED),
        section=pl.when(slot >= 0).then(0).otherwise(1 + hurdled),
        place=pl.when(slot >= 0).then(slot).otherwise(pl.int_range(pl.len(), dtype=pl.Int64)),
    )
    mains = table.filter(slot == 0).select("listing")
    bare = empty_mains(table.join(mains, on="listing", how="anti", maintain_order="left"))
    bare = bare.with_columns(slot=pl.lit("main"), role=pl.lit(Role.MAIN.value), section=0, place=pl.lit(0, pl.Int64))
    short = (
        pl.concat([missing_views(table, rules), missing_shots(table, rules)])
        .with_row_index("place")
        .with_columns(slot=pl.lit("missing"), section=3)
    )
    names = table.select("listing", "listing_id").unique("listing")
    more = [
        rows.with_columns(pl.col("section").cast(pl.Int64), pl.col("place").cast(pl.Int64)) for rows in (bare, short)
    ]
    more = [rows.join(names, on="listing", how="left") for rows in more]
    pictures = pictures.with_columns(pl.col("section").cast(pl.Int64))
    found = pl.concat([pictures, *more], how="diagonal").sort("listing", "section", "place")
    return found.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _scored(table: pl.DataFrame, scores: Quality) -> pl.DataFrame:
    feed_main = pl.when(pl.col("role") == Role.MAIN.value).then(FEED_MAIN).otherwise(0.0)
    behind = pl.col("position").rank("min").over("listing").cast(pl.Int64) - 1
    feed_order = behind.fill_null(0).clip(0, FEED_PLACES) * FEED_ORDER
    there = readable()
    able = there & ~pl.col("role").is_in(list(RANKS))
    return table.with_columns(
        main=(pl.Series(scores.main) + feed_main - feed_order).clip(0.0, 1.0),
        secondary=pl.Series(scores.secondary),
        may_be_main=(able & (pl.col("verdict_as_main") == "show")).fill_null(value=False),
        may_be_secondary=(there & (pl.col("verdict_as_secondary") == "show")).fill_null(value=False),
        row=pl.int_range(pl.len()),
    )


def _eligible(table: pl.DataFrame) -> pl.DataFrame:
    """Add `hurdle`: why a picture may not be shown; of pictures that are the same, one has none."""
    usable = pl.col("may_be_main") | pl.col("may_be_secondary")
    table = table.with_columns(first=_first_of_look(table))
    stays = pl.col("first")
    twin = (stays != pl.col("row")) & usable.gather(stays)
    too_many = table.select(usable & ~twin & (pl.len().over("listing") > MOST)).to_series()
    crowded = table.filter(too_many)
    worth = pl.col("may_be_main").cast(pl.Float64) * 2 + pl.col("secondary")
    place = crowded.select(worth.rank("ordinal", descending=True).over("listing").cast(pl.Int64)).to_series()
    place = pl.zeros(table.height, dtype=pl.Int64, eager=True).scatter(crowded["row"], place)
    return table.with_columns(
        hurdle=pl.when(~readable())
        .then(pl.lit("the picture could not be read"))
        .when(twin)
        .then(_twin_text(table, stays))
        .when(~usable)
        .then(_verdict_text())
        .when(pl.lit(place) > MOST)
        .then(pl.lit(f"not among the {MOST} best pictures of this listing, which are weighed against each other"))
        .otherwise(pl.lit(""))
    )


def _first_of_look(table: pl.DataFrame) -> pl.Series:
    """For each row the one that stays of the pictures of its listing that are the same as it: most often itself."""
    look = pl.coalesce("cluster_id", "asset_id", "placement_id").alias("look")
    narrow = table.select("listing", look, "row", "may_be_main", "may_be_secondary", "keep", "main")
    several = narrow.filter(pl.struct("listing", "look").is_duplicated())
    order = [pl.col("may_be_main"), pl.col("may_be_secondary"), pl.col("keep").fill_null(value=False), pl.col("main")]
    first = pl.col("row").sort_by(order, descending=True, maintain_order=True).first().over("listing", "look")
    return table["row"].clone().scatter(several["row"], several.select(first).to_series())


def _twin_text(table: pl.DataFrame, stays: pl.Expr) -> pl.Expr:
    same = pl.format("the same picture as {}, which stays", pl.col("source_uri").gather(stays))
    if not {"width_px", "height_px"} <= set(table.columns):
        return same
    size = pl.format("{}×{} px", "width_px", "height_px")
    sized = pl.format("{} ({} against {})", same, size.gather(stays), size)
    return pl.when(size != size.gather(stays)).then(sized).otherwise(same)


def _verdict_text() -> pl.Expr:
    verdict = pl.col("verdict_as_secondary")
    faults = pl.col("secondary_faults").list.join("; ")
    because = pl.when(faults.str.len_chars() > 0).then(pl.format(": {}", faults)).otherwise(pl.lit(""))
    says = (
        pl.when(verdict == "fix")
        .then(pl.lit("has to be mended first"))
        .when(verdict == "block")
        .then(pl.lit("customers must not see it"))
        .when(verdict == "review")
        .then(pl.lit("a person has to look first"))
        .otherwise(pl.lit("it was not judged"))
    )
    return pl.concat_str(says, because)
