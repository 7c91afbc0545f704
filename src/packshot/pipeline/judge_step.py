"""Judges all placements by a policy and chooses the galleries, into one judgement that becomes visible at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.choose.catalogue import SCHEMA as GALLERY
from packshot.choose.catalogue import choose, whole_listings
from packshot.choose.terms import COLUMNS as QUALITY_COLUMNS
from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.evaluate.judge import counted, judge, judge_in_parts
from packshot.evaluate.relations import relations_version
from packshot.evaluate.suite import all_measures, wanted
from packshot.evaluate.wording import title
from packshot.match.peoples_word import settled
from packshot.pipeline.current_rows import assessable, has_columns
from packshot.pipeline.facts import Facts, facts
from packshot.pipeline.joining import with_columns_of
from packshot.pipeline.kept_policy import kept_text
from packshot.pipeline.measured_later import MeasuredLater
from packshot.pipeline.writing import Writer
from packshot.storage.catalog_tables import JudgementState
from packshot.storage.schemas import COUNTS, FINDINGS, GALLERIES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.current_rows import Placed
    from packshot.pipeline.job import Job
    from packshot.pipeline.match_step import Matches
    from packshot.pipeline.peoples_word import Word
    from packshot.pipeline.stores import Stores

VERSION = 3
"""Raise it when judging or choosing changes for the same policy: everything is then judged again."""
PINNED = ("listings", "placements", "fetches", "assets", "measurements", "relations", "troubles")
LIKENESS = ("pdq", "lab16")
"""What choosing alone reads, by which pictures are told apart; larger than all that judging reads."""
SHOW = Verdict.SHOW.word
OF_VERDICTS = ("verdict", "verdict_as_main", "verdict_as_secondary")
JUDGED_ROWS = 50_000
"""Placements that are judged at once: a row is ten times as wide while all rules speak of it."""
LISTINGS_ROWS = 20_000
"""Placements whose listings are chosen for at once, with the looks of their pictures."""


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
    job: Job,
    now: Placed,
    matches: Matches,
    bound: BoundPolicy,
    rules_as_of: date,
    state: Mapping[str, int],
    word: Word,
) -> Judged:
    """Judge and choose, unless just that has been done; then make it the policy's current judgement.

    `state` is what `pinned` gave before `now` and `matches` were read; `word` what people said when it was matched.
    """
    stores, catalog = job.stores, job.stores.catalog
    pins = {**state, f"matches/{matches.generation}": 1, "version": VERSION}
    versions = wanted(all_measures()) | {"relations": relations_version()}
    seq = word.last_seq(bound.on(rules_as_of), now.placements)
    catalog.put_policy(bound.hash, bound.policy.id, kept_text(bound))
    found = next(
        (
            row.judgement_id
            for row in catalog.judgements(bound.policy.id)
            if row.state is JudgementState.COMMITTED
            and (row.policy_hash, row.rules_as_of) == (bound.hash, rules_as_of)
            and stores.same_state(row.pins) == stores.same_state(pins)
            and (dict(row.wanted), row.labels_seq) == (versions, seq)
            and _is_there(stores, row.judgement_id, now)
        ),
        None,
    )
    judgement_id = found or catalog.begin_judgement(
        bound.hash, rules_as_of=rules_as_of, pins=pins, wanted=versions, labels_seq=seq
    )
    if found is None:
        known = known_of(job, now, matches, bound)
        said = word.of_policy(bound, now.placements)
        verdicts = judge_all(job, known, bound, rules_as_of, judgement_id, said)
        split = settled(word.of_pairs(now.placements)).split()
        choose_all(job, Verdicts(known, verdicts, said, split), matches, bound, rules_as_of, judgement_id)
        catalog.commit_judgement(judgement_id)
    catalog.set_current(bound.policy.id, judgement_id, match_generation=matches.generation, choice_id=judgement_id)
    return Judged(judgement_id, bound.hash, made_now=found is None)


def _is_there(stores: Stores, judgement_id: str, now: Placed) -> bool:
    """Whether the verdicts of a committed judgement are still there: somebody may have deleted them."""
    return now.placements.is_empty() or stores.tables.version(f"judgements/{judgement_id}/verdicts") > 0


def known_of(job: Job, now: Placed, matches: Matches, bound: BoundPolicy) -> Facts:
    """All that judging and choosing read, but for the looks by which pictures are told apart."""
    job.progress.stage("judge", now.placements.height)
    read = {column for rule in bound.rules for column in rule.needs}  # what rules only show is read when it is shown
    return facts(job.stores, now, matches.pairs, {*read, *QUALITY_COLUMNS})


def judge_all(  # noqa: PLR0913, PLR0917 - each of them is another thing
    job: Job, known: Facts, bound: BoundPolicy, day: date, judgement_id: str, said: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Judge every placement and listing, and append the tables of the judgement; nobody sees them before its commit.

    Gives what choosing needs of it: `verdict verdict_as_main verdict_as_secondary` of each placement, as enums. What
    is judged is written while the next part is judged.
    """
    has, folder = has_columns(), f"judgements/{judgement_id}"
    known_columns = assessable(known.placements)
    verdicts, counts = [], []
    with Writer(job.stores.tables) as writer:
        for part in judge_in_parts(
            known.placements,
            bound,
            rules_as_of=day,
            assessable=known_columns,
            has=has,
            listings=known.listings,
            said=said,
            slice_rows=JUDGED_ROWS,
        ):
            writer.append(f"{folder}/verdicts", part.verdicts, VERDICTS)
            writer.append(f"{folder}/findings", part.findings, FINDINGS)
            verdicts.append(part.verdicts.select(OF_VERDICTS))
            counts.append(part.counts)
            job.progress.advance(part.verdicts.height)
        writer.append(f"{folder}/counts", counted(counts), COUNTS)
    return pl.concat(verdicts)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is chosen from: the facts, and what was said of each placement."""

    known: Facts
    verdicts: pl.DataFrame
    """`verdict verdict_as_main verdict_as_secondary`, a row for each placement of the facts."""
    said: pl.DataFrame | None = None
    """What people say in place of rules, as `Word.of_policy` gives it."""
    split: pl.DataFrame | None = None
    """`asset_a asset_b` of the pictures that people split: they are no less welcome beside each other."""


def choose_all(  # noqa: PLR0913, PLR0917 - each of them is another thing
    job: Job, told: Verdicts, matches: Matches, bound: BoundPolicy, day: date, judgement_id: str
) -> None:
    """Choose the galleries of some thousand listings at a time, and append them to the judgement's choice."""
    known, name = told.known, f"choices/{judgement_id}/galleries"
    job.progress.stage("choose", known.listings.height)
    with Writer(job.stores.tables) as writer:
        for chosen in chosen_in_parts(job.stores, told, matches, bound, day):
            writer.append(name, chosen, GALLERIES)
            job.progress.advance(chosen["listing_id"].n_unique())


def chosen_in_parts(
    stores: Stores, told: Verdicts, matches: Matches, bound: BoundPolicy, day: date
) -> Iterator[pl.DataFrame]:
    """The galleries of some thousand listings at a time, at last those of the listings without pictures."""
    known = told.known
    rows = pl.concat([known.placements, told.verdicts], how="horizontal")
    kept = matches.clusters.select("asset_id", "cluster_id", "keep").unique("asset_id", keep="first")
    looks = MeasuredLater(stores, LIKENESS)
    known_columns = assessable(known.placements)
    for part in whole_listings(rows, LISTINGS_ROWS):
        wide = part
        for role, faults in ((Role.MAIN, "main_faults"), (Role.SECONDARY, "secondary_faults")):
            found = _faults(part, role, bound, day, known_columns, told.said).rename({"faults": faults})
            wide = wide.join(found, on="placement_id", how="left", maintain_order="left")
        wide = with_columns_of(with_columns_of(wide, kept, "asset_id"), looks.of(_comparable(part)), "asset_id")
        yield choose(wide, bound.policy.gallery, told.split)
    yield pl.concat([GALLERY.to_frame(), _without_pictures(known)], how="diagonal")


def _comparable(rows: pl.DataFrame) -> pl.Series:
    """The assets whose looks matter: of those that may be shown, on listings that have several such."""
    able = (pl.col("verdict_as_main") == SHOW) | (pl.col("verdict_as_secondary") == SHOW)
    shown = rows.lazy().filter(able).select("listing_id", "asset_id").filter(pl.len().over("listing_id") > 1)
    return shown.select(pl.col("asset_id").unique()).collect().to_series()


def _without_pictures(known: Facts) -> pl.DataFrame:
    """The empty slot `main` of each listing on which nothing is placed."""
    bare = known.listings.join(known.placements, on="listing_id", how="anti", maintain_order="left")
    told = {"slot": "main", "role": Role.MAIN.value, "reason": "Left empty: the feed names no picture of this listing."}
    return bare.select("listing_id", *(pl.lit(text).alias(name) for name, text in told.items()))


def _faults(  # noqa: PLR0913, PLR0917 - each of them is another thing
    rows: pl.DataFrame, role: Role, bound: BoundPolicy, day: date, known: frozenset[str], said: pl.DataFrame | None
) -> pl.DataFrame:
    """`placement_id` and `faults`: the titles of what keeps each picture from being shown in `role`."""
    kept_out = rows.filter(pl.col(f"verdict_as_{role.value}") != SHOW).with_columns(pl.lit(role.value).alias("role"))
    if kept_out.is_empty():
        return pl.DataFrame(schema={"placement_id": pl.String, "faults": pl.List(pl.String)})
    names = [name for name in rows.columns if name not in OF_VERDICTS]
    has = has_columns()
    judged = judge(kept_out.select(names), bound, rules_as_of=day, assessable=known, has=has, said=said)
    titles = {rule.rule.id: title(rule).rstrip(".") for rule in bound.rules if rule.rule.on_fail is not Verdict.SHOW}
    counts = pl.col("status").is_in(["fail", "unsure"]) & pl.col("placement_id").is_not_null()
    worded = judged.findings.filter(counts & pl.col("rule").is_in(list(titles)))
    perhaps = pl.when(pl.col("status") == "unsure").then(pl.lit("perhaps: ")).otherwise(pl.lit(""))
    worded = worded.with_columns((perhaps + pl.col("rule").replace(titles)).alias("faults"))
    return worded.group_by("placement_id", maintain_order=True).agg("faults")
