"""What judging by another policy, or by another day's rules, would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.choose.terms import COLUMNS as QUALITY_COLUMNS
from packshot.core.verdict import Verdict
from packshot.evaluate.judge import judge
from packshot.pipeline.current_rows import assessable, has_columns, placed
from packshot.pipeline.facts import facts
from packshot.pipeline.peoples_word import word

if TYPE_CHECKING:
    from datetime import date

    from packshot.app.tables import Reader
    from packshot.evaluate.bind import BoundPolicy
    from packshot.evaluate.judge import Judgement
    from packshot.pipeline.facts import Facts

EXAMPLES = 100
"""Flipped placements that are listed one by one."""
OBJECTING = ("fail", "unsure", "unmeasured")
KEPT = ("placement_id", "listing_id", "source_uri", "role", "asset_id")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a policy would say of everything, beside what stands."""

    bound: BoundPolicy
    day: date
    against: str
    """The policy whose judgement stands."""
    known: Facts
    judged: Judgement
    placements: int
    """How many are judged by both."""
    said: pl.DataFrame
    """What people say in place of its rules."""
    verdicts: dict[str, int]
    """How many placements would have each verdict."""
    flipped: pl.DataFrame
    """`KEPT before after why` of the placements whose verdict would be another, the gravest first."""
    by_rule: list[dict[str, Any]]
    """`rule before after`: rules whose number of failures would differ."""

    def by_verdict(self) -> list[dict[str, Any]]:
        """`from to count`, the most frequent first."""
        pairs = self.flipped.group_by("before", "after").len()
        order = pairs.sort("len", "before", "after", descending=[True, False, False])
        return [{"from": before, "to": after, "count": count} for before, after, count in order.iter_rows()]


def tried(reader: Reader, bound: BoundPolicy, against: str | None, day: date) -> Tried:
    """Judge everything by `bound` as of `day`, beside the current judgement of `against`; nothing is stored."""
    before = reader.verdicts(against).select(*KEPT, pl.col("verdict").alias("before"))
    read = {*bound.needs, *QUALITY_COLUMNS}
    now = placed(reader.stores)
    said = word(reader.stores).of_policy(bound, now.placements)
    known = facts(reader.stores, now, reader.matches(against).pairs, read)
    judged = judge(
        known.placements,
        bound,
        rules_as_of=day,
        assessable=assessable(known.placements),
        has=has_columns(),
        listings=known.listings,
        said=said,
    )
    after = judged.verdicts.select("placement_id", pl.col("verdict").alias("after"))
    joined = before.join(after, on="placement_id", how="inner")
    return Tried(
        bound=bound,
        day=day,
        against=reader.current(against).policy_id,
        known=known,
        judged=judged,
        placements=joined.height,
        said=said,
        verdicts={verdict.word: int((joined["after"] == verdict.word).sum()) for verdict in Verdict},
        flipped=_flipped(joined, judged.findings),
        by_rule=_by_rule(reader.counts(against), judged.counts),
    )


def flips(found: Tried) -> dict[str, Any]:
    """What would flip, as JSON values, the gravest examples first and each with the rules that would object.

    They are `placements flipped from to verdicts by_verdict by_rule examples`.
    """
    shown = ("listing_id", "source_uri", "role", "before", "after", "why", "placement_id")
    return {
        "placements": found.placements,
        "flipped": found.flipped.height,
        "from": found.against,
        "to": found.bound.policy.id,
        "verdicts": found.verdicts,
        "by_verdict": found.by_verdict(),
        "by_rule": found.by_rule,
        "examples": found.flipped.head(EXAMPLES).select(shown).rows(named=True),
    }


def _flipped(joined: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    grave = pl.col("after").replace_strict({verdict.word: -int(verdict) for verdict in Verdict}, return_dtype=pl.Int8)
    objecting = findings.filter(pl.col("status").is_in(OBJECTING) & pl.col("placement_id").is_not_null())
    why = objecting.group_by("placement_id", maintain_order=True).agg(pl.col("rule").alias("why"))
    flipped = joined.filter(pl.col("before") != pl.col("after"))
    flipped = flipped.sort(grave, "listing_id", "source_uri", maintain_order=True)
    return flipped.join(why, on="placement_id", how="left", maintain_order="left").with_columns(
        pl.col("why").fill_null([])
    )


def _by_rule(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """Rules whose number of failures differs."""
    old = before.select("rule", pl.col("fail").alias("before"))
    new = after.select("rule", pl.col("fail").alias("after"))
    joined = old.join(new, on="rule", how="full", coalesce=True).fill_null(0)
    return joined.filter(pl.col("before") != pl.col("after")).sort("rule").rows(named=True)
