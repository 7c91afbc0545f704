"""How good a picture is as main picture and as another one, from measured columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from packshot.choose.wording import worded

if TYPE_CHECKING:
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
    editors: float
    """How much it is like pictures that editors put first."""
    unframed: float
    """1 without a drawn border."""


EDITORS = 0.4
"""Beside 1 for all that follows from pixels. By judgement, with what 0.4, 0.8 and 1.4 find of magento2's mains in view
(`docs/decisions/0014-main-picture-by-editors.md`; scored by `benchmarks/quality/mains.py`)."""
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
    editors=EDITORS,
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
    editors=0.0,
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
    "main_fit": pl.Float64,
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

    def of(self, rows: Ranks) -> Quality:
        """The scores of some rows."""
        return Quality(self.main[rows], self.secondary[rows], self.main_strengths[rows], self.secondary_strengths[rows])


def quality(frame: pl.DataFrame) -> Quality:
    """Score each row of `frame` by the columns of `COLUMNS` that it has.

    A term whose columns are missing, null or NaN is neutral (0.5). What concerns the product counts as much as
    `product_confidence` trusts its outline; the rest of the way it is neutral. Where `main_fit` is not known, the
    other terms say it all.
    """
    table = measured(frame)
    values = table.select(
        expression.clip(0.0, 1.0).fill_nan(None).fill_null(NEUTRAL).alias(name) for name, expression in _terms().items()
    ).to_numpy()
    main, secondary = _weights(MAIN), _weights(SECONDARY)
    looks, unknown = values @ main, table["main_fit"].is_null().to_numpy()
    looked_for = main[TERMS.index("editors")]
    looks[unknown] = (looks[unknown] - NEUTRAL * looked_for) / (1 - looked_for)
    return Quality(
        np.round(looks, DIGITS),
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
        "editors": pl.col("main_fit"),
        "unframed": (pl.col("border_px") <= 0).cast(pl.Float64),
    }


BEST_FILL = 0.85


def _trusted(value: pl.Expr, trust: pl.Expr) -> pl.Expr:
    return NEUTRAL + (value - NEUTRAL) * trust


def _ramp(value: pl.Expr, low: float, high: float) -> pl.Expr:
    """0 up to `low`, 1 from `high` on, straight between."""
    return ((value - low) / (high - low)).clip(0.0, 1.0)


_PATTERNS = {
    "background": ("background_white_share", "{:.0%} of the background white", 100),
    "fill": ("product_fill_share", "the product fills {:.0%} of the frame", 100),
    "centering": ("product_centering", "centring {:.2f}", 100),
    "sharpness": ("sharpness", "sharpness {:.2f}", 100),
    "exposure": ("brightness", "well exposed, brightness {:.2f}", 100),
    "clean": ("noise_sigma", "noise {:.1f} of 255", 10),
    "information": ("information", "information {:.2f}", 100),
    "editors": ("main_fit", "like what editors put first, {:.0%}", 100),
}
"""Term → the column that tells it, how, and how finely that rounds."""
_WORDS = {"whole": ("cut_off_edges", "the whole product in the frame"), "unframed": ("border_px", "no border")}
"""Term → the column that must be known, and what is said then."""


def strengths_in_words(frame: pl.DataFrame, strengths: Ranks) -> pl.Series:
    """What speaks for each row's picture, with its numbers; empty where nothing is known.

    `strengths` are those of the same rows, indices into `TERMS`, shape (n, 3).
    """
    table = measured(frame)
    texts = pl.concat([_term_in_words(table, term) for term in TERMS] + [_nothing(table.height)])
    places = np.where(strengths == NO_TERM, len(TERMS), strengths) * table.height + np.arange(table.height)[:, None]
    said = pl.DataFrame([texts.gather(column).alias(f"{rank}") for rank, column in enumerate(places.T)])
    return said.select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True).alias("strengths")).to_series()


def _term_in_words(table: pl.DataFrame, term: str) -> pl.Series:
    """What the term says of each row; null where nothing is known."""
    if term in _PATTERNS:
        column, pattern, steps = _PATTERNS[term]
        return worded(pattern, table[column], steps).alias(term)
    if term in _WORDS:
        column, text = _WORDS[term]
        return table.select(pl.when(pl.col(column).is_not_null()).then(pl.lit(text)).alias(term)).to_series()
    sides = pl.DataFrame(
        {"w": worded("{:.0f}×", table["width_px"], 1), "h": worded("{:.0f} px", table["height_px"], 1).fill_null("")}
    )
    known = (table["width_px"] != 0).fill_null(value=False)
    return sides.select(pl.when(known).then(pl.concat_str("w", "h")).alias(term)).to_series()


def _nothing(rows: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, rows)
