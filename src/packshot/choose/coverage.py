"""Which of the shots that the channel wants a gallery lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from packshot.policies.policy import GalleryRules

MEASURED = {"shot_type": "shot_type_confidence", "view": "view_confidence"}
"""Column → the column that is null where it was not measured: where that has a value, null is that nothing was told."""
VIEWS = frozenset({"front", "back", "side", "top", "detail"})
SCHEMA = pl.Schema({"listing": pl.Int64, "role": pl.String, "reason": pl.String})


def missing_views(table: pl.DataFrame, rules: GalleryRules) -> pl.DataFrame:
    """`listing role reason`: a row for each wanted shot that no shown picture is told to be; `role` says which shot.

    `table` has every picture: `listing source_uri hurdle slot` (−1 where it is not shown) and, where known, the columns
    of `MEASURED`. Nothing is said of a listing of whose pictures none has such a shot or view told at all: a heap of
    apples has no back, and where nothing was measured nothing is missing. Where some picture tells nothing,
    the reason says that it may be the one.
    """
    if not rules.wanted_shots or not set(table.columns).issuperset({*MEASURED, *MEASURED.values()}):
        return pl.DataFrame(schema=SCHEMA)
    found = []
    for shot in dict.fromkeys(one.value for one in rules.wanted_shots):
        column = "view" if shot in VIEWS else "shot_type"
        is_one = (pl.col(column) == shot) | (pl.col("shot_type") == shot)
        shown, measured = pl.col("slot") >= 0, pl.col(MEASURED[column]).is_not_null()
        told = table.group_by("listing", maintain_order=True).agg(
            there=(is_one & shown).any(),
            known=pl.col(column).is_not_null().any(),
            pictures=measured.sum(),
            doubtful=(measured & pl.col(column).is_null()).sum(),
            uri=pl.col("source_uri").filter(is_one).first(),
            hurdle=pl.col("hurdle").filter(is_one).first(),
        )
        lacking = told.filter("known", ~pl.col("there").fill_null(value=False))
        found.append(lacking.select("listing", pl.lit(shot).alias("role"), _reason(shot, column).alias("reason")))
    return pl.concat(found).cast(SCHEMA)


def _reason(shot: str, column: str) -> pl.Expr:
    what = f"{shot} view" if column == "view" and shot != "detail" else shot.replace("_", " ")
    start = pl.lit(f"the channel wants {'an' if what[0] in 'aeiou' else 'a'} {what}; ")
    hurdle = pl.when(pl.col("hurdle") == "").then(pl.lit("it was not chosen")).otherwise("hurdle")
    doubt = pl.when(pl.col("doubtful") > 0).then(
        pl.format("no picture is told to be one, and of {} of the {} it cannot be told", "doubtful", "pictures")
    )
    return (
        pl.when(pl.col("uri").is_not_null())
        .then(pl.concat_str(start, pl.format("{} is one, but {}", "uri", hurdle)))
        .when(pl.col("doubtful") > 0)
        .then(pl.concat_str(start, doubt))
        .otherwise(pl.concat_str(start, pl.lit("no picture is one")))
    )
