"""What became of listings, placements, pictures and troubles between two states of a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.pipeline.delta_rows import change_rows, differing, listed

if TYPE_CHECKING:
    from packshot.pipeline.delta_sides import Side

LISTING = ("source_id", "listing_id")
WORDS = ("title", "category", "google_category", "brand", "gtin", "variant_group_id", "attributes")
TROUBLE = ("stage", "kind", "placement_id", "source_uri", "measure", "detail")
"""What tells one trouble from another."""
PLACED = ("placement_id", "listing_id", "source_uri", "role")


def catalogue_changes(before: Side, after: Side) -> list[pl.DataFrame]:
    """Rows of `CHANGES` about listings, placements, pictures and troubles."""
    return [
        *_listings(before.listings, after.listings),
        *_placements(before.placements, after.placements),
        *_pictures(before, after),
        *_troubles(before.troubles, after.troubles),
    ]


def _listings(before: pl.DataFrame, after: pl.DataFrame) -> list[pl.DataFrame]:
    before, after = differing(before, after, (*LISTING, *WORDS))
    new = after.join(before, on=LISTING, how="anti", maintain_order="left")
    gone = before.join(after, on=LISTING, how="anti", maintain_order="left")
    both = after.select(*LISTING, *WORDS).join(before.select(*LISTING, *WORDS), on=LISTING, suffix="_before")
    differs = {name: pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in WORDS}
    changed = both.filter(pl.any_horizontal(differs.values()))
    was, is_ = (
        listed(*(pl.when(d).then(pl.format(f"{n}: {{}}", pl.col(n + side).fill_null("–"))) for n, d in differs.items()))
        for side in ("_before", "")
    )
    return [
        change_rows(new, "listing", "new", after="title"),
        change_rows(gone, "listing", "gone", before="title"),
        change_rows(changed, "listing", "changed", before=was.list.join("; "), after=is_.list.join("; ")),
    ]


def _placements(before: pl.DataFrame, after: pl.DataFrame) -> list[pl.DataFrame]:
    before, after = differing(before, after, ("placement_id", "role", "position"))
    new = after.join(before, on="placement_id", how="anti", maintain_order="left")
    gone = before.join(after, on="placement_id", how="anti", maintain_order="left")
    both = after.join(before.select("placement_id", "role", "position"), on="placement_id", suffix="_before")
    role, place = (pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in ("role", "position"))
    moved = both.filter(role | place)
    why = listed(pl.when(role).then(pl.lit("role")), pl.when(place).then(pl.lit("position")))
    was, is_ = (pl.format("{} {}", f"role{side}", f"position{side}") for side in ("_before", ""))
    from_ = _elsewhere(new, gone, "on the listing {} before")
    to = _elsewhere(gone, new, "on the listing {} now")
    return [
        change_rows(from_, "placement", "new", after="role", why=listed(pl.col("elsewhere"))),
        change_rows(to, "placement", "gone", before="role", why=listed(pl.col("elsewhere"))),
        change_rows(moved, "placement", "moved", before=was, after=is_, why=why),
    ]


def _elsewhere(these: pl.DataFrame, others: pl.DataFrame, text: str) -> pl.DataFrame:
    """With `elsewhere`: the listing on which the same picture was before or is now, where it is one."""
    places = others.select("uri_key", pl.format(text, "listing_id").alias("elsewhere")).unique("uri_key", keep="none")
    return these.join(places, on="uri_key", how="left", maintain_order="left")


def _pictures(before: Side, after: Side) -> list[pl.DataFrame]:
    old, new = differing(before.verdicts, after.verdicts, ("placement_id", "asset_id"))
    other = _both(old, new)
    change = (
        pl.when(pl.col("asset_before").is_null())
        .then(pl.lit("arrived"))
        .when(pl.col("asset_after").is_null())
        .then(pl.lit("lost"))
        .otherwise(pl.lit("replaced"))
    )
    found = [change_rows(other, "picture", change, before="asset_before", after="asset_after")]
    ids = pl.concat([before.troubles["placement_id"], after.troubles["placement_id"]]).drop_nulls().unique()
    of_trouble = pl.col("placement_id").is_in(ids.implode())
    placed = _both(before.verdicts.filter(of_trouble), after.verdicts.filter(of_trouble))
    stale, stale_before = _missing(after.troubles, placed), _missing(before.troubles, placed)
    for these, those, word, side in (
        (stale, stale_before, "missing", "after"),
        (stale_before, stale, "back", "before"),
    ):
        only = these.join(those, on="placement_id", how="anti", maintain_order="left")
        found.append(change_rows(only, "picture", word, **{side: "kind"}, why=listed(pl.col("detail"))))
    return found


def _both(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Placements that both sides have, with `asset_before` and `asset_after`."""
    was = before.select("placement_id", pl.col("asset_id").alias("asset_before"))
    now = after.select(*PLACED, pl.col("asset_id").alias("asset_after"))
    return now.join(was, on="placement_id", how="inner", maintain_order="left")


def _missing(troubles: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Placements whose file could be read once and cannot be now, with the kind of trouble."""
    known = placed.filter(pl.col("asset_before").is_not_null() & pl.col("asset_after").is_not_null())
    of_files = troubles.filter(pl.col("stage") == "fetch").unique("placement_id", keep="first", maintain_order=True)
    return known.join(of_files.select("placement_id", "kind", "detail"), on="placement_id", maintain_order="left")


def _troubles(before: pl.DataFrame, after: pl.DataFrame) -> list[pl.DataFrame]:
    kind = pl.format("{}: {}", "stage", "kind")
    new = after.join(before, on=TROUBLE, how="anti", nulls_equal=True, maintain_order="left")
    solved = before.join(after, on=TROUBLE, how="anti", nulls_equal=True, maintain_order="left")
    return [
        change_rows(new, "trouble", "new", after=kind, why=listed(pl.col("detail"))),
        change_rows(solved, "trouble", "solved", before=kind, why=listed(pl.col("detail"))),
    ]
