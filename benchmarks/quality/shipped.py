"""Columns that need not be there, and the bounds that the checks which read them ship with."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from exam import Bound, NoData, Sense
from looking import seen

from packshot.evaluate.check import Check
from packshot.evaluate.suite import all_measures
from packshot.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value

HALF = 0.5
"""What decides on a probability that no check holds against a bound."""
BOUNDS: dict[str, tuple[str, str]] = {}
"""Column → check and parameter, where the names do not say it."""


def filled() -> frozenset[str]:
    """Every column that a measure of this install fills."""
    return frozenset(output.name for one in all_measures().values() for output in one.outputs)


def need(*columns: str) -> None:
    """Raise NoData where a column is measured by nothing of this install."""
    if missing := sorted(set(columns) - filled()):
        raise NoData(f"nothing here measures {', '.join(missing)}: its measure, model or weights are missing")


def measured(data: bytes, *columns: str) -> tuple[Mapping[str, Value], float]:
    """What is measured of a picture, and the CPU milliseconds.

    Raises NoData where nothing here measures it, or where a measure fails: that is no answer that could be marked.
    """
    need(*columns)
    values, failed, cpu_ms = seen(data, *columns)
    if failed:
        raise NoData(f"a measure fails: {'; '.join(failed)}")
    return values, cpu_ms


def number(value: Value) -> float | None:
    """A measured number; None where there is no answer."""
    return float(value) if isinstance(value, float | int) else None


def bound_of(column: str) -> Bound | None:
    """The bound that a check holds a column against which speaks for a fault where it is high.

    It is the check's parameter `max_<column>` (above it the fault is there) or `min_<column>` (from it on it is); the
    column's first words may be left out (`min_probability`). None where no check reads the column. Raises LookupError
    where those that do have no such parameter, or several: then `BOUNDS` must say which it is.
    """
    checks = {name: kind for name, kind in discover("checks", Check).items() if column in kind.needs}
    if column in BOUNDS:
        name, field = BOUNDS[column]
        return _bound(checks[name].params(), field)
    found = [(kind.params(), field) for kind in checks.values() for field in _fields(kind.params, column)]
    if len(found) == 1:
        return _bound(*found[0])
    if checks:
        raise LookupError(
            f"{column}: {len(found)} parameters of {', '.join(checks)} may be its bound; name it in BOUNDS"
        )
    return None


def decided(column: str, value: Value) -> bool | None:
    """Whether a probability says yes, where no check has a bound for it: from a half on."""
    known = number(value)
    return None if known is None or bound_of(column) is not None else known >= HALF


def _fields(params: type, column: str) -> list[str]:
    words = column.split("_")
    ends = {"_".join(words[place:]) for place in range(len(words))}
    names = [field.name for field in dataclasses.fields(params)]
    return [name for name in names if name[:4] in {"max_", "min_"} and name[4:] in ends]


def _bound(params: object, field: str) -> Bound:
    return Bound.of(params, field, Sense.ABOVE if field.startswith("max_") else Sense.AT_LEAST)
