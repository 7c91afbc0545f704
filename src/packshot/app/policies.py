"""The policy of a name, joined with the checks of this install."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.errors import PolicyError
from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.plugins import discover
from packshot.policies.load import names

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.evaluate.bind import BoundPolicy


def bound_policy(id_or_path: str | Path) -> BoundPolicy:
    """Load `house`, `amazon`, … or a TOML file, and give every rule its check.

    Raises UnknownName, UsageError or PolicyError (with every mistake in it).
    """
    bound = load_bound(id_or_path, discover("checks", Check))
    if str(id_or_path) != bound.policy.id and bound.policy.id in names():
        mistake = f"{bound.policy.id!r} is the id of a policy that comes installed, and verdicts of the two would mix"
        raise PolicyError(str(id_or_path), [f"{mistake}: give this one an id of its own"])
    return bound
