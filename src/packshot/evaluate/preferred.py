"""Columns that another measure answers better: the better answer takes their place wherever there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.evaluate.suite import readable_measures

if TYPE_CHECKING:
    from collections.abc import Mapping


def alternatives() -> dict[str, list[str]]:
    """Column → the columns of known measures that take its place, the first that has a value."""
    found: dict[str, list[str]] = {}
    for measure in readable_measures().values():
        for output in measure.outputs:
            if output.instead_of:
                found.setdefault(output.instead_of, []).append(output.name)
    return found


def with_alternatives(columns: set[str], instead: Mapping[str, list[str]] | None = None) -> set[str]:
    """`columns`, and those that may take the place of some of them; `instead` is `alternatives()`, if already known."""
    found = alternatives() if instead is None else instead
    return columns | {name for column, names in found.items() if column in columns for name in names}


def preferred(values: pl.DataFrame) -> pl.DataFrame:
    """`values` with each column that has alternatives filled from them first; the alternatives stay as they are."""
    there = set(values.columns)
    better = {
        column: [name for name in names if name in there] for column, names in alternatives().items() if column in there
    }
    return values.with_columns(pl.coalesce(*names, column).alias(column) for column, names in better.items() if names)


def preferred_row(values: Mapping[str, object]) -> dict[str, object]:
    """As `preferred`, of one row; a column that is not there, since its measure failed, is not filled."""
    row = dict(values)
    for column, names in alternatives().items():
        if column in row:
            row[column] = next((row[name] for name in names if row.get(name) is not None), row[column])
    return row
