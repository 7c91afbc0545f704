"""What a check, a measure, a column, a policy or one of its rules is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.app.policies import bound_policy
from packshot.core.errors import UnknownName
from packshot.evaluate.check import Check
from packshot.evaluate.explain import explain_check, explain_column, explain_measure, explain_policy, explain_rule
from packshot.evaluate.measure import Measure
from packshot.plugins import discover
from packshot.policies.load import names

if TYPE_CHECKING:
    from packshot.evaluate.explain import Explanation


def explained(id_: str) -> Explanation:
    """Find `id_` among checks, measures, columns, policies and rules (`amazon/main_fill`).

    Raises UnknownName when there is none.
    """
    checks, measures = discover("checks", Check), discover("measures", Measure)
    policy, slash, rule = id_.partition("/")
    if slash and policy in names():
        return explain_rule(bound_policy(policy), rule)
    if id_ in checks:
        return explain_check(id_, checks[id_])
    if id_ in measures:
        return explain_measure(id_, measures[id_])
    if id_ in names():
        return explain_policy(bound_policy(id_))
    found = explain_column(id_, measures)
    if found is None:
        columns = [output.name for measure in measures.values() for output in measure.outputs]
        raise UnknownName("check, measure, column, policy or rule", id_, [*checks, *measures, *names(), *columns])
    return found
