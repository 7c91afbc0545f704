"""What changed between two runs of a policy, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.errors import PackshotError, UnknownName, UsageError
from packshot.core.verdict import Verdict
from packshot.pipeline.delta_catalogue import catalogue_changes
from packshot.pipeline.delta_flips import CAUSES, flips, objections
from packshot.pipeline.delta_galleries import gallery_changes
from packshot.pipeline.delta_rows import no_changes
from packshot.pipeline.delta_rules import rule_changes
from packshot.pipeline.delta_sides import side
from packshot.pipeline.run_results import judged_by
from packshot.storage.catalog_tables import JudgementState, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from packshot.app.tables import Reader
    from packshot.storage.catalog_tables import JudgementRow, RunRow

PREVIOUS = "previous"
FEWEST = 2
"""Runs that a comparison with the previous one needs."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One side of a delta."""

    judgement_id: str
    run_id: str | None
    """The run that ended with it; None where the judgement itself was named."""
    at: datetime
    """When that run began, or the judgement was made."""
    rules_as_of: str


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed; `changes` holds every row, the rest sums it up."""

    policy: str
    since: Moment
    until: Moment
    counts: dict[str, dict[str, int]]
    """What → change → how often."""
    verdicts: list[dict[str, Any]]
    """`from to count`, the most frequent first."""
    causes: dict[str, int]
    """What lies behind the flips → how many of them; one may have several."""
    rules: list[dict[str, Any]]
    """`rule before after began ceased`: placements (or listings) that a rule objects to."""
    policy_changes: list[str]
    measure_changes: list[str]
    notes: list[str]
    """What could not be told exactly."""
    changes: pl.DataFrame
    """One row for each change; the columns are those of `packshot.pipeline.delta_rows.CHANGES`."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        return self.changes.is_empty() and not (self.policy_changes or self.measure_changes or self.rules)

    def count(self, what: str, *changes: str) -> int:
        """How many changes there are of a kind, all of it by default."""
        found = self.counts.get(what, {})
        return sum(found.values()) if not changes else sum(found.get(change, 0) for change in changes)

    def worst(self, limit: int) -> pl.DataFrame:
        """The flips that matter most: those for the worse, those to block and review, and main pictures first."""
        rank = {verdict.word: -int(verdict) for verdict in Verdict}
        found = self.changes.filter(pl.col("what") == "verdict")
        return found.sort(
            pl.col("change") == "better",
            pl.col("after").replace_strict(rank, default=0, return_dtype=pl.Int8),
            pl.col("role") != "main",
            "listing_id",
            "placement_id",
        ).head(limit)

    def galleries(self, limit: int) -> pl.DataFrame:
        """Galleries whose main picture changed, the emptied ones first."""
        order = {"emptied": 0, "main changed": 1, "filled": 2}
        found = self.changes.filter((pl.col("what") == "gallery") & pl.col("change").is_in(list(order)))
        return found.sort(pl.col("change").replace_strict(order, return_dtype=pl.Int8), "listing_id").head(limit)

    def new_troubles(self, limit: int) -> pl.DataFrame:
        """Troubles that there were not before."""
        return self.changes.filter((pl.col("what") == "trouble") & (pl.col("change") == "new")).head(limit)

    def causes_in_words(self) -> list[tuple[str, int]]:
        """What lies behind the flips, as people say it, with how many."""
        return [(CAUSES[cause], count) for cause, count in self.causes.items()]

    def summary(self) -> dict[str, Any]:
        """All but the rows, as JSON values."""
        names = ("policy", "counts", "verdicts", "causes", "rules", "policy_changes", "measure_changes", "notes")
        return {
            "since": asdict(self.since),
            "until": asdict(self.until),
            "changed": not self.is_empty,
            **{name: getattr(self, name) for name in names},
        }

    def as_dict(self) -> dict[str, Any]:
        """All of it, as JSON values."""
        return self.summary() | {"changes": self.changes.rows(named=True)}


def delta(reader: Reader, policy: str | None = None, since: str = PREVIOUS) -> Delta:
    """Compare what is current for `policy` with what stood there before.

    `since` is a run's or a judgement's id, or `previous`: what the finished run of this policy before the last one
    ended with. Raises UsageError where there is nothing to compare with, and UnknownName for an id of nothing.
    """
    current = reader.current(policy)
    ends = _ends(reader, current.policy_id)
    last = ends[-1] if ends and judged_by(ends[-1])[current.policy_id] == current.judgement_id else None
    until = _moment_of(reader, current.judgement_id, last)
    before = _since(reader, current.policy_id, ends, since)
    judgements = [reader.stores.catalog.judgement(moment.judgement_id) for moment in (before, until)]
    old, new = (judgement for judgement in judgements if judgement is not None)
    if before.judgement_id == until.judgement_id:
        return Delta(current.policy_id, before, until, {}, [], {}, [], [], [], [], no_changes())
    return _compared(reader, current.policy_id, (before, until), old, new)


def deltas(reader: Reader, policies: Sequence[str] | None = None, since: str = PREVIOUS) -> list[Delta]:
    """As `delta`, by several policies: those named, or else those of the last run that can be compared.

    Raises as `delta` for a policy that was named, and where none of the last run's can be compared.
    """
    if policies:
        return [delta(reader, policy, since) for policy in policies]
    found: list[Delta] = []
    refused: list[UsageError] = []
    for policy in reader.last_policies() or (None,):
        try:
            found.append(delta(reader, policy, since))
        except UsageError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return [replace(found[0], notes=[*found[0].notes, *(error.message for error in refused)]), *found[1:]]


def previous_delta(reader: Reader, policy: str | None = None) -> Delta | None:
    """As `delta` against the run before; None where there was none."""
    few = len(_ends(reader, reader.current(policy).policy_id)) < FEWEST
    return None if few else delta(reader, policy)


def told_changes(reader: Reader, policy: str) -> tuple[Delta | None, list[str]]:
    """As `previous_delta`, for the end of a run: what cannot be compared is a note and costs nobody the run."""
    try:
        return previous_delta(reader, policy), []
    except (PackshotError, pl.exceptions.PolarsError) as error:
        text = error.message if isinstance(error, PackshotError) else str(error)
        return None, [f"What changed since the run before could not be told: {text}"]


def _compared(
    reader: Reader, policy: str, moments: tuple[Moment, Moment], old: JudgementRow, new: JudgementRow
) -> Delta:
    before, after = side(reader.stores, old), side(reader.stores, new)
    rules = rule_changes(before, after)
    flipped = flips(before, after, rules)
    changes = pl.concat([*catalogue_changes(before, after), flipped.changes, *gallery_changes(before, after, rules)])
    counts: dict[str, dict[str, int]] = {}
    for what, change, number in changes.group_by("what", "change", maintain_order=True).len().iter_rows():
        counts.setdefault(what, {})[change] = number
    pairs = (
        flipped.changes.group_by("before", "after")
        .len()
        .sort("len", "before", "after", descending=[True, False, False])
    )
    causes = flipped.reasons.unique(["placement_id", "cause"]).group_by("cause").len()
    numbers = dict(causes.iter_rows())
    return Delta(
        policy=policy,
        since=moments[0],
        until=moments[1],
        counts=counts,
        verdicts=[{"from": b, "to": a, "count": n} for b, a, n in pairs.iter_rows()],
        causes={cause: numbers[cause] for cause in CAUSES if cause in numbers},
        rules=objections(before, after).rows(named=True),
        policy_changes=rules.told(),
        measure_changes=[f"{name} {text}" for name, text in rules.measures.items()],
        notes=sorted({*before.notes, *after.notes}),
        changes=changes,
    )


def _moment_of(reader: Reader, judgement_id: str, run: RunRow | None = None) -> Moment:
    judgement = reader.stores.catalog.judgement(judgement_id)
    if judgement is None or judgement.state is not JudgementState.COMMITTED:
        raise UnknownName("judgement", judgement_id, ())
    at, run_id = (run.started_at, run.run_id) if run else (judgement.at, None)
    return Moment(judgement_id, run_id, at, judgement.rules_as_of.isoformat())


def _since(reader: Reader, policy_id: str, runs: list[RunRow], since: str) -> Moment:
    if since == PREVIOUS and len(runs) < FEWEST:
        raise UsageError(
            f"There is no earlier run by the policy {policy_id} to compare with.",
            "Run again after something changed, or compare with a judgement: packshot delta --since JUDGEMENT_ID.",
        )
    named = {run.run_id: run for run in runs} | ({PREVIOUS: runs[-FEWEST]} if len(runs) >= FEWEST else {})
    if since in named:
        return _moment_of(reader, judged_by(named[since])[policy_id], named[since])
    rows = reader.stores.catalog.judgements(policy_id)
    judged = [row.judgement_id for row in rows if row.state is JudgementState.COMMITTED]
    if since in judged:
        return _moment_of(reader, since)
    raise UnknownName(f"run or judgement by the policy {policy_id}", since, [*named, *judged])


def _ends(reader: Reader, policy_id: str) -> list[RunRow]:
    """The finished runs of the policy that tell which judgement they ended with, the oldest first."""
    runs = (run for run in reader.stores.catalog.runs() if run.state is RunState.FINISHED)
    return [run for run in runs if policy_id in judged_by(run)]
