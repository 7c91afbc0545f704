"""Judges one picture through the code that judges tables: a table of one row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.measurement import Kind
from packshot.core.verdict import Status, Verdict
from packshot.evaluate.bind import ALWAYS
from packshot.evaluate.check import Scope
from packshot.evaluate.context import CONTEXT, extension, is_worn
from packshot.evaluate.judge import judge
from packshot.evaluate.related import RELATED
from packshot.evaluate.wording import finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from packshot.core.finding import Finding
    from packshot.core.listing import Role
    from packshot.core.measurement import Output
    from packshot.evaluate.bind import BoundPolicy

TYPES: dict[Kind, pl.DataType] = {
    Kind.FLOAT: pl.Float32(),
    Kind.INT: pl.Int64(),
    Kind.BOOL: pl.Boolean(),
    Kind.TEXT: pl.String(),
    Kind.BOX: pl.Array(pl.Float32(), 4),
    Kind.BOXES: pl.List(pl.Float32()),
    Kind.OUTLINE: pl.List(pl.Float32()),
    Kind.RGB: pl.Array(pl.UInt8(), 3),
    Kind.TEXTS: pl.List(pl.String()),
    Kind.FLOATS: pl.List(pl.Float32()),
    Kind.BYTES32: pl.Binary(),
    Kind.BYTES768: pl.Binary(),
    Kind.BYTES: pl.Binary(),
}
"""Kind of measured value → the type of its column, as wide as it is stored."""

_WORDS = ("source_uri", "category", "title")


@dataclass(frozen=True, slots=True)
class OneJudgement:
    """What a policy says of one picture."""

    verdict: Verdict
    findings: list[Finding]
    """What did not pass; with what passed, where that was asked for. Rules about listings say nothing here."""
    not_assessed: tuple[str, ...]
    """Rules that this install cannot measure, or that a person has to look at."""


def judge_one(  # noqa: PLR0913 - each says another thing about the picture
    row: Mapping[str, object],
    bound: BoundPolicy,
    *,
    role: Role,
    rules_as_of: date,
    outputs: Mapping[str, Output],
    has_trouble: bool = False,
    passes: bool = False,
) -> OneJudgement:
    """Judge the picture of `row` in `role`.

    `row` has measured columns and, where known, `source_uri category title` and context columns; a column of `outputs`
    (what the installed measures give) that it lacks counts as unmeasured. `passes` asks for what passed as well.
    """
    facts = _facts(row, role, outputs, has_trouble=has_trouble)
    bound = _spoken(bound, role)
    judgement = judge(facts, bound, rules_as_of=rules_as_of, assessable=frozenset(outputs))
    (known,) = facts.rows(named=True)
    (told,) = judgement.verdicts.rows(named=True)
    rules = bound.by_id()
    found = []
    for counts in judgement.counts.rows(named=True):
        rule = rules[counts["rule"]]
        status = next((status for status in Status if counts[status.value]), None)
        unsaid = status in {None, Status.NOT_ASSESSED} or (status is Status.PASS and not passes)
        if status is not None and not unsaid and rule.scope is Scope.PLACEMENT:
            found.append(finding(rule, status, known))
    return OneJudgement(Verdict.of(told["verdict"]), found, tuple(told["not_assessed"]))


def _spoken(bound: BoundPolicy, role: Role) -> BoundPolicy:
    """The rules that speak of one picture in this role: to judge by the others would only take time.

    Banks belong to a workspace: of a picture that is in none, nothing is said of them.
    """
    spoken = [rule for rule in bound.rules if rule.scope is Scope.PLACEMENT and rule.rule.check != ALWAYS]
    rules = [rule for rule in spoken if role in (rule.rule.roles or (role,))]
    return replace(bound, rules=tuple(rules))


def _facts(row: Mapping[str, object], role: Role, outputs: Mapping[str, Output], *, has_trouble: bool) -> pl.DataFrame:
    known = {**CONTEXT, **RELATED, **outputs}
    keys: dict[str, object] = {"placement_id": "", "listing_id": "", "asset_id": "", "role": role.value}
    there = {name: value for name, value in row.items() if name in known}
    words = {name: row.get(name) for name in _WORDS}
    types = {name: TYPES[known[name].kind] for name in there} | dict.fromkeys((*_WORDS, *keys), pl.String())
    frame = pl.DataFrame(
        {name: [value] for name, value in {**keys, **words, **there}.items()}, schema=types, strict=False
    )
    placed = {"uri_extension": extension(), "is_worn": pl.lit(is_worn(frame)).first()}
    derived = [column.alias(name) for name, column in placed.items() if name not in there]
    return frame.with_columns(*derived, pl.lit(has_trouble).alias("has_trouble"))
