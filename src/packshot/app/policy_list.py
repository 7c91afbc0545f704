"""Which policies there are, and how well each is founded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.app.policies import bound_policy
from packshot.core.errors import PolicyError, UsageError
from packshot.core.plural import plural
from packshot.evaluate.bind import holds
from packshot.policies.load import extended, names
from packshot.policies.policy import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Listed:
    """One policy, with its rules counted; what it inherits is counted with its own."""

    id: str
    title: str = ""
    rules: int = 0
    in_force: int = 0
    """Rules that hold on the day."""
    manual: int = 0
    """Rules that a person answers."""
    evidence: dict[str, int] = field(default_factory=dict)
    """Evidence → rules."""
    extends: str | None = None
    file: str | None = None
    """Of a policy of your own; None for one that comes installed."""
    fault: str = ""
    """Why it cannot be used."""


def listed(day: date, own: Iterable[str] = ()) -> list[Listed]:
    """All policies that come installed, and `own`, which are the paths of TOML files."""
    files = dict.fromkeys(path for path in own if path not in names())
    return [*(_one(name, day) for name in names()), *(_one(path, day, path) for path in files)]


def _one(policy: str, day: date, file: str | None = None) -> Listed:
    try:
        bound, extends = bound_policy(policy), extended(policy)
    except PolicyError as error:
        fault = f"{plural(len(error.mistakes), 'mistake')}: packshot policy lint {policy}"
        return Listed(policy, file=file, fault=fault)
    except UsageError as error:
        return Listed(policy, file=file, fault=error.message)
    found = [one.rule.evidence for one in bound.rules]
    return Listed(
        bound.policy.id,
        bound.policy.title,
        len(bound.rules),
        sum(holds(one.rule, day) for one in bound.rules),
        sum(one.rule.manual for one in bound.rules),
        {evidence.value: found.count(evidence) for evidence in Evidence},
        extends,
        file,
    )
