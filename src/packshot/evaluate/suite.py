"""Runs the measures over a decoded picture; one that fails becomes a trouble and the others go on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2

from packshot.core.errors import ModelError, PluginError, UnknownName
from packshot.core.trouble import Trouble, TroubleKind
from packshot.evaluate.measure import Measure
from packshot.evaluate.one_thread import one_thread
from packshot.evaluate.screens import mark
from packshot.media.out_of_memory import is_out_of_memory
from packshot.models.own import checksum_of
from packshot.models.sources import version_of
from packshot.models.usable import lacking
from packshot.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packshot.core.measurement import Value, Version
    from packshot.media.picture import Picture

cv2.setNumThreads(1)  # pictures are spread over workers; threads inside one picture only get in each other's way


@cache
def _measures() -> tuple[tuple[str, Measure], ...]:
    return tuple((name, kind()) for name, kind in discover("measures", Measure).items())


def known_measures() -> dict[str, Measure]:
    """Every measure that packshot and its plug-ins know, by id, sorted, whether it can run here or not.

    Raises PluginError when two fill the same column.
    """
    measures = dict(_measures())
    measure_of_column(measures)
    return measures


def all_measures() -> dict[str, Measure]:
    """Every measure of this install by id, sorted: of the known ones those whose models and libraries are here.

    Raises PluginError when two fill the same column.
    """
    return {
        name: measure for name, measure in known_measures().items() if not lacking(measure.models, measure.libraries)
    }


def readable_measures() -> dict[str, Measure]:
    """Every measure whose rows can be read here, by id, sorted: all known ones, whether they can run here or not.

    Left out are those with a slot for a model of the user's own that is not filled: their versions are unknown.
    """
    found = {}
    for name, measure in known_measures().items():
        try:
            _models_of(measure)
        except (ModelError, UnknownName):
            continue
        found[name] = measure
    return found


def under_screens(versions: Mapping[str, Version]) -> dict[str, Version]:
    """The versions of what is measured where the screens may spare models: that of each screened measure says so."""
    known = known_measures()
    return {name: f"{one} {mark()}" if known[name].screened else one for name, one in versions.items()}


def without_screens(versions: Mapping[str, Version]) -> dict[str, Version]:
    """The versions as `wanted` gives them, also of what was measured under the screens of today."""
    marked = f" {mark()}"
    return {name: one.removesuffix(marked) if isinstance(one, str) else one for name, one in versions.items()}


def wanted(measures: Mapping[str, Measure]) -> dict[str, Version]:
    """The version of each measure, its models in it: what a measurement row must hold not to be stale."""
    models = {name: _models_of(measure) for name, measure in measures.items()}
    return {name: f"{m.version}+{models[name]}" if models[name] else m.version for name, m in measures.items()}


def _models_of(measure: Measure) -> str | None:
    named = [f"{model}@{version_of(model)}" for model in measure.models]
    return " ".join([*named, *(f"{name}@{checksum_of(name)[:8]}" for name in measure.own)]) or None


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
    with one_thread():
        return _measured(picture, measures, lap)


def _measured(
    picture: Picture, measures: Mapping[str, Measure], lap: Callable[[str], None] | None
) -> tuple[dict[str, Value], list[str], list[Trouble]]:
    values: dict[str, Value] = {}
    failed: list[str] = []
    troubles: list[Trouble] = []
    for name, measure in measures.items():
        columns = [output.name for output in measure.outputs]
        try:
            found = measure.measure(picture)
            if measure.vector is not None:
                values[measure.vector.name] = found[measure.vector.name]
            values.update({column: found[column] for column in columns})
        except Exception as error:  # noqa: BLE001 - the run loop: one measure must not cost the picture
            values.update(dict.fromkeys(columns))
            failed.append(name)
            detail = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            model = _models_of(measure)
            found_out = Trouble("measure", _kind(error), detail, measure=name, version=measure.version, model=model)
            troubles.append(found_out)
        if lap is not None:
            lap(name)
    return values, failed, troubles


def _kind(error: Exception) -> TroubleKind:
    if is_out_of_memory(error):
        return TroubleKind.OUT_OF_MEMORY
    return TroubleKind.MODEL_FAILED if isinstance(error, ModelError) else TroubleKind.MEASURE_FAILED
