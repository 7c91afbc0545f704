"""The whole way, step by step."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl
from blake3 import blake3

from packshot.app.collecting import collect_all, notes_of
from packshot.app.heartbeat import Counted, beating
from packshot.app.models import hold_whole_models
from packshot.app.summary import PolicySummary, RunSummary
from packshot.app.tables import Reader
from packshot.app.unseen import unknown_note, unseen_note
from packshot.app.upkeep import UPKEEP
from packshot.core.errors import WorkspaceError
from packshot.core.plural import plural
from packshot.evaluate.bind import together
from packshot.evaluate.suite import all_measures, wanted
from packshot.pipeline.collect_step import addresses_of_source
from packshot.pipeline.current_rows import current_troubles, placed
from packshot.pipeline.fetch_step import fetch
from packshot.pipeline.job import Job
from packshot.pipeline.judge_step import judge_and_choose, pinned
from packshot.pipeline.label_states import replaced_note
from packshot.pipeline.letting_go import let_go
from packshot.pipeline.match_step import match
from packshot.pipeline.measure_step import Measured, lacking, measure
from packshot.pipeline.peoples_word import word
from packshot.pipeline.profile import Laps, Profile
from packshot.pipeline.relate_step import relate
from packshot.pipeline.same_place import same_place
from packshot.storage.catalog_tables import RunState

if TYPE_CHECKING:
    from datetime import date

    from packshot.app.collecting import Sources
    from packshot.collect.opening import OpenSource
    from packshot.evaluate.bind import BoundPolicy
    from packshot.pipeline.engine import Engine
    from packshot.pipeline.match_step import Matches
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

PLACED_BY = ("listings", "placements", "fetches", "snapshots")
COPIES_BY = ("keypoints",)
"""The measures that copies are found by."""
FEW = 1_000
"""With so many assets to measure, or fewer, what is placed is held meanwhile, and not read again."""
VERDICT_WORDS = ("show", "fix", "review", "block")


@dataclass(frozen=True, slots=True)
class RunParts:
    """What a run works with."""

    stores: Stores
    engine: Engine
    progress: Progress
    bounds: tuple[BoundPolicy, ...]
    """The policies to judge by, the first of them first."""
    rules_as_of: date
    profile: bool = False
    """Count what each stage costs."""
    thorough: bool = False
    """Measure everything, also what no rule of the policy reads."""
    copies: bool = False
    """Measure what copies are found by, whether or not a rule reads of them."""


def run_all(parts: RunParts, sources: Sources, *, copy: bool, accept_removals: bool) -> RunSummary:
    """Collect, fetch, measure, match, judge and choose; the summary lacks only the time and the report.

    Of several sources, one that cannot be read costs itself alone: what it gave before stands, and the summary says so.
    """
    hold_whole_models()
    stores, catalog = parts.stores, parts.stores.catalog
    plan = _plan(parts, sources, copy=copy)
    with stores.alone(UPKEEP):  # nothing is deleted while a run begins, nor while one is known to go on
        run_id = catalog.start_run(blake3(json.dumps(plan, sort_keys=True).encode()).hexdigest(), plan)
    counted = Counted(parts.progress)
    job = Job(run_id, stores, parts.engine, counted, profile=Profile(on=parts.profile))
    try:
        with beating(catalog, run_id, counted):
            lap = Laps(on=parts.profile)
            read = collect_all(job, sources, accept_removals=accept_removals)
            lap("collect", read.placements)
            measured, matches = _worked(parts, job, read.of(sources), lap, copy=copy)
            summary = _summary(parts, run_id, measured, matches, [*notes_of(sources), *_policy_notes(parts)])
            summary = replace(summary, sources=read.summaries)
    except BaseException as error:
        state = RunState.INTERRUPTED if isinstance(error, KeyboardInterrupt) else RunState.FAILED
        # What ended the run may also refuse this; it is what has to be told.
        with contextlib.suppress(WorkspaceError):
            catalog.finish_run(run_id, state, counted.counters)
        raise
    summary = replace(summary, profile=job.profile.costs() if parts.profile else None)
    counters = {"decoded": summary.decoded, "troubles": summary.troubles}
    catalog.finish_run(run_id, RunState.FINISHED, counters, result=_result(parts, sources, summary))
    return summary


def _worked(parts: RunParts, job: Job, sources: list[OpenSource], lap: Laps, *, copy: bool) -> tuple[Measured, Matches]:
    """Do all that comes after reading the feeds, step by step."""
    stores = parts.stores
    with contextlib.ExitStack() as held:
        lap("fetch", sum(_fetched(job, source, held, copy=copy) for source in sources))
        let_go()
        before, now = pinned(stores), placed(stores)
        bound = None if parts.thorough else together(parts.bounds, parts.rules_as_of)
        work = lacking(stores, now, bound, COPIES_BY if parts.copies else ())
        known = now if work.height <= FEW else None  # else measuring needs the memory, and takes long beside reading
        del now
        let_go()
        measured = measure(job, work)
        lap("measure", measured.assets)
    compared = relate(job, placed(stores).placements if known is None else known.placements)
    lap("relate", compared)
    parts.engine.rest()
    let_go()
    state = pinned(stores)
    another = any(state[name] != before[name] for name in PLACED_BY)  # another run has added to them meanwhile
    now = placed(stores) if another or known is None else known
    said = word(stores)
    matches = match(stores, now.placements, job.progress, said)
    let_go()
    lap("match", measured.assets)
    for bound in parts.bounds:  # by the same measurements and matches
        judge_and_choose(job, now, matches, bound, parts.rules_as_of, state, said)
        let_go()
    lap("judge and choose", now.placements.height)
    job.profile.take("driver", lap.tables())
    return measured, matches


def _fetched(job: Job, source: OpenSource, held: contextlib.ExitStack, *, copy: bool) -> int:
    """Fetch the pictures of one source, of which every machine then sees the place while it is `held`; how many."""
    mine = addresses_of_source(job.stores, source.source_id)
    held.enter_context(same_place(job, mine, source.base))
    stale = fetch(job, mine, source.base, copy=copy, originals=source.originals)
    if stale:
        source.notes.add(f"not fetched again, so shown as before: {plural(stale, 'picture')}")
    return mine.height


def _result(parts: RunParts, sources: Sources, summary: RunSummary) -> dict[str, object]:
    """The ids of what is shown after the run: by them two runs are compared."""
    catalog = parts.stores.catalog
    first, *also = (_ended(parts, bound) for bound in parts.bounds)
    return (
        first
        | ({"also": also} if also else {})
        | {
            "source_ids": [source.source_id for source in sources.values()],
            "snapshots": {name: row.current_snapshot_id for name, row in catalog.sources().items()},
            "decoded": summary.decoded,
        }
    )


def _ended(parts: RunParts, bound: BoundPolicy) -> dict[str, object]:
    current = parts.stores.catalog.current(bound.policy.id)
    return {
        "policy_id": bound.policy.id,
        "judgement_id": current.judgement_id if current else None,
        "choice_id": current.choice_id if current else None,
        "match_generation": current.match_generation if current else None,
    }


def _plan(parts: RunParts, sources: Sources, *, copy: bool) -> dict[str, object]:
    first, *more = ({"source": one.source_id, "options": one.mapping_json} for one in sources.values())
    return {
        **first,
        **({"more_sources": more} if more else {}),
        "copy": copy,
        "measures": wanted(all_measures()),
        "policy": parts.bounds[0].hash,
        **({"also": also} if (also := [bound.hash for bound in parts.bounds[1:]]) else {}),
        "rules_as_of": parts.rules_as_of.isoformat(),
        "thorough": parts.thorough,
        **({"copies": True} if parts.copies else {}),
    }


def _summary(parts: RunParts, run_id: str, measured: Measured, matches: Matches, notes: list[str]) -> RunSummary:
    reader = Reader(parts.stores)
    first, *also = (_of_policy(reader, bound.policy.id) for bound in parts.bounds)
    now = placed(parts.stores)
    troubles = current_troubles(parts.stores, now.placements)
    return RunSummary(
        run_id=run_id,
        policy=first.policy,
        listings=now.listings.height,
        placements=now.placements.height,
        assets=measured.assets,
        decoded=measured.decoded,
        reused=measured.reused,
        troubles=troubles.height,
        trouble_kinds=_kinds(troubles),
        placements_with_trouble=troubles["placement_id"].drop_nulls().n_unique(),
        verdicts=first.verdicts,
        clusters=matches.clusters["cluster_id"].n_unique(),
        placed_again=matches.pairs.filter(pl.col("kind") == "exact")["asset_a"].n_unique(),
        galleries=first.galleries,
        galleries_with_main=first.galleries_with_main,
        seconds=0.0,
        faults=first.faults,
        notes=[*notes, *unknown_note(now.listings, parts.bounds), *replaced_note(parts.stores, now.placements)],
        also=also,
    )


def _of_policy(reader: Reader, policy: str) -> PolicySummary:
    verdicts = reader.verdicts(policy, ("verdict",))
    mains = reader.galleries(policy, ("slot", "asset_id")).filter(pl.col("slot") == "main")
    counted = dict(verdicts["verdict"].value_counts().iter_rows())
    counts = reader.counts(policy)
    worst = counts.filter(pl.col("fail") + pl.col("unsure") + pl.col("warn") > 0)
    worst = worst.sort(pl.col("fail") + pl.col("unsure"), "fail", "warn", descending=True).select(
        "rule", "fail", "unsure", "warn"
    )
    return PolicySummary(
        policy=policy,
        verdicts={word: int(counted.get(word, 0)) for word in VERDICT_WORDS},
        galleries=mains.height,
        galleries_with_main=mains["asset_id"].count(),
        faults=[(str(r), int(f), int(u), int(w)) for r, f, u, w in worst.iter_rows()],
    )


def _policy_notes(parts: RunParts) -> list[str]:
    """What could not be judged, once where several policies lack the same."""
    told = (unseen_note(bound.on(parts.rules_as_of)) for bound in parts.bounds)
    return list(dict.fromkeys(line for lines in told for line in lines))


def _kinds(troubles: pl.DataFrame) -> list[tuple[str, int, str]]:
    found = troubles.group_by("kind").agg(pl.len(), pl.col("detail").drop_nulls().sort().first().fill_null(""))
    return list(found.sort("len", "kind", descending=(True, False)).iter_rows())
