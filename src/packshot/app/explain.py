"""What a check, a measure, a column, a table, a policy or one of its rules is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from packshot.app.policies import bound_policy
from packshot.app.table_columns import SHARED, TABLES, explain_table, explain_table_column, tables_with
from packshot.core.errors import UnknownName
from packshot.evaluate.check import Check
from packshot.evaluate.explain import (
    Explanation,
    explain_check,
    explain_column,
    explain_measure,
    explain_policy,
    explain_rule,
)
from packshot.evaluate.measure import Measure
from packshot.evaluate.wording import title
from packshot.plugins import discover
from packshot.policies.load import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packshot.evaluate.bind import BoundPolicy


def explained(id_: str) -> Explanation:
    """Find `id_` among checks, measures, columns, tables, policies and rules (`amazon/overlay`).

    What is no rule has the rules of that name beside it. Raises UnknownName when there is none.
    """
    checks, measures = discover("checks", Check), discover("measures", Measure)
    policy, slash, rule = id_.partition("/")
    if slash and policy in names():
        return explain_rule(bound_policy(policy), rule)
    policies = {name: bound_policy(name) for name in names()}
    if id_ in policies:
        return explain_policy(policies[id_])
    if id_ in checks:
        found: Explanation | None = explain_check(id_, checks[id_])
    elif id_ in measures:
        found = explain_measure(id_, measures[id_])
    else:
        found = _column(id_, measures)
    if found is not None:
        return replace(found, sections=(*found.sections, *_rules(policies, id_)))
    if told := [explain_rule(bound, id_) for bound in policies.values() if id_ in bound.by_id()]:
        return told[0] if len(told) == 1 else _together(id_, told)
    if (table := explain_table(id_)) is not None:
        return table
    columns = [output.name for measure in measures.values() for output in measure.outputs]
    rules = [name for bound in policies.values() for name in bound.by_id()]
    of_tables = [*TABLES, *SHARED, *(column for _, told in TABLES.values() for column in told)]
    known = [*checks, *measures, *policies, *columns, *rules, *of_tables]
    raise UnknownName("check, measure, column, table, policy or rule", id_, known)


def _column(id_: str, measures: Mapping[str, type[Measure]]) -> Explanation | None:
    """A measured column, with what it says in other tables; or one of the tables alone."""
    found = explain_column(id_, measures)
    if found is None:
        return explain_table_column(id_)
    others = tables_with(id_)
    return replace(found, sections=(*found.sections, ("In other tables", others))) if others else found


def _rules(policies: Mapping[str, BoundPolicy], id_: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rules that are called so, or ask that check, as a section; none where there are none."""
    lines = tuple(
        f"{name}/{one.rule.id} [{one.rule.on_fail.word}]: {' '.join(one.rule.says.split()) or title(one)}"
        for name, bound in policies.items()
        for one in bound.rules
        if id_ in {one.rule.id, one.rule.check}
    )
    return (("Rules", lines),) if lines else ()


def _together(id_: str, told: Sequence[Explanation]) -> Explanation:
    """A rule that several policies have, one after the other."""
    sections = tuple((f"{one.id}, {heading}", lines) for one in told for heading, lines in one.sections)
    return Explanation(id_, "rule", told[0].title, sections)
