"""Chooses the gallery of every listing of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.choose.diversity import similarity
from packshot.choose.gallery import RANKS, Candidate, choose_gallery
from packshot.choose.quality import FEED_MAIN, FEED_ORDER, FEED_PLACES, measured, quality, strengths_in_words
from packshot.core.listing import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.choose.diversity import Reals, Rows
    from packshot.choose.quality import Quality
    from packshot.core.gallery import Gallery
    from packshot.policies.policy import GalleryRules

ROWS_AT_ONCE = 50_000
MOST = 24
"""Pictures of one listing that are weighed against each other, the best ones; more would only cost time."""
OPTIONAL: dict[str, pl.DataType | type[pl.DataType]] = {
    "cluster_id": pl.String,
    "keep": pl.Boolean,
    "pdq": pl.Binary,
    "lab16": pl.Binary,
    "main_faults": pl.List(pl.String),
    "secondary_faults": pl.List(pl.String),
}
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


def choose(placements: pl.DataFrame, rules: GalleryRules) -> pl.DataFrame:
    """Give the galleries: `listing_id slot role asset_id placement_id source_uri score reason`.

    `placements` has a row for each placement: `listing_id placement_id asset_id source_uri role position
    verdict_as_main verdict_as_secondary`; and, where known, measured columns (`quality.COLUMNS`), `pdq lab16`,
    `cluster_id keep` of the keep list, and `main_faults secondary_faults` (lists of texts). Each listing gives its
    slot `main` (without an asset where none is legal), then `1`, `2`, …, then `rejected` and `missing` rows; every
    placement stands in exactly one of them. Listings come sorted; the order of the rows changes nothing.
    """
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in OPTIONAL.items() if name not in placements.columns
    ]
    table = placements.with_columns(missing).sort("listing_id", "position", "placement_id", nulls_last=True)
    galleries = [gallery for part in _parts(table) for gallery in _galleries(part, rules)]
    rows = [
        (gallery.listing_id, s.slot, s.role, s.asset_id, s.placement_id, s.source_uri, s.score, s.reason)
        for gallery in galleries
        for s in gallery.slots
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _parts(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The table in pieces that end where a listing ends."""
    ends = np.cumsum(table.group_by("listing_id", maintain_order=True).len()["len"].to_numpy())
    start = 0
    while start < table.height:
        reach = np.searchsorted(ends, start + ROWS_AT_ONCE, side="right") - 1
        stop = (
            int(ends[reach]) if reach >= 0 and ends[reach] > start else int(ends[np.searchsorted(ends, start, "right")])
        )
        yield table[start:stop]
        start = stop


def _galleries(table: pl.DataFrame, rules: GalleryRules) -> Iterator[Gallery]:
    scores = quality(table)
    table = _eligible(_scored(table, scores))
    free = np.flatnonzero((table["hurdle"] == "").to_numpy())
    listing = table["listing_id"].rank("dense").to_numpy()
    blocks = _likeness_blocks(table, free, listing[free])
    candidates = _candidates(table, scores)
    sizes = table.group_by("listing_id", maintain_order=True).agg(
        pl.len(), (pl.col("hurdle") == "").sum().alias("free")
    )
    at = cell = 0
    for listing_id, count, side in sizes.iter_rows():
        block = blocks[cell : cell + side * side]
        likeness = [block[row * side : row * side + side] for row in range(side)]
        yield choose_gallery(listing_id, candidates[at : at + count], likeness, rules)
        at, cell = at + count, cell + side * side


def _scored(table: pl.DataFrame, scores: Quality) -> pl.DataFrame:
    feed_main = pl.when(pl.col("role") == Role.MAIN.value).then(FEED_MAIN).otherwise(0.0)
    behind = pl.col("position").rank("min").over("listing_id").cast(pl.Int64) - 1
    feed_order = behind.fill_null(0).clip(0, FEED_PLACES) * FEED_ORDER
    there = pl.col("asset_id").is_not_null()
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
    look = ("listing_id", pl.coalesce("cluster_id", "asset_id", "placement_id"))
    order = [pl.col("may_be_main"), pl.col("may_be_secondary"), pl.col("keep").fill_null(value=False), pl.col("main")]
    first = pl.col("row").sort_by(order, descending=True, maintain_order=True).first().over(look)
    usable = pl.col("may_be_main") | pl.col("may_be_secondary")
    table = table.with_columns(first=first)
    stays = pl.col("first")
    twin = (stays != pl.col("row")) & usable.gather(stays)
    worth = pl.col("may_be_main").cast(pl.Float64) * 2 + pl.col("secondary")
    place = worth.rank("ordinal", descending=True).over("listing_id", usable & ~twin)
    return table.with_columns(
        hurdle=pl.when(pl.col("asset_id").is_null())
        .then(pl.lit("the picture could not be read"))
        .when(twin)
        .then(_twin_text(table, stays))
        .when(~usable)
        .then(_verdict_text())
        .when(place > MOST)
        .then(pl.lit(f"not among the {MOST} best pictures of this listing, which are weighed against each other"))
        .otherwise(pl.lit(""))
    )


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


def _likeness_blocks(table: pl.DataFrame, rows: Rows, listing: Reals) -> list[float]:
    """Likeness of the pictures without a hurdle: a square for each listing, one behind the other, row by row."""
    _, begin, side = np.unique(listing, return_index=True, return_counts=True)
    offset = np.repeat(np.cumsum(side**2) - side**2, side)
    sides, place = np.repeat(side, side), np.arange(rows.size) - np.repeat(begin, side)
    block = np.zeros(int((side**2).sum()))
    for step in range(1, int(side.max(initial=1))):
        one = np.flatnonzero(listing[:-step] == listing[step:])
        alike = similarity(table["pdq"], table["lab16"], rows[one], rows[one + step])
        block[offset[one] + place[one] * sides[one] + place[one] + step] = alike
        block[offset[one] + (place[one] + step) * sides[one] + place[one]] = alike
    found: list[float] = block.tolist()
    return found


def _candidates(table: pl.DataFrame, scores: Quality) -> list[Candidate]:
    known = measured(table).to_dict(as_series=False)
    as_main, as_other = scores.main_strengths.tolist(), scores.secondary_strengths.tolist()
    columns = table.select(
        "placement_id",
        "asset_id",
        "source_uri",
        "role",
        "main",
        "secondary",
        pl.col("verdict_as_main").fill_null("not judged"),
        "may_be_main",
        "may_be_secondary",
        "hurdle",
        pl.col("main_faults").list.join("; ").fill_null(""),
    )
    candidates = []
    for at, row in enumerate(columns.iter_rows()):
        main = strengths_in_words(known, at, as_main[at]) if row[_MAY_BE_MAIN] else ""
        other = strengths_in_words(known, at, as_other[at]) if row[_MAY_BE_SECONDARY] else ""
        candidates.append(Candidate(*(*row, main, other)))
    return candidates


_MAY_BE_MAIN, _MAY_BE_SECONDARY = 7, 8
"""Where these stand in the columns of a candidate."""
