"""What every check must do: the conformance tests, for built-in checks and yours."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.listing import Role
from packshot.core.verdict import Status, Verdict
from packshot.evaluate.bind import BoundPolicy, BoundRule
from packshot.evaluate.check import Check, Scope
from packshot.evaluate.context import CONTEXT, LISTING_CONTEXT
from packshot.evaluate.explain import field_docs
from packshot.evaluate.judge import Judgement, judge
from packshot.evaluate.judge_one import TYPES
from packshot.evaluate.related import RELATED
from packshot.policies.policy import Policy, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Output

DAY = date(2026, 1, 1)


def follows_the_contract(name: str, check: type[Check[Any]], outputs: Mapping[str, Output]) -> None:
    """Run every test of this file on one check; `outputs` are what the installed measures give, by column."""
    outputs = {**outputs, **RELATED}
    says_what_it_is(check)
    documents_its_parameters(check)
    reads_what_is_measured(check, outputs)
    has_examples_of_both_kinds(check)
    judges_its_examples(name, check, outputs)
    survives_rows_without_answers(name, check, outputs)


def says_what_it_is(check: type[Check[Any]]) -> None:
    """The docstring has its three parts, and `expected` says something."""
    assert check.title().endswith("."), "the docstring's first line is a sentence that says the fault"
    assert check.why_it_matters(), "the docstring has a paragraph `Why it matters:`"
    assert check.how_to_fix(), "the docstring has a paragraph `How to fix:`"
    assert check().expected(check.params()).strip(), "`expected` says what would pass"


def documents_its_parameters(check: type[Check[Any]]) -> None:
    """The parameters are a frozen dataclass; every field has a default and a docstring."""
    assert is_dataclass(check.params), "`params` is a dataclass"
    assert check.params.__dataclass_params__.frozen, "`params` is frozen"  # type: ignore[attr-defined] # made by dataclass
    check.params()
    undocumented = {field.name for field in fields(check.params)} - set(field_docs(check.params))
    assert not undocumented, f"these parameters have no docstring: {sorted(undocumented)}"


def reads_what_is_measured(check: type[Check[Any]], outputs: Mapping[str, Output]) -> None:
    """Every column of `needs` comes from somewhere; a check of listings reads what is counted for listings."""
    known = set(LISTING_CONTEXT) if check.scope is Scope.LISTING else {*CONTEXT, *outputs}
    assert check.needs, "a check reads at least one column"
    assert set(check.needs) <= known, f"nothing gives these columns: {sorted(set(check.needs) - known)}"
    assert check.box is None or check.box in {**CONTEXT, **outputs}, f"nothing gives the box {check.box}"


def has_examples_of_both_kinds(check: type[Check[Any]]) -> None:
    """At least one example passes and one does not, and each gives exactly what is read."""
    statuses = {example.status for example in check.examples}
    assert Status.PASS in statuses, "one example passes"
    assert statuses & {Status.FAIL, Status.WARN}, "one example does not pass"
    for example in check.examples:
        assert set(example.row) == set(check.needs), f"the example {example.why!r} gives exactly the columns of `needs`"
        assert example.why, "an example says why"


def judges_its_examples(name: str, check: type[Check[Any]], outputs: Mapping[str, Output]) -> None:
    """The judge says of every example what the example says, alone and all in one table."""
    rows = [example.row for example in check.examples]
    wanted = [example.status for example in check.examples]
    assert statuses_of(name, check, rows, outputs) == wanted, "all examples in one table"
    for row, status, example in zip(rows, wanted, check.examples, strict=True):
        assert statuses_of(name, check, [row], outputs) == [status], example.why
        assert check().measured(dict(row), check.params()).strip(), "`measured` says something"


def survives_rows_without_answers(name: str, check: type[Check[Any]], outputs: Mapping[str, Output]) -> None:
    """A row of nulls, no rows, and not-a-number are judged without a crash, and never as a fault."""
    nothing = dict.fromkeys(check.needs)
    (status,) = statuses_of(name, check, [nothing], outputs)
    assert status in {Status.UNSURE, Status.PASS}, "what was not measured is no fault"
    assert check().measured(nothing, check.params()).strip(), "`measured` copes with nulls"
    assert statuses_of(name, check, [], outputs) == []
    kinds = {**CONTEXT, **outputs}
    floats = {column: float("nan") for column in check.needs if TYPES[kinds[column].kind].is_float()}
    if floats:
        assert statuses_of(name, check, [nothing | floats], outputs) == [status], "NaN counts as no answer"


def statuses_of(
    name: str, check: type[Check[Any]], rows: list[Mapping[str, object]], outputs: Mapping[str, Output]
) -> list[Status]:
    """What the judge says of each row, with the check's default parameters, where failing means `fix`."""
    kinds = {**CONTEXT, **outputs}
    keys = {"placement_id": pl.String(), "listing_id": pl.String(), "asset_id": pl.String()}
    schema = {**keys, "source_uri": pl.String(), "role": pl.String()} | {c: TYPES[kinds[c].kind] for c in check.needs}
    ids = [str(number) for number in range(len(rows))]
    fixed = {"source_uri": [""] * len(rows), "role": [Role.MAIN.value] * len(rows)}
    facts = pl.DataFrame(
        {**dict.fromkeys(keys, ids), **fixed, **{c: [row[c] for row in rows] for c in check.needs}}, schema=schema
    )
    rule = BoundRule(Rule(id=name, check=name, on_fail=Verdict.FIX), check(), check.params())
    bound = BoundPolicy(Policy(id="examples", title="Examples", rules=(rule.rule,)), (rule,), "")
    told = judge(facts, bound, rules_as_of=DAY, assessable=frozenset(outputs))
    return _statuses(told, check.scope, ids)


def _statuses(told: Judgement, scope: Scope, ids: list[str]) -> list[Status]:
    key = "listing_id" if scope is Scope.LISTING else "placement_id"
    found = dict(told.findings.select(key, "status").iter_rows())
    counted = told.counts.row(0, named=True)
    assert counted[Status.PASS.value] == len(ids) - len(found), "what is no finding passed"
    return [Status(found.get(one, Status.PASS.value)) for one in ids]
