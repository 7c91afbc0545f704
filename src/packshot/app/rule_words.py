"""What rules say of one placement, and what a person's word would make of its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.app.policies import bound_policy
from packshot.core.errors import PackshotError, UsageError
from packshot.core.label import Answer
from packshot.evaluate.judge import judge
from packshot.evaluate.wording import describe
from packshot.pipeline.current_rows import assessable, has_columns, placed
from packshot.pipeline.facts import facts
from packshot.pipeline.peoples_word import Word, frame_of, questions, word
from packshot.storage.catalog import utc_now
from packshot.storage.catalog_tables import LabelRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packshot.app.tables import Reader
    from packshot.evaluate.bind import BoundPolicy
    from packshot.storage.catalog_tables import NewLabel

OBJECTS = ("fail", "warn")


def judged_policies(reader: Reader, policy: str | None) -> list[BoundPolicy]:
    """The policies that were judged by here, and `policy` where it is named."""
    found = [bound_policy(policy)] if policy else []
    for id_ in reader.stores.catalog.currents():
        try:
            found.append(reader.bound(id_))
        except PackshotError:  # a policy whose checks are not here asks nothing here
            continue
    return found


def policies_looked_at(reader: Reader, policy: str | None) -> list[str]:
    """The judged policies that are looked at: the one named, or those of the last run."""
    judged = reader.stores.catalog.currents()
    if policy:
        return [id_ for id_ in (bound_policy(policy).policy.id,) if id_ in judged]
    return [id_ for id_ in reader.last_policies() if id_ in judged] or list(judged)


def told_by_rules(reader: Reader, placement_id: str, question: str, policy: str | None) -> list[dict[str, Any]]:
    """`policy rule status measured` for each rule that the question asks of, by the judgements that stand."""
    told = []
    for id_ in policies_looked_at(reader, policy):
        bound = reader.bound(id_)
        rules = questions(bound).filter(pl.col("question") == question)["rule"].to_list()
        verdict = reader.verdicts(id_, ("placement_id", "not_assessed")).filter(pl.col("placement_id") == placement_id)
        plain = reader.plain_findings(id_).filter(
            (pl.col("placement_id") == placement_id) & pl.col("rule").is_in(rules)
        )
        known = reader.facts(id_, bound, of=pl.Series([placement_id])).placements if plain.height else None
        found = {
            row["rule"]: row for row in (describe(plain, known, bound).rows(named=True) if known is not None else [])
        }
        lists = verdict["not_assessed"].to_list()
        unassessed = set(lists[0] or ()) if lists else set()
        for rule in rules:
            row = found.get(rule)
            status = row["status"] if row else "not_assessed" if rule in unassessed else "pass"
            told.append({"policy": id_, "rule": rule, "status": status, "measured": row["measured"] if row else ""})
    return told


def opposite(question: str, told: Sequence[Mapping[str, Any]]) -> str:
    """The answer that contradicts the rules. Raises UsageError where they say nothing clear."""
    statuses = {one["status"] for one in told} - {"pass"}  # a rule of another role says nothing here, as if it passed
    if statuses and statuses <= set(OBJECTS):
        return Answer.PASS.value
    if told and not statuses:
        message = f"{question} does not object to this picture."
        raise UsageError(message, "To say that it should: --verdict fail. To say that it is right: --verdict pass.")
    said = ", ".join(f"{one['policy']}: {one['status']}" for one in told) or "no judged policy asks it"
    raise UsageError(
        f"{question} says nothing clear of this picture ({said}), so there is no opposite of it.",
        "Say which it is: --verdict pass, or --verdict fail.",
    )


def in_words(question: str, told: Sequence[Mapping[str, Any]]) -> str:
    """What the rules said, for those who read it when they say something else."""
    spoke = [one for one in told if one["status"] != "pass"] or told[:1]
    parts = []
    for one in spoke:
        name = one["policy"] if question in {one["rule"], f"{one['policy']}/{one['rule']}"} else one["rule"]
        parts.append(
            f"{name}: {one['status']}".replace("_", " ") + (f" ({one['measured']})" if one["measured"] else "")
        )
    return "; ".join(parts)


def verdict_after(reader: Reader, policy: str, place: Mapping[str, str], label: NewLabel) -> dict[str, Any]:
    """`policy before after` of the placement, as the next run judges it by the same rules."""
    judgement = reader.stores.catalog.judgement(reader.current(policy).judgement_id)
    stood = reader.verdicts(policy).filter(pl.col("placement_id") == place["placement_id"])
    if judgement is None or stood.is_empty():
        return {}
    bound = reader.bound(policy)
    only = pl.Series([place["placement_id"]])
    known = facts(reader.stores, placed(reader.stores), reader.matches(policy).pairs, bound.needs, of=only)
    rows = word(reader.stores).standing
    new = frame_of([_as_if_kept(label)])
    every = Word(pl.concat([rows, new]).unique(("question", "subject_kind", "subject_id"), keep="last"))
    judged = judge(
        known.placements,
        bound,
        rules_as_of=judgement.rules_as_of,
        assessable=assessable(known.placements),
        has=has_columns(),
        said=every.of_policy(bound, known.placements),
    )
    after = judged.verdicts.filter(pl.col("placement_id") == place["placement_id"])
    return {"policy": policy, "before": stood["verdict"][0], "after": after["verdict"][0]}


def _as_if_kept(label: NewLabel) -> LabelRow:
    subject = (label.question, label.subject_kind, label.subject_id)
    return LabelRow(2**62, *subject, label.answer, label.author, utc_now(), None)
