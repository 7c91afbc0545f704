"""How good a picture is as main picture and as another one, from measured columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals: TypeAlias = NDArray[np.float64]
    Ranks: TypeAlias = NDArray[np.int64]

NEUTRAL = 0.5
"""What a term says where it was not measured: neither for the picture nor against it."""
STRENGTHS = 3
"""Terms that a reason names."""
NO_TERM = -1
DIGITS = 6
"""Scores are rounded, so that they do not depend on how many rows are scored at once."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; the score is the weighted mean of the terms, 0 to 1."""

    background: float
    """Share of the background that is pure white."""
    fill: float
    """How near the product's fill is to 0.85 of the frame."""
    centering: float
    """1 when the product is in the middle."""
    whole: float
    """1 when no edge cuts the product off; half of it for each edge that does."""
    sharpness: float
    resolution: float
    """True pixels of the long side, from 200 (0) to 2000 (1) by their logarithm: enlarging adds none."""
    exposure: float
    """Full marks unless light parts are clipped or the picture is dark."""
    clean: float
    """Little noise and compression."""
    information: float
    """Low for blank fields and placeholders."""
    unframed: float
    """1 without a drawn border."""


MAIN = Weights(
    background=0.22,
    fill=0.15,
    centering=0.04,
    whole=0.07,
    sharpness=0.13,
    resolution=0.16,
    exposure=0.08,
    clean=0.04,
    information=0.07,
    unframed=0.04,
)
"""A main picture is a small tile among others: a plain background and a product that fills the frame come first."""
SECONDARY = Weights(
    background=0.0,
    fill=0.05,
    centering=0.02,
    whole=0.03,
    sharpness=0.28,
    resolution=0.2,
    exposure=0.14,
    clean=0.08,
    information=0.15,
    unframed=0.05,
)
"""The other pictures show details and use, in any setting: what counts is that they can be seen well."""
FEED_MAIN = 0.03
"""Added to the quality as main of the picture that the feed shows as main: someone chose it, so it wins near ties."""
FEED_ORDER = 0.01
"""Taken off the quality as main for each place behind the first in the feed's order, for three places at most: feeds
put the better view first, and columns cannot tell a front from a back."""
FEED_PLACES = 3
TERMS = tuple(field.name for field in fields(Weights))

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
}
"""Measured columns that are read; any of them may be missing."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Scores of n pictures, with the terms behind them."""

    main: Reals
    """Score as main picture, 0 to 1, without what the feed says; shape (n,)."""
    secondary: Reals
    """Score as another picture, 0 to 1; shape (n,)."""
    main_strengths: Ranks
    """Indices into `TERMS` of the terms that speak most for the picture as main, best first, −1 for none; (n, 3)."""
    secondary_strengths: Ranks


def quality(frame: pl.DataFrame) -> Quality:
    """Score each row of `frame` by the columns of `COLUMNS` that it has.

    A term whose columns are missing, null or NaN is neutral (0.5). What concerns the product counts as much as
    `product_confidence` trusts its outline; the rest of the way it is neutral.
    """
    table = measured(frame)
    values = table.select(
        expression.clip(0.0, 1.0).fill_nan(None).fill_null(NEUTRAL).alias(name) for name, expression in _terms().items()
    ).to_numpy()
    main, secondary = _weights(MAIN), _weights(SECONDARY)
    return Quality(
        np.round(values @ main, DIGITS),
        np.round(values @ secondary, DIGITS),
        _strengths(values, main),
        _strengths(values, secondary),
    )


def measured(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `COLUMNS` alone, as numbers; null where they are missing or NaN."""
    given = [
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in COLUMNS.items()
    ]
    rows = frame.select(pl.int_range(pl.len()).alias("_row"), *given).drop("_row")
    return rows.with_columns(pl.col(pl.Float64).fill_nan(None))


def _weights(weights: Weights) -> Reals:
    each = np.array([getattr(weights, name) for name in TERMS])
    scaled: Reals = each / each.sum()
    return scaled


def _strengths(values: Reals, weights: Reals) -> Ranks:
    gain = (values - NEUTRAL) * weights
    order: Ranks = np.argsort(-gain, axis=1, kind="stable")[:, :STRENGTHS]
    order[np.take_along_axis(gain, order, axis=1) <= 0] = NO_TERM
    return order


def _terms() -> dict[str, pl.Expr]:
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
    }


BEST_FILL = 0.85


def _trusted(value: pl.Expr, trust: pl.Expr) -> pl.Expr:
    return NEUTRAL + (value - NEUTRAL) * trust


def _ramp(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """0 up to `low`, 1 from `high` on, straight between."""
    return ((value - low) / (high - low)).clip(0.0, 1.0)


Row: TypeAlias = "dict[str, list[float | None]]"

_TEXTS: dict[str, Callable[[Row, int], str]] = {
    "background": lambda row, at: _text("{:.0%} of the background white", row["background_white_share"][at]),
    "fill": lambda row, at: _text("the product fills {:.0%} of the frame", row["product_fill_share"][at]),
    "centering": lambda row, at: _text("centring {:.2f}", row["product_centering"][at]),
    "whole": lambda row, at: "the whole product in the frame" if row["cut_off_edges"][at] is not None else "",
    "sharpness": lambda row, at: _text("sharpness {:.2f}", row["sharpness"][at]),
    "resolution": lambda row, at: (
        _text("{:.0f}×", row["width_px"][at]) + _text("{:.0f} px", row["height_px"][at]) if row["width_px"][at] else ""
    ),
    "exposure": lambda row, at: _text("well exposed, brightness {:.2f}", row["brightness"][at]),
    "clean": lambda row, at: _text("noise {:.1f} of 255", row["noise_sigma"][at]),
    "information": lambda row, at: _text("information {:.2f}", row["information"][at]),
    "unframed": lambda row, at: "no border" if row["border_px"][at] is not None else "",
}


def strengths_in_words(row: Row, at: int, strengths: list[int]) -> str:
    """What speaks for the picture at index `at` of `row`'s lists, with its numbers; empty where nothing is known."""
    said = (_TEXTS[TERMS[term]](row, at) for term in strengths if term != NO_TERM)
    return ", ".join(text for text in said if text)


def _text(pattern: str, value: float | None) -> str:
    return "" if value is None else pattern.format(value)
