"""The columns that say whose picture it is: copies of it, other suppliers that show it, the bank that knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.match import MatchKind
from packshot.core.measurement import Kind, Output

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_COPIES: dict[str, Output] = {
    output.name: output
    for output in (
        Output("copies_elsewhere", Kind.INT, "Other products that show a copy of the picture: cropped, mirrored, …"),
        Output("copy_uri", Kind.TEXT, "The source URI of the nearest such copy; null: none"),
        Output("copy_box", Kind.BOX, "The part of the picture that the copy shows, too; null: no copy, or turned"),
        Output("other_suppliers", Kind.INT, "Other suppliers that show this picture or a copy; null: none is named"),
        Output("bank_hit", Kind.TEXT, "The bank of known bad pictures that it is in; null: none"),
        Output("bank_note", Kind.TEXT, "What that bank says of it; null: nothing"),
    )
}
"""Context columns by name, with those of `context.py`."""

PAIRS = pl.Schema(
    [
        ("asset_id", pl.String()),
        ("twin", pl.String()),
        ("kind", pl.String()),
        ("box", pl.List(pl.Float32())),
        ("rank", pl.Int32()),
    ]
)
SAME = (MatchKind.EXACT.value, MatchKind.SAME.value)


def of_copies(placements: pl.DataFrame, matches: pl.DataFrame | None) -> pl.DataFrame:
    """The columns of `OF_COPIES`, a row for each of `placements`, in their order.

    Reads `listing_id asset_id source_uri` and, where they are there, `supplier` and `variant_group_id`. A copy of a
    picture is a copy of all that are the same as it.
    """
    rows = placements.select(
        "listing_id", "asset_id", "source_uri", _text(placements, "supplier"), _product(placements)
    )
    pairs = _both_ways(matches)
    copies = _through_same(pairs)
    told = _of_copies(rows, copies)
    found = rows.join(told, on=("asset_id", "product"), how="left", maintain_order="left")
    found = found.with_columns(_other_suppliers(rows, pairs, copies))
    found = found.join(_hits(matches, pairs), on="asset_id", how="left", maintain_order="left")
    return found.select(pl.col("copies_elsewhere").fill_null(0), *list(OF_COPIES)[1:])


def _text(frame: pl.DataFrame, column: str) -> pl.Expr:
    there = pl.col(column).cast(pl.String) if column in frame.columns else pl.lit(None, dtype=pl.String)
    return there.alias(column)


def _product(frame: pl.DataFrame) -> pl.Expr:
    listing = pl.lit("listing ") + pl.col("listing_id")
    return pl.coalesce(pl.lit("group ") + _text(frame, "variant_group_id"), listing).alias("product")


def _both_ways(matches: pl.DataFrame | None) -> pl.DataFrame:
    """`asset_id twin kind box rank` of every pair of two assets, in both directions."""
    if matches is None:
        return PAIRS.to_frame()
    kinds = (*SAME, MatchKind.COPY.value)
    found = matches.filter(pl.col("kind").is_in(kinds) & (pl.col("asset_a") != pl.col("asset_b")))
    boxes = "box_a" in found.columns
    return pl.concat(list(_ways(found, boxes=boxes)))


def _ways(found: pl.DataFrame, *, boxes: bool) -> Iterator[pl.DataFrame]:
    for one, other in (("a", "b"), ("b", "a")):
        box = pl.col(f"box_{one}") if boxes else pl.lit(None)
        rank = pl.col("shared_points") if boxes else pl.lit(None)
        named = {"asset_id": f"asset_{one}", "twin": f"asset_{other}"}
        yield found.select(
            *(pl.col(column).cast(pl.String).alias(name) for name, column in named.items()),
            "kind",
            box.cast(pl.List(pl.Float32)).alias("box"),
            rank.cast(pl.Int32).alias("rank"),
        )


def _through_same(pairs: pl.DataFrame) -> pl.DataFrame:
    """`asset_id twin box rank` of copies: the pairs found, and those of pictures that are the same as either."""
    copies = pairs.filter(pl.col("kind") == MatchKind.COPY.value).drop("kind")
    same = pairs.filter(pl.col("kind") != MatchKind.COPY.value).select("asset_id", "twin")
    nearer = same.join(copies, left_on="twin", right_on="asset_id", how="inner", suffix="_of").select(
        "asset_id", pl.col("twin_of").alias("twin"), "box", "rank"
    )
    every = pl.concat([copies, nearer])
    further = every.join(same, left_on="twin", right_on="asset_id", how="inner", suffix="_of").select(
        "asset_id", pl.col("twin_of").alias("twin"), "box", "rank"
    )
    found = pl.concat([every, further]).filter(pl.col("asset_id") != pl.col("twin"))
    return found.unique(("asset_id", "twin"), keep="first", maintain_order=True)


def _of_copies(rows: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """`asset_id product copies_elsewhere copy_uri copy_box` of the pictures with copies on other products."""
    placed = rows.select("asset_id", "product", "source_uri").drop_nulls("asset_id").unique(maintain_order=True)
    own = placed.select("asset_id", "product").unique(maintain_order=True).join(copies, on="asset_id", how="inner")
    other = own.join(placed, left_on="twin", right_on="asset_id", how="inner", suffix="_other")
    other = other.filter(pl.col("product") != pl.col("product_other"))
    nearest = other.sort("rank", "source_uri", descending=[True, False], nulls_last=True)
    return nearest.group_by("asset_id", "product", maintain_order=True).agg(
        pl.col("product_other").n_unique().cast(pl.Int64).alias("copies_elsewhere"),
        pl.col("source_uri").first().alias("copy_uri"),
        pl.col("box").first().alias("copy_box"),
    )


def _other_suppliers(rows: pl.DataFrame, pairs: pl.DataFrame, copies: pl.DataFrame) -> pl.Series:
    """How many other suppliers show each row's picture; null where the row names no supplier."""
    placed = rows.select("asset_id", "supplier").drop_nulls().unique()
    same = pairs.filter(pl.col("kind") != MatchKind.COPY.value).select("asset_id", "twin")
    twins = pl.concat([same, copies.select("asset_id", "twin")]).unique()
    alike = twins.join(placed, left_on="twin", right_on="asset_id", how="inner").select("asset_id", "supplier")
    shown = pl.concat([placed, alike]).unique().group_by("asset_id").agg(pl.len().cast(pl.Int64).alias("_shown"))
    counted = rows.join(shown, on="asset_id", how="left", maintain_order="left")
    told = pl.when(pl.col("supplier").is_not_null()).then(pl.col("_shown") - 1)
    return counted.select(told.alias("other_suppliers")).to_series()


def _hits(matches: pl.DataFrame | None, pairs: pl.DataFrame) -> pl.DataFrame:
    """`asset_id bank_hit bank_note` of the pictures in banks, and of those that are the same as one of them."""
    types = {"asset_id": pl.String, "bank_hit": pl.String, "bank_note": pl.String}
    if matches is None or "bank" not in matches.columns:
        return pl.DataFrame(schema=types)
    hits = matches.filter(pl.col("kind") == MatchKind.BANK.value).sort("distance", "asset_b", nulls_last=True)
    told = hits.select(pl.col("asset_a").alias("asset_id"), bank_hit="bank", bank_note="note")
    same = pairs.filter(pl.col("kind") != MatchKind.COPY.value).select("asset_id", "twin")
    alike = same.join(told, left_on="twin", right_on="asset_id", how="inner").select(told.columns)
    return pl.concat([told, alike]).unique("asset_id", keep="first", maintain_order=True)
