"""The runs of a workspace, as people ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packshot.pipeline.run_results import planned

if TYPE_CHECKING:
    from packshot.storage.catalog import Catalog


def run_rows(catalog: Catalog) -> list[dict[str, Any]]:
    """All runs as JSON values, the latest first; `killed` is one that has not ended and whose process is gone."""
    policies: dict[str, str] = {}
    rows = []
    for run in reversed(catalog.runs()):
        hashes = planned(run)
        for policy_hash in hashes:
            if policy_hash not in policies:
                kept = catalog.policy(policy_hash)
                policies[policy_hash] = kept.policy_id if kept else ""
        more = run.plan.get("more_sources")
        rows.append(
            {
                "run_id": run.run_id,
                "started_at": run.started_at.isoformat(),
                "state": run.state.value,
                # A run that was ended early may not have come to the policy: its text is kept when it is judged by.
                "policy": policies[hashes[0]] or None,
                "policies": [policies[policy_hash] for policy_hash in hashes if policies[policy_hash]],
                "source": run.plan.get("source"),
                "more_sources": [one["source"] for one in more] if isinstance(more, list) else [],
                "decoded": run.counters.get("decoded", run.counters.get("measure", 0)),
                "troubles": run.counters.get("troubles", 0),
                # By the clock of the host that ran it, which may have been set meanwhile.
                "seconds": max(0.0, round((run.heartbeat - run.started_at).total_seconds(), 3)),
                "counters": dict(run.counters),
            }
        )
    return rows
