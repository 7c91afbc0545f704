"""The policy of a name, joined with the checks of this install."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.core.errors import PolicyError, UsageError
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.plugins import discover
from packshot.policies.categories import load_map
from packshot.policies.load import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.evaluate.bind import BoundPolicy


def bound_policy(id_or_path: str | Path, categories: str | Path | None = None) -> BoundPolicy:
    """Load `house`, `amazon`, … or a TOML file, and give every rule its check.

    `categories` is a TOML file with what a user adds to packshot's map of categories (`policies/categories.toml`).
    Raises UnknownName, UsageError or PolicyError (with every mistake in it).
    """
    category_map = None if categories is None else load_map(categories)
    bound = load_bound(id_or_path, discover("checks", Check), category_map)
    if str(id_or_path) != bound.policy.id and bound.policy.id in names():
        mistake = f"{bound.policy.id!r} is the id of a policy that comes installed, and verdicts of the two would mix"
        raise PolicyError(str(id_or_path), [f"{mistake}: give this one an id of its own"])
    return bound


def bound_policies(
    policies: str | Path | Sequence[str | Path], categories: str | Path | None = None
) -> tuple[BoundPolicy, ...]:
    """One policy or several, in order; raises as `bound_policy`, and UsageError where two have the same id."""
    several = (policies,) if isinstance(policies, str | Path) else tuple(policies)
    if not several:
        raise UsageError("No policy is named.", f"Give one or more of: {', '.join(names())}, or TOML files.")
    bounds = tuple(bound_policy(policy, categories) for policy in several)
    ids = [bound.policy.id for bound in bounds]
    if doubled := next((id_ for id_ in ids if ids.count(id_) > 1), None):
        raise UsageError(
            f"The policy {doubled} is named twice.", "Name each once; give a policy of your own another id."
        )
    return bounds
