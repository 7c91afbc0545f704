"""Which picture of a cluster stays, and why."""

from __future__ import annotations

import polars as pl

STEP_OF_PIXELS = 1.05
"""Sizes within 5 % count as equal."""
LOSSLESS = ("png", "bmp", "tiff", "gif")
UNKNOWN_QUALITY = 75
"""Stands in for the JPEG quality of a format that hides it (WebP, AVIF, HEIC)."""

OPTIONAL = {
    "verdict": pl.String,
    "format": pl.String,
    "effective_resolution_share": pl.Float64,
    "jpeg_quality": pl.Float64,
    "sharpness": pl.Float64,
}
"""Columns of assets that are read where they are there; a missing one decides nothing."""


def keep_list(members: pl.DataFrame, assets: pl.DataFrame) -> pl.DataFrame:
    """Add `keep` (one true for each cluster) and `reason` to `members`, rows of `cluster_id asset_id`.

    The better picture is, in this order: not blocked (`verdict`); of more true pixels (`width_px height_px`, times the
    square of `effective_resolution_share`, within 5 %); less compressed (`jpeg_quality`; 100 for lossless formats);
    sharper (`sharpness`, to 0.05); and at last of the lesser asset id, so that the choice never depends on order.
    """
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in OPTIONAL.items() if name not in assets.columns]
    known = assets.with_columns(missing).select("asset_id", "width_px", "height_px", *OPTIONAL).unique("asset_id")
    keys = ("blocked", "size", "quality", "crispness")
    table = (
        members.join(known, on="asset_id", how="left")
        .with_columns(_keys())
        .sort("cluster_id", *keys, "asset_id", descending=[False, False, True, True, True, False])
    )
    rank = pl.int_range(pl.len()).over("cluster_id")
    best = [pl.col(name).first().over("cluster_id").alias(f"best_{name}") for name in ("asset_id", *keys, *_SHOWN)]
    next_best = [pl.col(name).shift(-1).over("cluster_id").alias(f"next_{name}") for name in (*keys, *_SHOWN)]
    judged = table.with_columns(rank.alias("rank"), *best, *next_best).with_columns(keep=pl.col("rank") == 0)
    reason = pl.when("keep").then(_why_kept()).otherwise(_why_not())
    return (
        judged.with_columns(reason=reason)
        .select("cluster_id", "asset_id", "keep", "reason")
        .sort("cluster_id", "asset_id")
    )


_SHOWN = ("width_px", "height_px", "compression", "sharpness")


def _keys() -> list[pl.Expr]:
    share = pl.col("effective_resolution_share").fill_null(1.0).clip(0.0, 1.0)
    pixels = pl.col("width_px").cast(pl.Float64) * pl.col("height_px") * share * share
    lossless = pl.col("format").is_in(LOSSLESS).fill_null(value=False)
    quality = pl.when(lossless).then(100.0).otherwise(pl.col("jpeg_quality").fill_null(UNKNOWN_QUALITY))
    shown = pl.format("JPEG quality {}", pl.col("jpeg_quality").round(0).cast(pl.Int64))
    return [
        (pl.col("verdict") == "block").fill_null(value=False).alias("blocked"),
        (pixels.clip(1.0).log(STEP_OF_PIXELS)).round(0).fill_null(-1.0).alias("size"),
        quality.round(0).alias("quality"),
        (pl.col("sharpness") * 20).round(0).fill_null(-1.0).alias("crispness"),
        pl.when(lossless).then(pl.lit("lossless")).otherwise(shown.fill_null("unknown quality")).alias("compression"),
    ]


def _why_kept() -> pl.Expr:
    px, other = _size(""), _size("next_")
    return (
        pl.when(pl.col("blocked") != pl.col("next_blocked"))
        .then(pl.lit("the only one that customers may see"))
        .when(pl.col("size") != pl.col("next_size"))
        .then(
            pl.when(px == other)
            .then(pl.lit("most detail: the others are enlarged"))
            .otherwise(pl.format("largest: {} px against {} px", px, other))
        )
        .when(pl.col("quality") != pl.col("next_quality"))
        .then(pl.format("least compressed: {} against {}", "compression", "next_compression"))
        .when(pl.col("crispness") != pl.col("next_crispness"))
        .then(pl.format("sharpest: {} against {}", _two("sharpness"), _two("next_sharpness")))
        .otherwise(pl.lit("no better and no worse than the others; the first by id stays"))
    )


def _why_not() -> pl.Expr:
    px, other = _size(""), _size("best_")
    why = (
        pl.when(pl.col("blocked") != pl.col("best_blocked"))
        .then(pl.lit("customers must not see it"))
        .when(pl.col("size") != pl.col("best_size"))
        .then(
            pl.when(px == other)
            .then(pl.lit("enlarged, with less detail"))
            .otherwise(pl.format("smaller: {} px against {} px", px, other))
        )
        .when(pl.col("quality") != pl.col("best_quality"))
        .then(pl.format("more compressed: {} against {}", "compression", "best_compression"))
        .when(pl.col("crispness") != pl.col("best_crispness"))
        .then(pl.format("softer: {} against {}", _two("sharpness"), _two("best_sharpness")))
        .otherwise(pl.lit("no better"))
    )
    return pl.format("{}; {} stays", why, pl.col("best_asset_id").str.slice(0, 12))


def _size(prefix: str) -> pl.Expr:
    return pl.format("{}×{}", f"{prefix}width_px", f"{prefix}height_px").fill_null("unknown")


def _two(column: str) -> pl.Expr:
    return pl.col(column).round(2).cast(pl.String).fill_null("unknown")
