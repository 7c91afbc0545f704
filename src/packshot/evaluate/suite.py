"""Runs the measures over a decoded picture; one that fails becomes a trouble and the others go on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2

from packshot.core.errors import PluginError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.evaluate.measure import Measure
from packshot.media.out_of_memory import is_out_of_memory
from packshot.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

cv2.setNumThreads(1)  # pictures are spread over workers; threads inside one picture only get in each other's way


@cache
def _measures() -> tuple[tuple[str, Measure], ...]:
    return tuple((name, kind()) for name, kind in discover("measures", Measure).items())


def all_measures() -> dict[str, Measure]:
    """Every measure of this install by id, sorted. Raises PluginError when two fill the same column."""
    measures = dict(_measures())
    measure_of_column(measures)
    return measures


def wanted(measures: Mapping[str, Measure]) -> dict[str, int]:
    """The version of each measure: what a measurement row must hold not to be stale."""
    return {name: measure.version for name, measure in measures.items()}


def measure_of_column(measures: Mapping[str, Measure] | None = None) -> dict[str, str]:
    """The id of the measure that fills each column. Raises PluginError when two fill the same one."""
    owner: dict[str, str] = {}
    for name, measure in (dict(_measures()) if measures is None else measures).items():
        for output in measure.outputs:
            if output.name in owner:
                message = f"The measures {owner[output.name]!r} and {name!r} both fill the column {output.name!r}."
                raise PluginError(message, "Rename the output of one of them.")
            owner[output.name] = name
    return owner


def measure_picture(
    picture: Picture, measures: Mapping[str, Measure], lap: Callable[[str], None] | None = None
) -> tuple[dict[str, Value], list[str], list[Trouble]]:
    """Every column of the measures, the ids of those that failed, and a trouble for each of them.

    The columns of a measure that failed are None. A measure that leaves an output out has failed, too. `lap` is told
    the id of each measure when it is done; work that several share counts for the first that asks for it.
    """
    values: dict[str, Value] = {}
    failed: list[str] = []
    troubles: list[Trouble] = []
    for name, measure in measures.items():
        columns = [output.name for output in measure.outputs]
        try:
            found = measure.measure(picture)
            values.update({column: found[column] for column in columns})
        except Exception as error:  # noqa: BLE001 - the run loop: one measure must not cost the picture
            values.update(dict.fromkeys(columns))
            failed.append(name)
            kind = TroubleKind.OUT_OF_MEMORY if is_out_of_memory(error) else TroubleKind.MEASURE_FAILED
            detail = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            troubles.append(Trouble("measure", kind, detail, measure=name, version=measure.version))
        if lap is not None:
            lap(name)
    return values, failed, troubles
