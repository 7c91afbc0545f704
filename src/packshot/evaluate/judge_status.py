"""What each rule says of each row, as expressions over columns: one small number for each `Status`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import polars as pl

from packshot.core.verdict import Status, Verdict, contribution
from packshot.evaluate.categories import is_of
from packshot.evaluate.check import Columns
from packshot.evaluate.context import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from packshot.evaluate.bind import BoundRule

STATUSES = tuple(Status)
"""A row's code is the place of its status in this tuple."""
PASS, WARN, FAIL, UNSURE, UNMEASURED, NOT_ASSESSED = range(len(STATUSES))
SILENT = len(STATUSES)
"""The code of a row that the rule does not speak of."""
CODE = tuple(pl.lit(code, dtype=pl.UInt8) for code in range(SILENT + 1))
"""Each small number as an expression, made once: making them is a large part of judging a single picture."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the columns that rules may read."""

    columns: frozenset[str]
    """Columns that are there."""
    assessable: frozenset[str]
    """Columns that some installed measure gives, whether or not they are there."""
    has: Mapping[str, str]
    """Column → the boolean column that is false where its measure has no row."""


def is_assessed(bound: BoundRule, facts: Facts) -> bool:
    """Whether this install can judge the rule at all: it is not manual, and something gives each column it needs."""
    known = all(name in (facts.columns if name in CONTEXT else facts.assessable) for name in bound.needs)
    return bound.check is not None and known


def status(bound: BoundRule, facts: Facts) -> pl.Expr:
    """The code of each row as UInt8, wherever the rule may apply."""
    if bound.check is None or not is_assessed(bound, facts):
        return CODE[NOT_ASSESSED]
    if not facts.columns.issuperset(bound.needs):
        return CODE[UNMEASURED]
    check, params = bound.check, bound.params
    column = Columns(str(bound.rule.check), bound.needs)
    fails = check.fails(column, params)
    failing = WARN if bound.rule.on_fail is Verdict.SHOW else FAIL
    warns = check.warns(column, params)
    told: pl.Expr = CODE[PASS] if warns is None else pl.when(warns).then(CODE[WARN]).otherwise(CODE[PASS])
    told = pl.when(fails).then(CODE[failing]).when(fails.is_null()).then(CODE[UNSURE]).otherwise(told)
    if (unsure := check.unsure(column, params)) is not None:
        told = pl.when(unsure).then(CODE[UNSURE]).otherwise(told)
    if (applies := check.applies(column, params)) is not None:
        told = pl.when(~applies).then(CODE[PASS]).otherwise(told)
    markers = sorted({facts.has[name] for name in bound.needs if name in facts.has})
    if markers:
        missing = ~pl.all_horizontal(pl.col(marker).fill_null(value=False) for marker in markers)
        told = pl.when(missing).then(CODE[UNMEASURED]).otherwise(told)
    return told


def adds(bound: BoundRule, code: pl.Expr) -> pl.Expr:
    """What each row's code adds to the verdict, as UInt8: the table of `core.verdict.contribution`, looked up."""
    told = CODE[Verdict.SHOW]
    for number, one in enumerate(STATUSES):
        added = contribution(one, bound.rule.on_fail, required=bound.rule.require)
        if added is not Verdict.SHOW:
            told = pl.when(code == CODE[number]).then(CODE[added]).otherwise(told)
    return told


def speaks_of_category(bound: BoundRule, category: pl.Expr) -> pl.Expr | None:
    """Whether the rule speaks of listings of a category; None when it speaks of all.

    A listing without a category has none of the words.
    """
    rule = bound.rule
    asked = [words for words in (rule.categories, rule.also_categories) if words]
    spoken = [is_of(category, words, bound.categories).fill_null(value=False) for words in asked]
    if rule.except_categories:
        spoken.append(~is_of(category, rule.except_categories, bound.categories).fill_null(value=False))
    return reduce(and_, spoken) if spoken else None


def without_nan(frame: pl.DataFrame, columns: Collection[str]) -> pl.DataFrame:
    """The frame with NaN made null in those of `columns` that hold floats: not a number is no answer."""
    kinds = frame.schema  # once: each look at it makes it anew
    floats = [name for name in columns if name in kinds and kinds[name].is_float()]
    return frame.with_columns(pl.col(floats).fill_nan(None)) if floats else frame
