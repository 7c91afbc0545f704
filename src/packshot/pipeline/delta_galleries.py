"""What became of the galleries: another main picture, an emptied or filled one, another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.pipeline.delta_rows import change_rows, differing, listed

if TYPE_CHECKING:
    from packshot.pipeline.delta_rules import RuleChanges
    from packshot.pipeline.delta_sides import Side

ASIDE = ("rejected", "missing")
"""Rows of a gallery that show nothing."""
NO_REASON = "nothing that is recorded explains it"


def gallery_changes(before: Side, after: Side, rules: RuleChanges) -> list[pl.DataFrame]:
    """Rows of `CHANGES` about the galleries of listings that both sides have."""
    slots = [side.galleries.filter(~pl.col("slot").is_in(ASIDE)) for side in (before, after)]
    differ = differing(slots[0], slots[1], ("listing_id", "slot", "placement_id", "asset_id"))
    moved = pl.concat(rows["listing_id"] for rows in differ)
    touched = pl.col("listing_id").is_in(moved.unique().implode())
    old, new = (_shown(rows.filter(touched)) for rows in slots)
    both = old.join(new, on="listing_id", suffix="_after", maintain_order="left")
    main, other = pl.col("asset_id"), pl.col("asset_id_after")
    differs = main.ne_missing(other) | pl.col("placement_id").ne_missing(pl.col("placement_id_after"))
    mains = both.filter(differs & (main.is_not_null() | other.is_not_null()))
    change = (
        pl.when(other.is_null())
        .then(pl.lit("emptied"))
        .when(main.is_null())
        .then(pl.lit("filled"))
        .otherwise(pl.lit("main changed"))
    )
    names: dict[str, str | pl.Expr] = {
        "placement_id": pl.coalesce("placement_id_after", "placement_id"),
        "source_uri": pl.coalesce("source_uri_after", "source_uri"),
        "before": "source_uri",
        "after": "source_uri_after",
        "asset_before": "asset_id",
        "asset_after": "asset_id_after",
    }
    rest = both.join(mains.select("listing_id"), on="listing_id", how="anti", maintain_order="left")
    shown = [pl.col(name).list.drop_nulls().list.join(", ") for name in ("pictures", "pictures_after")]
    return [
        change_rows(_with_reasons(mains, before, after, rules), "gallery", change, **names),
        change_rows(rest.select("listing_id", before=shown[0], after=shown[1]), "gallery", "reordered"),
    ]


def _shown(slots: pl.DataFrame) -> pl.DataFrame:
    """For each listing its main slot, and the pictures that are shown, in order."""
    main = slots.filter(pl.col("slot") == "main").unique("listing_id", keep="first", maintain_order=True)
    main = main.select("listing_id", "placement_id", "asset_id", "source_uri", "score", "reason")
    every = slots.group_by("listing_id", maintain_order=True).agg(pictures="source_uri")
    return main.join(every, on="listing_id", how="left", maintain_order="left")


def _with_reasons(mains: pl.DataFrame, before: Side, after: Side, rules: RuleChanges) -> pl.DataFrame:
    """With `why`: what happened to the main picture of before and to the one of now, so far as is recorded."""
    ids = pl.concat([mains["placement_id"], mains["placement_id_after"]]).drop_nulls().unique()
    mine = pl.col("placement_id").is_in(ids.implode())
    verdicts = [
        side.verdicts.filter(mine).select("placement_id", "asset_id", "verdict_as_main") for side in (before, after)
    ]
    found = mains
    for key in ("placement_id", "placement_id_after"):
        for side, frame in zip(("was", "is"), verdicts, strict=True):
            renamed = frame.rename({name: f"{key}:{side}:{name}" for name in ("asset_id", "verdict_as_main")})
            found = found.join(renamed, left_on=key, right_on="placement_id", how="left", maintain_order="left")
    old, new = _told("placement_id", "the old main", new=False), _told("placement_id_after", "the new main", new=True)
    policy = [pl.lit(text) for text in (*rules.gallery, *([rules.judging] if rules.judging else []))]
    found = found.with_columns(listed(*old, *new, *policy).alias("why"))
    score = pl.col("score").ne_missing(pl.col("score_after"))
    scores = pl.format("scores {} → {}", pl.col("score").round(3), pl.col("score_after").round(3))
    reason = pl.concat_str(pl.lit("chosen now: "), pl.col("reason_after"))
    none = pl.when(score).then(scores).otherwise(pl.lit(NO_REASON))
    bare = pl.col("why").list.len() == 0
    return found.with_columns(
        why=pl.when(bare).then(listed(none, reason)).otherwise(pl.concat_list("why", listed(reason)))
    )


def _told(key: str, who: str, *, new: bool) -> list[pl.Expr]:
    """Texts, null where they do not hold, about the placement in the column `key`."""
    there = pl.col(key).is_not_null()
    was, is_ = (pl.col(f"{key}:{side}:verdict_as_main") for side in ("was", "is"))
    old, now = (pl.col(f"{key}:{side}:asset_id") for side in ("was", "is"))
    both = there & was.is_not_null() & is_.is_not_null()
    return [
        pl.when(there & was.is_null() if new else there & is_.is_null()).then(
            pl.lit(f"{who} is a new placement" if new else f"{who} is gone from the feed")
        ),
        pl.when(both & old.ne_missing(now)).then(pl.lit(f"the picture of {who} was replaced")),
        pl.when(both & (was != is_)).then(pl.format(f"{who} as main: {{}} → {{}}", was, is_)),
    ]
