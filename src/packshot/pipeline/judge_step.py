"""Judges all placements by a policy and chooses the galleries, into one judgement that becomes visible at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.choose.catalogue import choose
from packshot.choose.quality import COLUMNS as QUALITY_COLUMNS
from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.judge import Judgement, judge
from packshot.evaluate.suite import all_measures, wanted
from packshot.evaluate.wording import title
from packshot.pipeline.current_rows import has_columns, measured
from packshot.pipeline.facts import Facts, facts
from packshot.pipeline.joining import with_columns_of
from packshot.pipeline.kept_policy import kept_text
from packshot.storage.catalog_tables import JudgementState
from packshot.storage.schemas import COUNTS, FINDINGS, GALLERIES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pyarrow as pa

    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.current_rows import Placed
    from packshot.pipeline.job import Job
    from packshot.pipeline.match_step import Matches
    from packshot.pipeline.stores import Stores

VERSION = 1
"""Raise it when judging or choosing changes for the same policy: everything is then judged again."""
PINNED = ("listings", "placements", "fetches", "assets", "measurements", "troubles")
LIKENESS = ("pdq", "lab16")
"""What choosing alone reads, by which pictures are told apart; larger than all that judging reads."""
SHOW = Verdict.SHOW.word


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a judgement stands."""

    judgement_id: str
    policy_hash: str
    made_now: bool


def pinned(stores: Stores) -> dict[str, int]:
    """What a judgement reads, in which state. Taken before reading, it never names more than what is read then."""
    return {name: stores.tables.version(name) for name in PINNED} | {
        "snapshots": len(stores.catalog.committed_snapshots())
    }


def judge_and_choose(  # noqa: PLR0913, PLR0917 - each of them is another thing
    job: Job, now: Placed, matches: Matches, bound: BoundPolicy, rules_as_of: date, state: Mapping[str, int]
) -> Judged:
    """Judge and choose, unless just that has been done; then make it the policy's current judgement.

    `state` is what `pinned` gave before `now` and `matches` were read.
    """
    stores, catalog = job.stores, job.stores.catalog
    pins = {**state, f"matches/{matches.generation}": 1, "version": VERSION}
    versions = wanted(all_measures())
    catalog.put_policy(bound.hash, bound.policy.id, kept_text(bound))
    found = next(
        (
            row.judgement_id
            for row in catalog.judgements(bound.policy.id)
            if row.state is JudgementState.COMMITTED
            and (row.policy_hash, row.rules_as_of, dict(row.pins)) == (bound.hash, rules_as_of, pins)
            and dict(row.wanted) == versions
            and _is_there(stores, row.judgement_id, now)
        ),
        None,
    )
    judgement_id = found or catalog.begin_judgement(bound.hash, rules_as_of=rules_as_of, pins=pins, wanted=versions)
    if found is None:
        known, judgement = judged(job, now, matches, bound, rules_as_of)
        galleries = chosen(job, known, judgement, matches, bound, rules_as_of)
        store_judgement(stores, judgement_id, judgement)
        _append(stores, f"choices/{judgement_id}/galleries", galleries, GALLERIES)
        catalog.commit_judgement(judgement_id)
    catalog.set_current(bound.policy.id, judgement_id, match_generation=matches.generation, choice_id=judgement_id)
    return Judged(judgement_id, bound.hash, made_now=found is None)


def _is_there(stores: Stores, judgement_id: str, now: Placed) -> bool:
    """Whether the verdicts of a committed judgement are still there: somebody may have deleted them."""
    return now.placements.is_empty() or stores.tables.version(f"judgements/{judgement_id}/verdicts") > 0


def judged(job: Job, now: Placed, matches: Matches, bound: BoundPolicy, day: date) -> tuple[Facts, Judgement]:
    """The facts and what the policy says of them; nothing is stored."""
    job.progress.stage("judge", now.placements.height)
    known = facts(job.stores, now, matches.pairs, {*bound.needs, *QUALITY_COLUMNS})
    judgement = _judge(known.placements, bound, day, listings=known.listings)
    job.progress.advance(now.placements.height)
    return known, judgement


def _judge(rows: pl.DataFrame, bound: BoundPolicy, day: date, listings: pl.DataFrame | None = None) -> Judgement:
    has = has_columns()
    return judge(rows, bound, rules_as_of=day, assessable=frozenset(has), has=has, listings=listings)


def chosen(  # noqa: PLR0913, PLR0917 - each of them is another thing
    job: Job, known: Facts, judgement: Judgement, matches: Matches, bound: BoundPolicy, day: date
) -> pl.DataFrame:
    """The galleries by this judgement; nothing is stored."""
    job.progress.stage("choose", known.listings.height)
    verdicts = judgement.verdicts.select("verdict", "verdict_as_main", "verdict_as_secondary")
    rows = pl.concat([known.placements, verdicts], how="horizontal")
    for role, name in ((Role.MAIN, "main_faults"), (Role.SECONDARY, "secondary_faults")):
        rows = rows.join(
            _faults(rows, role, bound, day).rename({"faults": name}),
            on="placement_id",
            how="left",
            maintain_order="left",
        )
    kept = matches.clusters.select("asset_id", "cluster_id", "keep").unique("asset_id", keep="first")
    rows = with_columns_of(rows, kept, "asset_id")
    rows = with_columns_of(rows, measured(job.stores, LIKENESS).select("asset_id", *LIKENESS), "asset_id")
    galleries = pl.concat([choose(rows, bound.policy.gallery), _without_pictures(known)], how="diagonal")
    job.progress.advance(known.listings.height)
    return galleries


def _without_pictures(known: Facts) -> pl.DataFrame:
    """The empty slot `main` of each listing on which nothing is placed."""
    bare = known.listings.join(known.placements, on="listing_id", how="anti", maintain_order="left")
    told = {"slot": "main", "role": Role.MAIN.value, "reason": "Left empty: the feed names no picture of this listing."}
    return bare.select("listing_id", *(pl.lit(text).alias(name) for name, text in told.items()))


def _faults(rows: pl.DataFrame, role: Role, bound: BoundPolicy, day: date) -> pl.DataFrame:
    """`placement_id` and `faults`: the titles of what keeps each picture from being shown in `role`."""
    kept_out = rows.filter(pl.col(f"verdict_as_{role.value}") != SHOW).with_columns(pl.lit(role.value).alias("role"))
    names = [name for name in rows.columns if name not in {"verdict", "verdict_as_main", "verdict_as_secondary"}]
    found = _judge(kept_out.select(names), bound, day).findings
    titles = {rule.rule.id: title(rule).rstrip(".") for rule in bound.rules if rule.rule.on_fail is not Verdict.SHOW}
    counts = pl.col("status").is_in(["fail", "unsure"]) & pl.col("placement_id").is_not_null()
    worded = found.filter(counts & pl.col("rule").is_in(list(titles)))
    perhaps = pl.when(pl.col("status") == "unsure").then(pl.lit("perhaps: ")).otherwise(pl.lit(""))
    worded = worded.with_columns((perhaps + pl.col("rule").replace(titles)).alias("faults"))
    return worded.group_by("placement_id", maintain_order=True).agg("faults")


def store_judgement(stores: Stores, judgement_id: str, judgement: Judgement) -> None:
    """Append the tables of a judgement; nobody sees them before it is committed."""
    folder = f"judgements/{judgement_id}"
    _append(stores, f"{folder}/verdicts", judgement.verdicts, VERDICTS)
    _append(stores, f"{folder}/findings", judgement.findings, FINDINGS)
    _append(stores, f"{folder}/counts", judgement.counts, COUNTS)


def _append(stores: Stores, name: str, frame: pl.DataFrame, schema: pa.Schema) -> None:
    stores.tables.append(name, frame.select(schema.names).to_arrow().cast(schema))
