"""What packshot sees and says of a picture, for exams: measured columns with their CPU time, and a check's word."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from packshot.evaluate.check import Check, Columns
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.judge_one import TYPES
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.media.decode import decode
from packshot.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packshot.core.measurement import Value
    from packshot.evaluate.measure import Measure

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and the CPU milliseconds it took of this process, all its threads together."""
    start = time.process_time()
    return work(), (time.process_time() - start) * 1000


@cache
def measures_of(*columns: str) -> Mapping[str, Measure]:
    """The measures that fill these columns."""
    return {name: one for name, one in all_measures().items() if {o.name for o in one.outputs} & set(columns)}


def columns_of(data: bytes, *columns: str) -> tuple[dict[str, Value], float]:
    """What is measured of a picture for these columns, and the CPU milliseconds after decoding.

    A measure that fails gives None, as it does in a run: no answer.
    """
    values, _, cpu_ms = seen(data, *columns)
    return values, cpu_ms


def seen(data: bytes, *columns: str) -> tuple[dict[str, Value], list[str], float]:
    """What is measured of a picture for these columns, what failed, and the CPU milliseconds after decoding."""
    picture = decode(data)
    measures = measures_of(*columns)
    (values, _, troubles), cpu_ms = timed(lambda: measure_picture(picture, measures))
    failed = [f"{trouble.measure}: {trouble.detail}" for trouble in troubles]
    return {name: values[name] for name in columns}, failed, cpu_ms


@cache
def check(name: str) -> Check[Any]:
    """A check of this install."""
    found: Check[Any] = discover("checks", Check)[name]()
    return found


def says(name: str, row: Mapping[str, object], **params: object) -> bool | None:
    """Whether a check fails a picture, by its own parameters and those given; None where it is unsure."""
    one = check(name)
    known = {**CONTEXT, **{o.name: o for m in all_measures().values() for o in m.outputs}}
    types = {column: TYPES[known[column].kind] for column in one.needs}
    frame = pl.DataFrame({column: [row.get(column)] for column in one.needs}, schema=types, strict=False)
    columns, bound = Columns(name, one.needs), one.params(**params)
    fails = one.fails(columns, bound)
    if (unsure := one.unsure(columns, bound)) is not None:
        fails = pl.when(unsure).then(None).otherwise(fails)
    if (applies := one.applies(columns, bound)) is not None:
        fails = pl.when(applies).then(fails).otherwise(pl.lit(False))
    told: bool | None = frame.select(fails.alias("told")).item()
    return told
