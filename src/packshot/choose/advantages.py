"""What a main picture has over the others of its listing, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.choose.quality import MAIN, TERMS
from packshot.choose.terms import measured

if TYPE_CHECKING:
    from packshot.choose.diversity import Rows
    from packshot.choose.terms import Flags, Reals

MOST = 3
"""Advantages that are named."""
PLAIN = 0.02
"""A term must be better by so much than that of every other picture to be called so."""
FULL = 0.75
"""From it on a term that is said without a comparison is true enough to say."""
SMALLEST = 0.002
"""Parts of the quality below this go unsaid."""
COUNTS = ("", "", " two", " three", " four", " five", " six", " seven", " eight", " nine")
COMPARED = {
    "fill": "better filling the frame",
    "centering": "better centred",
    "sharpness": "sharper",
    "resolution": "larger",
    "exposure": "better exposed",
    "clean": "cleaner",
    "information": "showing more",
    "technical": "of better quality",
}
"""Term → what is said of a picture that is better in it than all others."""
TOLD = {
    "background": "on white",
    "whole": "nothing cut off",
    "unframed": "no border",
    "face": "the face shows",
    "unlettered": "nothing laid over it",
    "unmarked": "no watermark",
    "single": "one picture and no collage",
    "clean_edges": "clean edges",
    "upright": "upright",
}
"""Term → what is said of a picture where it holds."""
SHOTS = {
    "packshot": "the product alone",
    "on_model": "on a model",
    "flat_lay": "laid out",
    "lifestyle": "in its setting",
    "packaging": "in its box",
}


def advantages(table: pl.DataFrame, terms: Reals, listing: Rows, able: Flags, rows: Rows) -> pl.Series:
    """What speaks for the main pictures `rows` against those of their listings that may be main, too; empty: nothing.

    `terms` (n, terms) are those of `table`; `listing` ascends, one number for each row; `able` says which may be main.
    At most three, the heaviest first: such as hold of the picture, and more so than of the others on average; and
    such in which it is better than every other.
    """
    if not rows.size:
        return pl.Series("advantages", [], dtype=pl.String)
    rivals = able.copy()
    rivals[rows] = False
    starts = np.flatnonzero(np.diff(listing, prepend=-1))
    place = np.searchsorted(listing[starts], listing[rows])
    count = np.add.reduceat(rivals.astype(np.int64), starts)[place]
    best = np.maximum.reduceat(np.where(rivals[:, None], terms, -np.inf), starts, axis=0)[place]
    mean = np.add.reduceat(np.where(rivals[:, None], terms, 0.0), starts, axis=0)[place] / np.maximum(count, 1)[:, None]
    own, weights = terms[rows], np.array([MAIN.get(name, 0.0) for name in TERMS])
    gain = (own - mean) * weights
    compared = np.array([name in COMPARED for name in TERMS])
    holds = np.where(compared, own - best > PLAIN, own >= FULL) & (gain > SMALLEST) & (count > 0)[:, None]
    facts = _facts(measured(table[rows]))
    for number, name in enumerate(TERMS):
        if name in facts:
            holds[:, number] &= facts[name].is_not_null().to_numpy()
    order = np.argsort(np.where(holds, -gain, 0.0), axis=1, kind="stable")[:, :MOST]
    picked = np.take_along_axis(holds, order, axis=1)
    return _in_words(order, picked, facts, count)


def _facts(table: pl.DataFrame) -> dict[str, pl.Series]:
    """Term → what is said of each row where it holds; null where nothing can be."""
    said = {name: pl.Series([text]).new_from_index(0, table.height) for name, text in TOLD.items()}
    shot = table["shot_type"].replace_strict(SHOTS, default=None, return_dtype=pl.String)
    return {**said, "shot": shot, "view": table.select(pl.format("{} view", "view")).to_series()}


def _in_words(order: Rows, picked: Flags, facts: dict[str, pl.Series], count: Rows) -> pl.Series:
    rows = len(order)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, rows)
    told = [facts.get(name, nothing) for name in TERMS]
    more = [nothing if name in facts else pl.Series([COMPARED[name]]).new_from_index(0, rows) for name in TERMS]
    columns = {}
    for kind, texts in (("told", told), ("more", more)):
        stacked = pl.concat([*texts, nothing])
        for place in range(order.shape[1]):
            at = np.where(picked[:, place], order[:, place], len(TERMS)) * rows + np.arange(rows)
            columns[f"{kind}{place}"] = stacked.gather(at)
    others = pl.Series([f" than the other{_in_letters(number)}" for number in count.tolist()], dtype=pl.String)
    frame = pl.DataFrame({**columns, "others": others})
    better = pl.concat_str(pl.col("^more.*$"), separator=" and ", ignore_nulls=True)
    better = pl.when(better != "").then(pl.concat_str(better, "others"))
    return frame.select(
        pl.concat_str(pl.col("^told.*$"), better, separator=", ", ignore_nulls=True).alias("advantages")
    ).to_series()


def _in_letters(count: int) -> str:
    return COUNTS[count] if count < len(COUNTS) else f" {count}"
