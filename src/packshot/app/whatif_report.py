"""The report as it would be by another policy, with the pictures whose verdict would flip."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.app.reporting import checks_of, lacks_of, report_data, written_report
from packshot.app.whatif import OBJECTING
from packshot.core.verdict import Verdict
from packshot.evaluate.wording import describe, title
from packshot.match.peoples_word import settled
from packshot.pipeline.judge_step import OF_VERDICTS, Verdicts, chosen_in_parts
from packshot.pipeline.peoples_word import with_authors, word
from packshot.present.report_changes import Changes
from packshot.present.report_data import Limits
from packshot.present.report_thresholds import thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.tables import Reader
    from packshot.app.whatif import Tried
    from packshot.telemetry import Progress

MAIN = ("listing_id", "asset_id", "source_uri", "reason")


def report_tried(reader: Reader, found: Tried, folder: Path, workspace: str, progress: Progress) -> Path:
    """Write into `folder` the report that a run by the tried policy would write; gives its first page."""
    matches = reader.matches(found.against)
    enums = [pl.col(name).cast(pl.Enum([verdict.word for verdict in Verdict])) for name in OF_VERDICTS]
    split = settled(word(reader.stores).of_pairs(found.known.placements)).split()
    told = Verdicts(found.known, found.judged.verdicts.select(enums), found.said, split)
    galleries = pl.concat(chosen_in_parts(reader.stores, told, matches, found.bound, found.day), how="diagonal_relaxed")
    bound = found.bound.on(found.day)
    rules = replace(bound.policy, rules=tuple(rule.rule for rule in bound.rules))
    checks = checks_of(bound)
    params = {rule.rule.id: asdict(rule.params) for rule in bound.rules if rule.check}
    positions = found.known.placements.select("placement_id", "position")
    standing = report_data(reader, found.against, workspace, None)
    data = replace(
        standing,
        verdicts=found.judged.verdicts.join(positions, on="placement_id", how="left", maintain_order="left"),
        findings=_findings(found),
        galleries=galleries,
        counts=found.judged.counts,
        checks=checks,
        policy=rules,
        thresholds=thresholds(rules, params, checks),
        changes=_changes(reader, found, galleries, workspace),
        lacks=lacks_of(bound),
    )
    return written_report(data, folder, progress)


def _findings(found: Tried) -> pl.DataFrame:
    """As many described findings of each rule as the report can show."""
    worst_first = pl.col("status").replace_strict({"fail": 0, "unsure": 1}, default=2)
    few = found.judged.findings.sort(worst_first, maintain_order=True)
    few = few.filter(pl.int_range(pl.len()).over("rule") < Limits().fault_cards)
    described = describe(few, found.known.placements, found.bound, found.known.listings)
    return with_authors(described, found.said)


def _changes(reader: Reader, found: Tried, galleries: pl.DataFrame, workspace: str) -> Changes:
    rank = {verdict.word: int(verdict) for verdict in Verdict}
    graver = pl.col("after").replace_strict(rank) > pl.col("before").replace_strict(rank)
    change = pl.when(graver).then(pl.lit("worse")).otherwise(pl.lit("better"))
    titles = {one.rule.id: f"{one.rule.id}: {title(one)}" for one in found.bound.rules}
    assets = (pl.col("asset_id").alias("asset_before"), pl.col("asset_id").alias("asset_after"))
    flips = found.flipped.with_columns(change.alias("change"), *assets)
    flips = flips.with_columns(pl.col("why").list.eval(pl.element().replace(titles)))
    mains = _mains(reader.galleries(found.against), galleries)
    most = Limits().changes
    policy = found.bound.policy.id
    return Changes(
        datetime.now(UTC),
        {"verdict": _counted(flips), "gallery": _counted(mains)},
        flips.head(most),
        mains.head(most),
        (),
        _rules(reader.plain_findings(found.against), found.judged.findings),
        (),
        command=f"packshot whatif --workspace {workspace} --policy {policy} --rules-as-of {found.day} --json",
        tried=f"the policy {policy} by the rules of {found.day}, instead of {found.against} as it was judged",
    )


def _counted(rows: pl.DataFrame) -> dict[str, int]:
    return dict(rows.group_by("change", maintain_order=True).len().iter_rows())


def _mains(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Listings whose main picture would be another, none any more, or one for the first time."""
    old, new = (
        one.filter(pl.col("slot") == "main").select(MAIN).unique("listing_id", keep="first") for one in (before, after)
    )
    both = old.join(new, on="listing_id", how="inner", suffix="_after", maintain_order="left")
    differ = both.filter(pl.col("asset_id").ne_missing(pl.col("asset_id_after")))
    there = pl.when(pl.col("asset_id").is_null()).then(pl.lit("filled")).otherwise(pl.lit("main changed"))
    change = pl.when(pl.col("asset_id_after").is_null()).then(pl.lit("emptied")).otherwise(there)
    return differ.select(
        "listing_id",
        "source_uri",
        pl.lit("main").alias("role"),
        change.alias("change"),
        pl.col("source_uri").alias("before"),
        pl.col("source_uri_after").alias("after"),
        pl.concat_list("reason_after").list.drop_nulls().alias("why"),
        pl.col("asset_id").alias("asset_before"),
        pl.col("asset_id_after").alias("asset_after"),
    )


def _rules(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """`rule began ceased after`: placements and listings that each rule would begin, cease and be left to object to."""
    keys = ["placement_id", "listing_id", "rule"]
    old, new = (one.filter(pl.col("status").is_in(OBJECTING)).select(keys) for one in (before, after))
    parts = {
        "began": new.join(old, on=keys, how="anti", nulls_equal=True),
        "ceased": old.join(new, on=keys, how="anti", nulls_equal=True),
        "after": new,
    }
    counts = [part.group_by("rule").len(name).with_columns(pl.col(name).cast(pl.Int64)) for name, part in parts.items()]
    joined = counts[0]
    for one in counts[1:]:
        joined = joined.join(one, on="rule", how="full", coalesce=True)
    told = joined.fill_null(0).sort("began", "ceased", "rule", descending=[True, True, False])
    return told.filter(pl.col("began") + pl.col("ceased") > 0).rows(named=True)
