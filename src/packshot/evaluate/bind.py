"""Joins a policy with the checks that it names; all mistakes come at once, with the nearest valid names."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from blake3 import blake3

from packshot.core.errors import PolicyError
from packshot.core.verdict import Verdict
from packshot.evaluate.check import Scope
from packshot.policies.categories import used
from packshot.policies.fields import flat_values, shown, unknown
from packshot.policies.load import draft
from packshot.policies.policy import Evidence, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from packshot.evaluate.check import Check
    from packshot.policies.categories import Category
    from packshot.policies.policy import Policy

ALWAYS = "known_bad"
"""The check that takes part in every policy."""
_FROM_0_TO_1 = ("_share", "_probability", "_confidence", "_sharpness", "_information", "_technical_quality")
UNIT_RANGES = dict.fromkeys(_FROM_0_TO_1, (0.0, 1.0)) | dict.fromkeys(("_px", "_bytes"), (0.0, math.inf))
"""Unit at the end of a parameter's name → what it can be."""


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with the check that judges it; `check` is None for a manual rule."""

    rule: Rule
    check: Check[Any] | None = None
    params: Any = None
    categories: Mapping[str, Category] = field(default_factory=dict)
    """What the rule's `@apparel` and the like mean."""

    @property
    def scope(self) -> Scope:
        """What it speaks of; a manual rule speaks of a placement."""
        return self.check.scope if self.check else Scope.PLACEMENT

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns it reads."""
        return self.check.needs if self.check else ()

    @property
    def shows(self) -> tuple[str, ...]:
        """The columns that its evidence is made of: what it reads, and the box that says where to look."""
        return (*self.needs, self.check.box) if self.check and self.check.box else self.needs


@dataclass(frozen=True, slots=True)
class BoundPolicy:
    """A policy whose every rule has its check and its parameters."""

    policy: Policy
    rules: tuple[BoundRule, ...]
    hash: str
    """BLAKE3 of all rules with every parameter spelt out: a changed default counts as a changed policy."""

    @property
    def needs(self) -> frozenset[str]:
        """Every column that the rules read or show."""
        return frozenset(column for bound in self.rules for column in bound.shows)

    def by_id(self) -> dict[str, BoundRule]:
        """The rules by their id."""
        return {bound.rule.id: bound for bound in self.rules}

    def on(self, day: date) -> BoundPolicy:
        """The policy with only those rules that hold on `day`."""
        held = tuple(bound for bound in self.rules if holds(bound.rule, day))
        return BoundPolicy(self.policy, held, self.hash)


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that a rule sets for one measured column: what a plot of the column would draw."""

    rule: Rule
    column: str
    value: float
    lowest: bool
    """True: lower values fail; False: higher values fail."""


def together(bounds: Sequence[BoundPolicy], day: date) -> BoundPolicy:
    """The rules of several policies that hold on `day`, for what only asks what they read: ids may stand twice."""
    return BoundPolicy(bounds[0].policy, tuple(rule for bound in bounds for rule in bound.on(day).rules), "")


def holds(rule: Rule, day: date) -> bool:
    """Whether the rule is in force on `day`."""
    return (rule.effective_from is None or rule.effective_from <= day) and (rule.until is None or day < rule.until)


def load_bound(
    id_or_path: str | Path,
    checks: Mapping[str, type[Check[Any]]],
    category_map: Mapping[str, Category] | None = None,
) -> BoundPolicy:
    """Load and bind in one go, so that PolicyError lists the mistakes of the file and those of its rules together.

    `category_map` says what `@apparel` and the like mean; by default the map that comes with packshot does.
    """
    found = draft(id_or_path, category_map)
    rules, mistakes = _bound_rules(found.policy, checks)
    if found.mistakes or mistakes:
        raise PolicyError(found.policy.id, (*found.mistakes, *mistakes))
    return _bound(found.policy, rules)


def bind(policy: Policy, checks: Mapping[str, type[Check[Any]]]) -> BoundPolicy:
    """Give every rule of `policy` its check, out of `checks` (by id), and its parameters.

    Raises PolicyError with every unknown check, unknown or ill-typed parameter, and misplaced role.
    """
    rules, mistakes = _bound_rules(policy, checks)
    if mistakes:
        raise PolicyError(policy.id, mistakes)
    return _bound(policy, rules)


def limits(bound: BoundPolicy) -> list[Limit]:
    """Every parameter `min_<column>` or `max_<column>` whose column its check reads."""
    found = []
    for one in bound.rules:
        for param in fields(one.params) if one.check else ():
            side, _, column = param.name.partition("_")
            value = getattr(one.params, param.name)
            if side in {"min", "max"} and column in one.needs and isinstance(value, int | float):
                found.append(Limit(one.rule, column, float(value), lowest=side == "min"))
    return found


def _bound(policy: Policy, rules: list[BoundRule]) -> BoundPolicy:
    asked = [(flat_values(one.rule), flat_values(one.params) if one.check else None) for one in rules]
    meant = used((one.rule for one in rules), policy.categories)
    said = [policy.id, flat_values(policy.gallery), asked, {name: flat_values(one) for name, one in meant.items()}]
    written = json.dumps(said, sort_keys=True, default=str)
    return BoundPolicy(policy, tuple(rules), blake3(written.encode()).hexdigest())


def _bound_rules(policy: Policy, checks: Mapping[str, type[Check[Any]]]) -> tuple[list[BoundRule], list[str]]:
    rules: list[BoundRule] = []
    mistakes: list[str] = []
    for rule in (*policy.rules, *_joining(policy, checks), *_always(policy, checks)):
        if rule.check is None:
            rules.append(BoundRule(rule, categories=policy.categories))
        elif rule.check not in checks:
            mistakes.append(f"rule {rule.id}: {unknown('check', rule.check, checks)}")
        else:
            check = checks[rule.check]()
            params, wrong = read_params(check.params, rule.params)
            if rule.roles and check.scope is Scope.LISTING:
                wrong.append(f"roles have no meaning: {rule.check} speaks of listings")
            if rule.check == ALWAYS and rule.on_fail < Verdict.REVIEW:
                wrong.append(
                    f"on_fail must be review or block: what a bank knows is never shown, so not {rule.on_fail.word}"
                )
            mistakes += [f"rule {rule.id}: {one}" for one in wrong]
            rules.append(BoundRule(rule, check, params, policy.categories))
    mistakes += [f"remove: {unknown('check', name, checks)}" for name in policy.removed if name not in checks]
    return rules, mistakes


def _joining(policy: Policy, checks: Mapping[str, type[Check[Any]]]) -> Iterable[Rule]:
    """A rule for each check that no rule names, where the policy takes every check as it comes."""
    if not policy.every_check:
        return
    named = {*(rule.check for rule in policy.rules), *(rule.id for rule in policy.rules), *policy.removed}
    for name, check in checks.items():
        if name not in named:
            yield Rule(
                id=name,
                check=name,
                roles=check.roles,
                on_fail=check.on_fail,
                says=check.title(),
                source=f"packshot: the check {name} as it comes",
                evidence=Evidence.VERIFIED,
            )


def _always(policy: Policy, checks: Mapping[str, type[Check[Any]]]) -> Iterable[Rule]:
    """The rule that every policy has: what is in a bank is blocked, unless a rule of the policy speaks of all that."""
    rules = [rule for rule in policy.rules if rule.check == ALWAYS]
    narrowed = ("roles", "categories", "also_categories", "except_categories", "effective_from", "until")
    whole = any(not any(getattr(rule, name) for name in narrowed) for rule in rules)
    if ALWAYS not in checks or whole or (policy.every_check and not rules and ALWAYS not in policy.removed):
        return
    yield Rule(
        id=ALWAYS if not rules else f"{ALWAYS}_always",
        check=ALWAYS,
        on_fail=checks[ALWAYS].on_fail,
        says=checks[ALWAYS].title(),
        source="packshot: the banks of the workspace hold in every policy",
        evidence=Evidence.VERIFIED,
    )


def read_params(kind: type, given: Mapping[str, object]) -> tuple[Any, list[str]]:
    """An object of the parameters' dataclass `kind`, and a line for each value of `given` that it does not take."""
    hints = get_type_hints(kind)
    names = [one.name for one in fields(kind)]
    values: dict[str, object] = {}
    mistakes: list[str] = []
    for name, value in given.items():
        if name not in names:
            mistakes.append(f"params: {unknown('parameter', name, names)}")
            continue
        wrong = _ill_typed(hints[name], value) or _out_of_range(name, value)
        if wrong:
            mistakes.append(f"params: {name} must be {wrong}, not {shown(value)}")
        else:
            values[name] = float(value) if hints[name] is float and isinstance(value, int) else value
    try:
        return kind(**values), mistakes
    except ValueError as error:
        return kind(), [*mistakes, f"params: {' '.join(str(error).split())}"]


def _ill_typed(hint: Any, value: object) -> str:
    """What it should have been; empty when the type is right."""
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        fits = isinstance(value, tuple) and not any(_ill_typed(inner, item) for item in value)
        return "" if fits else f"a list of {_WORDS[inner].removeprefix('a ')}s"
    if isinstance(value, bool):
        return "" if hint is bool else _WORDS[hint]
    if hint is float:
        return "" if isinstance(value, int | float) and math.isfinite(value) else _WORDS[hint]
    return "" if isinstance(value, hint) else _WORDS[hint]


_WORDS: dict[Any, str] = {float: "a number", int: "a whole number", bool: "true or false", str: "a text"}


def _out_of_range(name: str, value: object) -> str:
    if not isinstance(value, int | float):
        return ""
    for unit, (lowest, highest) in UNIT_RANGES.items():
        if name.endswith(unit) and not lowest <= value <= highest:
            return "between 0 and 1 (0.85 is 85 %)" if highest == 1 else "0 or more"
    return ""
