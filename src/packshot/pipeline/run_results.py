"""The policies of a run: which were planned, and which judgement each of them ended with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.storage.catalog_tables import RunRow


def planned(run: RunRow) -> list[str]:
    """The hashes of the policies that the run was begun with, its first one first."""
    also = run.plan.get("also")
    return [str(run.plan.get("policy", "")), *(str(one) for one in (also if isinstance(also, list) else ()))]


def judged_by(run: RunRow) -> dict[str, str]:
    """Policy id → judgement id, the run's first policy first; nothing for a run that was not finished."""
    ends = [run.result, *(run.result.get("also") or ())]
    named = ((one.get("policy_id"), one.get("judgement_id")) for one in ends)
    return {str(policy): str(judgement) for policy, judgement in named if policy and judgement}
