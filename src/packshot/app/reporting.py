"""Gathers what the report shows."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

import polars as pl

from packshot import __version__
from packshot.app.unseen import how_to_have
from packshot.evaluate.asked import unseen
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.preferred import preferred
from packshot.evaluate.related import RELATED
from packshot.evaluate.suite import known_measures, measure_of_column
from packshot.evaluate.wording import describe, how_to_fix, title
from packshot.pipeline.current_rows import current_troubles, measured, placed, readable_columns
from packshot.pipeline.letting_go import let_go
from packshot.pipeline.peoples_word import with_authors
from packshot.present.report import write_report
from packshot.present.report_changes import Changes
from packshot.present.report_data import CheckDoc, Lack, Limits, ReportData, RunInfo
from packshot.present.report_thresholds import thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.app.delta import Delta
    from packshot.app.tables import Reader
    from packshot.evaluate.bind import BoundPolicy
    from packshot.telemetry import Progress

UNPLOTTED = ("pdq", "lab16", "keypoints")
SHOWN = ("brand",)
"""What a feed tells of listings that only the report shows."""


def report(  # noqa: PLR0913, PLR0917 - what to report, of what, to where, and whom to tell
    reader: Reader, folder: Path, policy: str | None, workspace: str, progress: Progress, found: Delta | None
) -> Path:
    """Write the report of `policy` (the latest judged by default) into `folder`; gives its first page.

    `found` is what changed since the run before; None where there was none.
    """
    data = report_data(reader, policy, workspace, found)
    let_go()
    return written_report(data, folder, progress)


def written_report(data: ReportData, folder: Path, progress: Progress) -> Path:
    """Write a report of `data` into `folder`; gives its first page."""
    told = 0

    def advance(done: int, total: int) -> None:
        nonlocal told
        if told == 0:
            progress.stage("report", total)
        progress.advance(done - told)
        told = done

    return write_report(data, folder, progress=advance)


def report_data(reader: Reader, policy: str | None, workspace: str, found: Delta | None) -> ReportData:
    """All that the report by `policy` (the latest judged by default) shows."""
    stores = reader.stores
    current = reader.current(policy)
    bound = reader.bound(policy)
    judgement = stores.catalog.judgement(current.judgement_id)
    bound = bound.on(judgement.rules_as_of) if judgement else bound
    now = placed(stores, also=SHOWN)
    rules = replace(bound.policy, rules=tuple(rule.rule for rule in bound.rules))
    checks = checks_of(bound)
    params = {rule.rule.id: asdict(rule.params) for rule in bound.rules if rule.check}
    matches = reader.matches(policy)
    ids = now.placements.select("asset_id").drop_nulls().unique()
    columns = [name for name in readable_columns() if name not in UNPLOTTED]
    values = preferred(measured(stores, columns)).select(pl.exclude("^measured:.*$"))
    positions = now.placements.select("placement_id", "position")
    return ReportData(
        listings=now.listings,
        verdicts=reader.verdicts(policy).join(positions, on="placement_id", how="left", maintain_order="left"),
        measurements=ids.join(values, on="asset_id", how="inner", maintain_order="left"),
        findings=_findings(reader, policy, bound),
        matches=matches.pairs,
        clusters=matches.clusters,
        galleries=reader.galleries(policy),
        troubles=current_troubles(stores, now.placements),
        counts=reader.counts(policy),
        checks=checks,
        policy=rules,
        run=_run_info(reader, workspace),
        thumbnail=lambda asset_id: _thumbnail(reader, asset_id),
        thresholds=thresholds(rules, params, checks),
        changes=_changes(found, workspace),
        lacks=lacks_of(bound),
        words=reader.words(policy),
    )


def lacks_of(bound: BoundPolicy) -> dict[str, Lack]:
    """What rules lack here to be judged; nothing where it has come since they were left out."""
    known = {*measure_of_column(known_measures()), *CONTEXT, *RELATED}
    found = {one.rule.id: Lack((), ()) for one in bound.rules if one.check and known.issuperset(one.needs)}
    return found | {rule: Lack(what, tuple(how_to_have(what))) for rule, what in unseen(bound).items()}


def _changes(found: Delta | None, workspace: str) -> Changes | None:
    if found is None:
        return None
    most = Limits().changes
    command = f"packshot delta --workspace {workspace}"
    told = [*found.policy_changes, *found.measure_changes, *found.notes]
    return Changes(
        found.since.at,
        found.counts,
        found.worst(most),
        found.galleries(most),
        found.causes_in_words(),
        found.rules,
        told,
        command=command,
    )


def _findings(reader: Reader, policy: str | None, bound: BoundPolicy) -> pl.DataFrame:
    """As many described findings of each rule as the report can show; the counts come from elsewhere."""
    rules = list(bound.by_id())
    worst_first = pl.col("status").replace_strict({"fail": 0, "unsure": 1}, default=2)
    parts = reader.findings_in_parts(policy)
    found = next(parts)
    for part in parts:
        found = (
            pl.concat([found, part.filter(pl.col("rule").is_in(rules))])
            .sort(worst_first, maintain_order=True)
            .filter(pl.int_range(pl.len()).over("rule") < Limits().fault_cards)
        )
    known = reader.facts(policy, bound, of=found["placement_id"])
    return with_authors(describe(found, known.placements, bound, known.listings), reader.said(policy))


def checks_of(bound: BoundPolicy) -> dict[str, CheckDoc]:
    """What the checks of a policy are about, by their id."""
    return {
        rule.rule.check: CheckDoc(title(rule), type(rule.check).why_it_matters(), how_to_fix(rule), rule.needs)
        for rule in bound.rules
        if rule.check and rule.rule.check
    }


def _thumbnail(reader: Reader, asset_id: str) -> bytes | None:
    thumbnails = reader.stores.thumbnails
    return thumbnails.read(asset_id) if thumbnails.exists(asset_id) else None


def _run_info(reader: Reader, workspace: str) -> RunInfo:
    catalog = reader.stores.catalog
    runs = [run for run in catalog.runs() if run.state.value == "finished"]
    last = runs[-1] if runs else None
    names = [unquote(source.uri.rstrip("/").rsplit("/", 1)[-1]) for source in catalog.sources().values()]
    return RunInfo(
        when=last.heartbeat if last else datetime.now(UTC),
        seconds=(last.heartbeat - last.started_at).total_seconds() if last else None,
        catalogue=", ".join(names[:3]) + (" …" if len(names) > 3 else ""),  # noqa: PLR2004 - a headline
        workspace=workspace,
        counts=dict(last.counters) if last else {},
        versions={"packshot": __version__},
    )
