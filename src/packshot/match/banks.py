"""Which pictures are in a bank of pictures that are known to be bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.core.match import MatchKind
from packshot.match.colour import LAB_BYTES, worst_delta_e
from packshot.match.copies import SCHEMA as COPIES
from packshot.match.hamming import HASH_BYTES
from packshot.match.index import MAX_RADIUS, Groups, group_equal, near_across
from packshot.match.same import Sameness, byte_rows
from packshot.match.turns import TURNS, Turn, turned_hashes, turned_thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.match.hamming import Bytes, Rows

MAX_DISTANCE = 31
"""Bits in which a hash may differ from one of a bank, where the entry says nothing; more are never searched.

Of 702 product pictures hashed by the library pdqhash 99.9 % were found again at this distance by packshot's own hashes,
and none of the 480,926 pairs of pictures of two different groups of products was as near (nor at 48). Colour variants
of one garment are: 67 of 11,136 pairs within groups.
"""
SCHEMA = pl.Schema({**COPIES, "bank": pl.String(), "note": pl.String()})


def find_known(
    assets: pl.DataFrame, entries: pl.DataFrame, thumbnails: Callable[[pl.Series], pl.DataFrame] | None = None
) -> pl.DataFrame:
    """Give the pictures that are in a bank, one row for each picture and entry, as `find_copies` and `bank note`.

    `assets` has `asset_id pdq pdq_quality`, `entries` `entry_id bank pdq note max_distance lab16`, null where unknown.
    An entry's hash counts as it is, mirrored and turned by quarters. Where the entry has a thumbnail (it was added as a
    picture) the colours have to agree as well, as in `same.Sameness`, by what `thumbnails` gives for asset ids: a shirt
    in another colour is another shirt. An entry that is a hash alone cannot tell.
    """
    usable = assets.select("asset_id", "pdq", "pdq_quality").drop_nulls()
    usable = usable.filter(pl.col("pdq_quality") >= Sameness().min_pdq_quality).unique("asset_id").sort("asset_id")
    known = entries.filter(pl.col("pdq").is_not_null()).unique("entry_id").sort("entry_id")
    if usable.is_empty() or known.is_empty():
        return SCHEMA.to_frame()
    own, theirs = byte_rows(usable["pdq"], HASH_BYTES), byte_rows(known["pdq"], HASH_BYTES)
    most = known["max_distance"].fill_null(MAX_DISTANCE).to_numpy()
    rows = pl.concat([_rows(usable, known, _near(own, turned_hashes(theirs, turn), most), turn) for turn in TURNS])
    rows = rows.sort("distance", "turned_degrees", "mirrored").unique(("asset_a", "asset_b"), keep="first")
    return _coloured(rows, known, thumbnails).select(SCHEMA.names()).sort("asset_a", "asset_b")


def _near(own: Bytes, theirs: Bytes, most: Rows) -> tuple[Rows, Rows, Rows]:
    """Rows of `own` and of `theirs` whose hashes are near enough, and the distances."""
    ours, known = group_equal(own), group_equal(theirs)
    blocks = [*near_across(own[ours.first], theirs[known.first], min(int(most.max()), MAX_RADIUS))]
    nothing = np.zeros(0, dtype=np.int64)
    one, two, apart = (np.concatenate([nothing, *column]) for column in list(zip(*blocks, strict=True)) or [()] * 3)
    pairs = pl.DataFrame({"group": one, "group_known": two, "apart": apart})
    found = pairs.join(_members(ours, ""), on="group").join(_members(known, "_known"), on="group_known")
    left, right, apart = (found[name].to_numpy() for name in ("row", "row_known", "apart"))
    kept = apart <= most[right]
    return left[kept], right[kept], apart[kept]


def _members(groups: Groups, suffix: str) -> pl.DataFrame:
    return pl.DataFrame({f"group{suffix}": groups.of_row, f"row{suffix}": np.arange(groups.of_row.size)})


def _rows(usable: pl.DataFrame, known: pl.DataFrame, near: tuple[Rows, Rows, Rows], turn: Turn) -> pl.DataFrame:
    left, right, apart = near
    entries = known.select("entry_id", "bank", "note")[right]
    return pl.DataFrame(
        {"asset_a": usable["asset_id"].gather(left), "asset_b": entries["entry_id"], "distance": apart}
    ).with_columns(
        kind=pl.lit(MatchKind.BANK.value),
        mirrored=pl.lit(turn.mirrored),
        turned_degrees=pl.lit(float(turn.degrees), dtype=pl.Float32),
        distance=pl.col("distance").cast(pl.Int32),
        bank=entries["bank"],
        note=entries["note"],
        **{n: pl.lit(None, dtype=COPIES[n]) for n in ("shared_points", "alike_share", "box_a", "box_b")},
    )


def _coloured(
    rows: pl.DataFrame, known: pl.DataFrame, thumbnails: Callable[[pl.Series], pl.DataFrame] | None
) -> pl.DataFrame:
    """`rows` with `delta_e`, without those whose colours are known to be others."""
    rows = rows.join(known.select("entry_id", "lab16"), left_on="asset_b", right_on="entry_id", how="left")
    told = rows.filter(pl.col("lab16").is_not_null())
    if thumbnails is None or told.is_empty():
        return rows.with_columns(delta_e=pl.lit(None, dtype=pl.Float32))
    seen = thumbnails(told["asset_a"].unique())
    rows = rows.join(seen.rename({"lab16": "own"}), left_on="asset_a", right_on="asset_id", how="left")
    parts = [rows.filter(pl.col("lab16").is_null() | pl.col("own").is_null())]
    parts[0] = parts[0].with_columns(delta_e=pl.lit(None, dtype=pl.Float32))
    told = rows.filter(pl.col("lab16").is_not_null() & pl.col("own").is_not_null())
    for turn in TURNS:
        way = (pl.col("mirrored") == turn.mirrored) & (pl.col("turned_degrees") == turn.degrees)
        part = told.filter(way)
        theirs = turned_thumbnails(byte_rows(part["lab16"], LAB_BYTES), turn)
        apart = worst_delta_e(byte_rows(part["own"], LAB_BYTES), theirs)
        parts.append(part.with_columns(delta_e=pl.Series(apart, dtype=pl.Float32)))
    return pl.concat(parts).filter(pl.col("delta_e").is_null() | (pl.col("delta_e") <= Sameness().max_delta_e))
