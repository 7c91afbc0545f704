"""How good a picture is as main picture and as another one, from measured columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from packshot.choose.main_weights import main_weights
from packshot.choose.terms import NEUTRAL, measured, term_values, terms
from packshot.choose.wording import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.choose.terms import Flags, Reals

    Ranks: TypeAlias = NDArray[np.int64]

STRENGTHS = 3
"""Terms that a reason names."""
NO_TERM = -1
DIGITS = 6
"""Scores are rounded, so that they do not depend on how many rows are scored at once."""


MAIN: Mapping[str, float] = main_weights()
"""A main picture is a small tile among others. What each term counts was learnt from editors' choices and from pictures
beside worse ones made of them (`training/main_ranker.py`), all together 1; no weight is negative. What nothing there
could be trained with counts by judgement, beside that."""
SECONDARY: Mapping[str, float] = {
    "fill": 0.05,
    "centering": 0.02,
    "whole": 0.03,
    "sharpness": 0.28,
    "resolution": 0.2,
    "exposure": 0.14,
    "clean": 0.08,
    "information": 0.15,
    "unframed": 0.05,
}
"""The other pictures show details and use, in any setting: what counts is that they can be seen well."""
FEED_MAIN = 0.03
"""Added to the quality as main of the picture that the feed shows as main: someone chose it, so it wins near ties."""
FEED_ORDER = 0.01
"""Taken off the quality as main for each place behind the first in the feed's order, for three places at most: feeds
put the better view first, and columns cannot tell a front from a back."""
FEED_PLACES = 3
TERMS = tuple(terms())


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
    terms: Reals
    """What each term says, in the order of `TERMS`; shape (n, terms)."""

    def of(self, rows: Ranks) -> Quality:
        """The scores of some rows."""
        return Quality(
            self.main[rows],
            self.secondary[rows],
            self.main_strengths[rows],
            self.secondary_strengths[rows],
            self.terms[rows],
        )


def quality(frame: pl.DataFrame, weights: Mapping[str, float] = MAIN) -> Quality:
    """Score each row of `frame` by the columns of `terms.COLUMNS` that it has: the weighted mean of its terms.

    `weights` are those of the main picture. A term that was not measured is neutral (0.5); those of models that may be
    absent are left out then, and the other terms say it all.
    """
    values, absent = term_values(measured(frame))
    main, secondary = _weights(weights), _weights(SECONDARY)
    return Quality(
        np.round(_mean(values, absent, main), DIGITS),
        np.round(_mean(values, absent, secondary), DIGITS),
        _strengths(values, main),
        _strengths(values, secondary),
        values,
    )


def _mean(values: Reals, absent: Flags, weights: Reals) -> Reals:
    there = np.where(absent, 0.0, weights)
    found: Reals = (values * there).sum(axis=1) / there.sum(axis=1)
    return found


def _weights(weights: Mapping[str, float]) -> Reals:
    return np.array([weights.get(name, 0.0) for name in TERMS])


def _strengths(values: Reals, weights: Reals) -> Ranks:
    gain = (values - NEUTRAL) * weights
    order: Ranks = np.argsort(-gain, axis=1, kind="stable")[:, :STRENGTHS]
    order[np.take_along_axis(gain, order, axis=1) <= 0] = NO_TERM
    return order


_PATTERNS = {
    "background": ("background_white_share", "{:.0%} of the background white", 100),
    "fill": ("product_fill_share", "the product fills {:.0%} of the frame", 100),
    "centering": ("product_centering", "centring {:.2f}", 100),
    "sharpness": ("sharpness", "sharpness {:.2f}", 100),
    "exposure": ("brightness", "well exposed, brightness {:.2f}", 100),
    "clean": ("noise_sigma", "noise {:.1f} of 255", 10),
    "information": ("information", "information {:.2f}", 100),
    "technical": ("technical_quality", "technical quality {:.2f}", 100),
}
"""Term → the column that tells it, how, and how finely that rounds."""
_WORDS = {
    "whole": ("cut_off_edges", "the whole product in the frame"),
    "unframed": ("border_px", "no border"),
    "face": ("face_confidence", "the face shows"),
    "unlettered": ("overlay_probability", "nothing laid over it"),
    "unmarked": ("watermark_probability", "no watermark"),
    "single": ("collage_probability", "no collage"),
    "clean_edges": ("halo_share", "clean edges"),
    "upright": ("orientation_confidence", "upright"),
}
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
    if term == "view":
        return table.select(pl.format("{} view", "view").alias(term)).to_series()
    if term == "shot":
        return table.select(pl.col("shot_type").str.replace_all("_", " ", literal=True).alias(term)).to_series()
    sides = pl.DataFrame(
        {"w": worded("{:.0f}×", table["width_px"], 1), "h": worded("{:.0f} px", table["height_px"], 1).fill_null("")}
    )
    known = (table["width_px"] != 0).fill_null(value=False)
    return sides.select(pl.when(known).then(pl.concat_str("w", "h")).alias(term)).to_series()


def _nothing(rows: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, rows)
