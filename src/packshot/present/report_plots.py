"""The geometry of the report's plots: how measures are distributed, and where the policy's limits lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.present import report_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.present.report_data import ReportData, Threshold

WIDTH, HEIGHT = 320, 96
"""The plotting area, in units of the drawing."""
_BINS = 32
_MOST = 8
_USUAL = (
    "long_side_px",
    "sharpness",
    "background_white_share",
    "product_fill_share",
    "brightness",
    "effective_resolution_share",
    "jpeg_quality",
    "product_centering",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bin of a histogram."""

    x: float
    y: float
    w: float
    h: float
    bad: bool
    """It lies beyond a limit."""
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A limit: its place along the axis and its words."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """One measure over all pictures."""

    column: str
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    low: float
    high: float
    note: str
    """How many pictures lie beyond the limits, in words."""


def histograms(data: ReportData) -> list[Histogram]:
    """The plots worth showing: measures that the policy limits, then the usual ones; eight at most."""
    frame = data.measurements
    if "long_side_px" not in frame.columns:
        frame = frame.with_columns(long_side_px=pl.max_horizontal("width_px", "height_px"))
    limited = [t.column for t in data.thresholds]
    columns = [c for c in dict.fromkeys([*_USUAL, *limited]) if c in frame.columns and frame.schema[c].is_numeric()]
    columns.sort(key=lambda column: column not in limited)
    roles = data.verdicts.select("asset_id", "role").drop_nulls().unique()
    drawn = (
        histogram(frame.select("asset_id", column), [t for t in data.thresholds if t.column == column], roles)
        for column in columns
    )
    return [plot for plot in drawn if plot is not None][:_MOST]


def histogram(values: pl.DataFrame, limits: Sequence[Threshold], roles: pl.DataFrame) -> Histogram | None:
    """Count a measure into 32 bins; what lies beyond the axis falls into its last bin. None when there is no value.

    `values` holds `asset_id` and the measured column, `roles` the roles in which each asset is placed.
    """
    column = values.columns[1]
    values = values.select("asset_id", value=pl.col(column).cast(pl.Float64))
    values = values.filter(pl.col("value").is_not_null() & pl.col("value").is_finite())
    if values.is_empty():
        return None
    known = values["value"]
    low, high = _axis(known, [t.value for t in limits])
    at = ((known - low) / (high - low) * _BINS).floor().clip(0, _BINS - 1).cast(pl.Int64)
    counted = dict(at.value_counts().iter_rows())
    counts = [counted.get(i, 0) for i in range(_BINS)]
    top, step = max(counts), (high - low) / _BINS
    bars = []
    for i, count in enumerate(counts):
        if not count:
            continue
        height = max(2.0, HEIGHT * count / top)
        start = low + i * step
        text = (
            f"{report_text.number(start)} to {report_text.number(start + step)}: {report_text.plural(count, 'picture')}"
        )
        bad = any(_beyond(start + step / 2, limit) for limit in limits if not limit.advice)
        width = WIDTH / _BINS
        bars.append(Bar(round(i * width + 0.5, 1), round(HEIGHT - height, 1), width - 1, round(height, 1), bad, text))
    lines = tuple(Line(round(WIDTH * (t.value - low) / (high - low), 1), _limit_words(t)) for t in limits)
    return Histogram(column, tuple(bars), lines, low, high, _note(values, limits, roles))


def _axis(known: pl.Series, limits: Sequence[float]) -> tuple[float, float]:
    """0 to 1 where everything fits, else from 0 (or the least) to the 99th percentile, with the limits inside."""
    lowest, highest = float(known.min() or 0), float(known.max() or 0)  # type: ignore[arg-type] # a float series
    if lowest >= 0 and highest <= 1 and all(0 <= limit <= 1 for limit in limits):
        return 0.0, 1.0
    far = float(known.quantile(0.99) or highest)
    low = min([0.0, lowest, *limits])
    high = max([far, *(1.1 * limit for limit in limits)])
    return (low, high) if high > low else (low, low + 1)


def _beyond(value: float, limit: Threshold) -> bool:
    return value < limit.value if limit.side == "min" else value > limit.value


def _limit_words(limit: Threshold) -> str:
    sign = "≥" if limit.side == "min" else "≤"
    return f"{sign} {report_text.number(limit.value)}"


def _note(values: pl.DataFrame, limits: Sequence[Threshold], roles: pl.DataFrame) -> str:
    """For each limit, the share of the pictures it is asked of that lie beyond it."""
    said = []
    for limit in limits:
        asked = roles.filter(pl.col("role").is_in(limit.roles))["asset_id"]
        known = (values.filter(pl.col("asset_id").is_in(asked.implode())) if limit.roles else values)["value"]
        count = int((known < limit.value).sum() if limit.side == "min" else (known > limit.value).sum())
        side = "below" if limit.side == "min" else "above"
        whom = f" of {', '.join(limit.roles)} pictures" if limit.roles else ""
        share = report_text.percent(count, len(known)) if count else "none"
        said.append(f"{share}{whom} {side} {report_text.number(limit.value)}")
    return "; ".join(dict.fromkeys(said))
