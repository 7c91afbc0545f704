"""How the rules of two judgements differ: the policy's text, the day, and the measures that they read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from packshot.evaluate.bind import holds
from packshot.evaluate.check import Scope, words
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.related import RELATED
from packshot.evaluate.rule_difference import differences
from packshot.evaluate.suite import measure_of_column

if TYPE_CHECKING:
    from packshot.evaluate.bind import BoundPolicy, BoundRule
    from packshot.pipeline.delta_sides import Side
    from packshot.storage.catalog_tables import JudgementRow

VERSION = "version"
"""The pin that holds the version of judging itself."""
LISTING_FACTS = frozenset({"is_worn"})


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What a rule reads, and what changed about it between two judgements."""

    id: str
    scope: Scope
    measured: bool
    """It reads what was measured on the picture."""
    of_gallery: bool
    """It counts or compares the pictures of the listing."""
    of_matches: bool
    """It looks for the same picture elsewhere."""
    of_listing: bool
    """It reads the listing's words, or speaks of some categories only."""
    of_role: bool
    """It speaks of some roles only, or puts the main picture first."""
    policy: str = ""
    """How the policy changed it; empty: not at all."""
    day: str = ""
    """How the day of the rules changed it."""
    measures: str = ""
    """Which of its measures came in another version."""


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """All rules of both sides."""

    rules: dict[str, RuleFacts]
    gallery: tuple[str, ...] = ()
    """How the policy's gallery changed."""
    judging: str = ""
    """How judging itself changed."""
    measures: dict[str, str] = field(default_factory=dict)
    """Measure → how its version changed."""

    def told(self) -> list[str]:
        """Every change of a rule in one line each."""
        return [
            f"{rule.id}: {text}" for rule in self.rules.values() for text in (rule.policy, rule.day) if text
        ] + list(self.gallery)


def rule_changes(before: Side, after: Side) -> RuleChanges:
    """Compare the policies, days and measures of two judgements."""
    old, new = _rules(before.bound), _rules(after.bound)
    both = before.bound is not None and after.bound is not None
    measures = _versions(before.judgement, after.judgement)
    found = {}
    for id_ in dict.fromkeys([*new, *old]):
        policy = _difference(old.get(id_), new.get(id_)) if both else ""
        day = "" if policy else _by_day(new.get(id_) or old[id_], before.judgement, after.judgement)
        found[id_] = _facts(new.get(id_) or old[id_], policy, day, measures)
    gallery: tuple[str, ...] = ()
    if before.bound and after.bound:
        one, other = asdict(before.bound.policy.gallery), asdict(after.bound.policy.gallery)
        gallery = tuple(
            f"gallery: {name} {words(one[name])} → {words(other[name])}" for name in one if one[name] != other[name]
        )
    versions = [str(side.judgement.pins.get(VERSION, "?")) for side in (before, after)]
    judging = f"judging itself: version {versions[0]} → {versions[1]}" if versions[0] != versions[1] else ""
    return RuleChanges(found, gallery, judging, measures)


def _rules(bound: BoundPolicy | None) -> dict[str, BoundRule]:
    return bound.by_id() if bound else {}


def _versions(before: JudgementRow, after: JudgementRow) -> dict[str, str]:
    names = sorted({*before.wanted, *after.wanted})
    pairs = {name: (before.wanted.get(name), after.wanted.get(name)) for name in names}
    return {name: f"{one or 'none'} → {other or 'none'}" for name, (one, other) in pairs.items() if one != other}


def _difference(old: BoundRule | None, new: BoundRule | None) -> str:
    if old is None or new is None:
        return "the rule is new in the policy" if old is None else "the rule is no longer in the policy"
    return ", ".join(f"{name} {before} → {after}" for name, (before, after) in differences(old, new).items())


def _by_day(bound: BoundRule, before: JudgementRow, after: JudgementRow) -> str:
    was, is_ = (holds(bound.rule, judgement.rules_as_of) for judgement in (before, after))
    if was == is_:
        return ""
    days = f"the rules of {after.rules_as_of} instead of {before.rules_as_of}"
    return f"{'in force now' if is_ else 'no longer in force'}: {days}"


def _facts(bound: BoundRule, policy: str, day: str, measures: dict[str, str]) -> RuleFacts:
    needs = set(bound.needs)
    owners = measure_of_column()
    read = sorted({owners[name] for name in needs if name in owners})
    changed = [f"the measure {name} {measures[name]}" for name in read if name in measures]
    if needs & set(RELATED) and "relations" in measures:
        changed.append(f"what compares pictures with titles {measures['relations']}")
    rule = bound.rule
    return RuleFacts(
        id=rule.id,
        scope=bound.scope,
        measured=bool(needs - set(CONTEXT)),
        of_gallery=any(name.startswith(("gallery_", "repeats_")) for name in needs),
        of_matches=bool(needs & {"repeats_earlier", "repeats_uri", "other_products", "other_variants"}),
        of_listing=bool(needs & LISTING_FACTS or rule.categories or rule.also_categories or rule.except_categories),
        of_role=bool(rule.roles or "repeats_earlier" in needs),
        policy=f"the policy changed ({policy})" if policy else "",
        day=day,
        measures=", ".join(changed),
    )
