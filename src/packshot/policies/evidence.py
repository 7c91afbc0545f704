"""How hard a rule may hit, given how sure we are that the channel asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict
from packshot.policies.policy import Evidence

if TYPE_CHECKING:
    from packshot.policies.policy import Policy, Rule

STRONGEST = {
    Evidence.VERIFIED: Verdict.BLOCK,
    Evidence.CORROBORATED: Verdict.BLOCK,
    Evidence.SECONDARY: Verdict.REVIEW,
    Evidence.UNVERIFIED: Verdict.SHOW,
}
"""The strongest `on_fail` that each evidence allows in a policy that is shipped; a user's own may do as it likes."""


def unfounded(policy: Policy) -> tuple[str, ...]:
    """A line for each rule that says more than its evidence bears, or lacks its source; empty when all is well."""
    return tuple(f"{rule.id}: {fault}" for rule in policy.rules for fault in _faults(rule))


def _faults(rule: Rule) -> list[str]:
    faults = []
    if rule.on_fail > STRONGEST[rule.evidence]:
        allowed = STRONGEST[rule.evidence].word
        faults.append(f"{rule.evidence.value} evidence allows {allowed} at most, not {rule.on_fail.word}")
    faults += [f"it has no {field}" for field in ("says", "source", "read_on") if not getattr(rule, field)]
    return faults
