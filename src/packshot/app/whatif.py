"""What judging by another policy, or by another day's rules, would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.evaluate.judge import judge
from packshot.pipeline.current_rows import assessable, has_columns

if TYPE_CHECKING:
    from datetime import date

    from packshot.app.tables import Reader
    from packshot.evaluate.bind import BoundPolicy

EXAMPLES = 100
"""Flipped placements that are listed one by one."""


def flips(reader: Reader, bound: BoundPolicy, against: str | None, rules_as_of: date) -> dict[str, Any]:
    """Judge everything by `bound` and compare with the current judgement of the policy `against`.

    Gives JSON values: `placements flipped from to by_verdict by_rule examples`. Nothing is stored.
    """
    before = reader.verdicts(against)
    known = reader.facts(against, bound)
    has = has_columns()
    judged = judge(
        known.placements,
        bound,
        rules_as_of=rules_as_of,
        assessable=assessable(known.placements),
        has=has,
        listings=known.listings,
    )
    after = judged.verdicts.select("placement_id", pl.col("verdict").alias("after"))
    joined = before.join(after, on="placement_id", how="inner").rename({"verdict": "before"})
    flipped = joined.filter(pl.col("before") != pl.col("after"))
    pairs = flipped.group_by("before", "after").len().sort("len", "before", "after", descending=[True, False, False])
    examples = flipped.head(EXAMPLES).select("listing_id", "source_uri", "role", "before", "after", "placement_id")
    return {
        "placements": joined.height,
        "flipped": flipped.height,
        "from": reader.current(against).policy_id,
        "to": bound.policy.id,
        "by_verdict": [{"from": b, "to": a, "count": n} for b, a, n in pairs.iter_rows()],
        "by_rule": _by_rule(reader.counts(against), judged.counts),
        "examples": examples.rows(named=True),
    }


def _by_rule(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """Rules whose number of failures differs."""
    old = before.select("rule", pl.col("fail").alias("before"))
    new = after.select("rule", pl.col("fail").alias("after"))
    joined = old.join(new, on="rule", how="full", coalesce=True).fill_null(0)
    return joined.filter(pl.col("before") != pl.col("after")).sort("rule").rows(named=True)
