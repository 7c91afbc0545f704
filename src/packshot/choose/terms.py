"""What speaks for a picture and against it: named terms, 0 to 1, from measured columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

NEUTRAL = 0.5
"""What a term says where it was not measured: neither for the picture nor against it."""
BEST_FILL = 0.85

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "background_white_share": pl.Float64,
    "product_fill_share": pl.Float64,
    "product_centering": pl.Float64,
    "product_confidence": pl.Float64,
    "cut_off_edges": pl.List(pl.String),
    "sharpness": pl.Float64,
    "width_px": pl.Float64,
    "height_px": pl.Float64,
    "effective_resolution_share": pl.Float64,
    "brightness": pl.Float64,
    "product_brightness": pl.Float64,
    "clipped_light_share": pl.Float64,
    "clipped_channel_share": pl.Float64,
    "noise_sigma": pl.Float64,
    "jpeg_quality": pl.Float64,
    "blockiness": pl.Float64,
    "information": pl.Float64,
    "border_px": pl.Float64,
    "shot_type": pl.String,
    "shot_type_confidence": pl.Float64,
    "shot_fit": pl.Float64,
    "view": pl.String,
    "view_confidence": pl.Float64,
    "view_fit": pl.Float64,
    "face_confidence": pl.Float64,
    "technical_quality": pl.Float64,
    "overlay_probability": pl.Float64,
    "watermark_probability": pl.Float64,
    "collage_probability": pl.Float64,
    "halo_share": pl.Float64,
    "orientation_degrees": pl.Float64,
    "orientation_confidence": pl.Float64,
}
"""Measured columns that are read; any of them may be missing."""
LEARNED = {
    "shot": "shot_fit",
    "view": "view_fit",
    "face": "face_confidence",
    "technical": "technical_quality",
    "unlettered": "overlay_probability",
    "unmarked": "watermark_probability",
    "single": "collage_probability",
    "clean_edges": "halo_share",
    "upright": "orientation_confidence",
}
"""Term → the column without which it is left out, and the other terms say it all: models may be absent, and a
workspace may be older than they are."""


def term_values(table: pl.DataFrame) -> tuple[Reals, Flags]:
    """Each term of each row of what `measured` gave, (rows, terms), in the order of `terms()`; and which are left out.

    A term whose columns are null is neutral (0.5). What concerns the product counts as much as `product_confidence`
    trusts its outline; the rest of the way it is neutral.
    """
    values = table.select(
        expression.clip(0.0, 1.0).fill_nan(None).fill_null(NEUTRAL).alias(name) for name, expression in terms().items()
    ).to_numpy()
    absent = np.zeros(values.shape, dtype=np.bool_)
    for place, name in enumerate(terms()):
        if name in LEARNED:
            absent[:, place] = table[LEARNED[name]].is_null().to_numpy()
    return values, absent


def measured(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `COLUMNS` alone, as numbers; null where they are missing or NaN."""
    given = [
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in COLUMNS.items()
    ]
    rows = frame.select(pl.int_range(pl.len()).alias("_row"), *given).drop("_row")
    return rows.with_columns(pl.col(pl.Float64).fill_nan(None))


def terms() -> dict[str, pl.Expr]:
    """Term → its value."""
    trust = pl.col("product_confidence").fill_null(1.0).clip(0.0, 1.0)
    fill = pl.col("product_fill_share")
    well_filled = pl.when(fill <= BEST_FILL).then(_ramp(fill, 0.25, BEST_FILL)).otherwise(1.5 - fill / 1.7)
    whole = 1 - pl.col("cut_off_edges").list.len().cast(pl.Float64) / 2
    long_side = pl.max_horizontal("width_px", "height_px") * pl.col("effective_resolution_share").fill_null(1.0)
    light = _ramp(pl.col("product_brightness").fill_null(pl.col("brightness")), 0.03, 0.2)
    unburnt = (1 - _ramp(pl.col("clipped_light_share"), 0.05, 0.5)).fill_null(1.0)
    coloured = (1 - _ramp(pl.col("clipped_channel_share"), 0.4, 0.9)).fill_null(1.0)
    noise = 1 - _ramp(pl.col("noise_sigma"), 2.0, 12.0)
    return {
        "background": pl.col("background_white_share"),
        "fill": _trusted(well_filled, trust),
        "centering": _trusted(pl.col("product_centering"), trust),
        "whole": _trusted(whole.clip(0.0, 1.0), trust),
        "sharpness": pl.col("sharpness"),
        "resolution": _ramp(long_side.clip(1.0).log(10.0), np.log10(200.0), np.log10(2000.0)),
        "exposure": light * unburnt * coloured,
        "clean": noise * _ramp(pl.col("jpeg_quality").fill_null(90.0), 30.0, 80.0),
        "information": pl.col("information"),
        "unframed": (pl.col("border_px") <= 0).cast(pl.Float64),
        **_learned_terms(),
    }


def _learned_terms() -> dict[str, pl.Expr]:
    turned = (pl.col("orientation_degrees") != 0).cast(pl.Float64)
    return {
        "shot": pl.col("shot_fit"),
        "view": pl.col("view_fit"),
        "face": NEUTRAL + _ramp(pl.col("face_confidence"), 0.5, 1.0) / 2,
        "technical": pl.col("technical_quality"),
        "unlettered": 1 - pl.col("overlay_probability"),
        "unmarked": 1 - pl.col("watermark_probability"),
        "single": 1 - pl.col("collage_probability"),
        "clean_edges": 1 - _ramp(pl.col("halo_share"), 0.0, 0.5),
        "upright": 1 - turned * pl.col("orientation_confidence").clip(0.0, 1.0),
    }


def _trusted(value: pl.Expr, trust: pl.Expr) -> pl.Expr:
    return NEUTRAL + (value - NEUTRAL) * trust


def _ramp(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """0 up to `low`, 1 from `high` on, straight between."""
    return ((value - low) / (high - low)).clip(0.0, 1.0)
