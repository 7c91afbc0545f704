"""Which limits of a policy can be drawn into the plots of the measures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast

from packshot.core.verdict import Verdict
from packshot.present.report_data import Threshold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.policies.policy import Policy
    from packshot.present.report_data import CheckDoc

_LIMIT = re.compile(r"(min|max)_(\w+)")
_LONGEST = "longest_px"


def thresholds(
    policy: Policy, params: Mapping[str, Mapping[str, object]], checks: Mapping[str, CheckDoc]
) -> tuple[Threshold, ...]:
    """Read the limits from the rules' bound parameters (`params`, by rule id, defaults included).

    By convention the parameter `min_<column>` or `max_<column>` limits that column of the check's `needs`; the column's
    name may be cut at its front (`min_white_share` for `background_white_share`), and `longest_px` is the longest side.
    A confidence is no limit of the policy, and neither is a least value of 0.
    """
    found: dict[tuple[str, str, float], Threshold] = {}
    for rule in policy.rules:
        doc = checks.get(rule.check or "")
        for name, value in params.get(rule.id, {}).items() if doc else ():
            limit = _LIMIT.fullmatch(name)
            if (
                doc is None
                or limit is None
                or isinstance(value, bool)
                or not isinstance(value, (int, float))
                or not value
            ):
                continue
            column = _column(limit.group(2), doc.needs)
            if column:
                side = cast("Literal['min', 'max']", limit.group(1))
                roles = tuple(role.value for role in rule.roles)
                advice = rule.on_fail is Verdict.SHOW
                found.setdefault(
                    (column, side, float(value)), Threshold(column, float(value), side, rule.id, roles, advice)
                )
    return tuple(found.values())


def _column(name: str, needs: tuple[str, ...]) -> str | None:
    if name == _LONGEST:
        return "long_side_px"
    if name == "confidence":
        return None
    return next((column for column in needs if column == name or column.endswith(f"_{name}")), None)
