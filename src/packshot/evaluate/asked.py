"""Which of the costly measures are asked for: those whose columns a rule reads where it speaks, or the choice does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.listing import Role
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.judge_status import speaks_of_category
from packshot.evaluate.preferred import alternatives, with_alternatives
from packshot.evaluate.related import RELATED
from packshot.evaluate.relations import RELATIONS, relations_here
from packshot.evaluate.suite import all_measures, known_measures, measure_of_column
from packshot.models.usable import lacking

if TYPE_CHECKING:
    from packshot.evaluate.bind import BoundPolicy, BoundRule
    from packshot.evaluate.measure import Measure
    from packshot.evaluate.relations import Relation

ALWAYS_JUDGED = (Role.MAIN, Role.SECONDARY)
"""Every placement is judged in these, and in its own role."""


def is_costly(measure: Measure) -> bool:
    """Whether it is measured only where it is asked for."""
    return bool(measure.models) or measure.on_request


@dataclass(frozen=True, slots=True)
class Here:
    """What can be measured in this install: finding out takes many looks at the disk, so many rules share one."""

    measures: dict[str, Measure]
    owner: dict[str, str]
    """Column → the measure that fills it."""
    instead: dict[str, list[str]]
    """Column → those that take its place."""
    relations: dict[str, Relation]

    @classmethod
    def now(cls) -> Here:
        """As it is at this moment."""
        measures = all_measures()
        return cls(measures, measure_of_column(measures), alternatives(), relations_here())


def costly_of(bound: BoundRule, *, alone: bool = False, here: Here | None = None) -> frozenset[str]:
    """The costly measures that the rule reads, by id; `alone` leaves out what is only compared with a listing."""
    here = here or Here.now()
    if any(name not in {*here.owner, *CONTEXT, *RELATED} for name in bound.needs):
        return frozenset()  # it cannot be assessed here, so nothing is measured for it
    found = {here.owner[name] for name in with_alternatives(set(bound.needs), here.instead) if name in here.owner}
    if not alone:
        found |= {relation.measure for name, relation in here.relations.items() if name in bound.needs}
    return frozenset(name for name in found if name in here.measures and is_costly(here.measures[name]))


def unseen(bound: BoundPolicy, role: Role | None = None) -> dict[str, tuple[str, ...]]:
    """Rules of `bound` that cannot be judged here → the models and libraries that they lack; with `role`, its rules."""
    known = known_measures()
    owner = measure_of_column(known)
    found = {}
    for rule in bound.rules:
        if role is not None and rule.rule.roles and role not in rule.rule.roles:
            continue
        missing = [what for name in rule.needs if name in owner for what in _lacks(known[owner[name]])]
        for name, ways in RELATIONS.items():
            if name in rule.needs:
                lacks = [(*_lacks(known[way.measure]), *lacking(way.models, way.libraries)) for way in ways]
                missing += lacks[-1] if all(lacks) else ()
        if missing:
            found[rule.rule.id] = tuple(dict.fromkeys(missing))
    return found


def _lacks(measure: Measure) -> tuple[str, ...]:
    return lacking(measure.models, measure.libraries)


def asked(bound: BoundPolicy, placements: pl.DataFrame) -> dict[str, pl.Series]:
    """For each costly measure, which of `placements` (`source_id listing_id role category`) it is read for.

    Rules of `bound` read it, or the choice of the main picture does, where a listing has more than one picture.

    A placement is judged in its own role, as main and as secondary: a rule that speaks of none of them, or not of the
    listing's category, says nothing of it, so no verdict changes when what it reads is not measured.
    """
    here = Here.now()
    conditions: dict[str, list[pl.Expr]] = {name: [] for name, one in here.measures.items() if is_costly(one)}
    for rule in bound.rules:
        for name in costly_of(rule, here=here):
            conditions[name].append(_speaks(rule))
    kinds = placements.select("role", "category").unique()
    told = kinds.with_columns(
        pl.any_horizontal(pl.lit(False), *found).alias(name) for name, found in conditions.items()
    )
    keyed = placements.select("role", "category")
    rows = keyed.join(told, on=("role", "category"), how="left", nulls_equal=True, maintain_order="left")
    rivals = placements.select(pl.len().over("source_id", "listing_id") > 1).to_series()
    choosing = {name for name, one in here.measures.items() if one.for_choice}
    return {name: rows[name] | rivals if name in choosing else rows[name] for name in conditions}


def asked_of_one(bound: BoundPolicy, role: Role, category: str | None) -> frozenset[str]:
    """The costly measures that rules of `bound` read of a picture that is judged in `role` alone."""
    rules = [rule for rule in bound.rules if not rule.rule.roles or role in rule.rule.roles]
    one = pl.DataFrame({"category": [category]}, schema={"category": pl.String})
    here = Here.now()
    costly = {rule.rule.id: costly_of(rule, alone=True, here=here) for rule in rules}
    spoken = [rule for rule in rules if costly[rule.rule.id] and _of_category(rule, one)]
    return frozenset(name for rule in spoken for name in costly[rule.rule.id])


def _of_category(rule: BoundRule, one: pl.DataFrame) -> bool:
    spoken = speaks_of_category(rule, pl.col("category"))
    return spoken is None or bool(one.select(spoken).item())


def _speaks(bound: BoundRule) -> pl.Expr:
    roles = bound.rule.roles
    of_role = pl.lit(True)
    if roles and not set(roles) & set(ALWAYS_JUDGED):
        of_role = pl.col("role").is_in([role.value for role in roles])
    of_category = speaks_of_category(bound, pl.col("category"))
    return of_role if of_category is None else of_role & of_category
