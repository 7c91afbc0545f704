"""Which models and libraries this install lacks, asked often and answered fast."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from packshot.core.errors import ModelError, UnknownName
from packshot.models.added import SLOTS, is_added
from packshot.models.cache import is_present
from packshot.models.folder import VARIABLE
from packshot.models.sources import PINS_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

RUNTIME = "onnxruntime"
_seen: set[tuple[str, str | None, str | None]] = set()


def lacking(models: Iterable[str], libraries: Iterable[str] = ()) -> tuple[str, ...]:
    """What of these is not here: models whose weights are not in the cache, libraries that are not installed."""
    wanted = tuple(models)
    asked = (*((RUNTIME,) if wanted else ()), *libraries)
    return (*(name for name in asked if not _installed(name)), *(model for model in wanted if not _is_here(model)))


@cache
def _installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # the package that it is in
        return False


def _is_here(model: str) -> bool:
    """What was here once stays part of this process's install: weights that vanish are trouble, not another install.

    A model that its owner took out of the cache is none that vanished.
    """
    if model in SLOTS and not is_added(model):
        return False
    place = (model, os.environ.get(VARIABLE), os.environ.get(PINS_VARIABLE))
    if place not in _seen:
        try:
            if not is_present(model):
                return False
        except UnknownName:  # a slot for a model of the user's own, who has added none
            return False
        except ModelError:
            if model not in SLOTS:
                raise
            return False  # its record cannot be read, as `packshot models list` says; all else goes on without it
        _seen.add(place)
    return True
