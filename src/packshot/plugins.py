"""Finds plug-ins by their file: checks, measures, sources, engines, and whatever follows."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, distributions
from typing import TypeVar

from packshot.core.errors import PluginError

T = TypeVar("T")

KINDS = {
    "checks": "packshot.evaluate.checks",
    "measures": "packshot.evaluate.measures",
    "sources": "packshot.collect.sources",
    "engines": "packshot.engines",
    "feeds": "packshot.present.feeds",
}
"""Kind of plug-in → the package that holds the built-in ones. Entry points are named `packshot.<kind>`."""
MIXED = frozenset({"engines"})
"""Kinds whose package holds other files, too: what the plug-ins there are made of."""


@cache
def _our_points() -> tuple[EntryPoint, ...]:
    """Every entry point for packshot, looked for once: the search opens a file for each installed package."""
    found = (point for package in distributions() for point in package.entry_points)
    return tuple(dict.fromkeys(point for point in found if point.group.startswith("packshot.")))


def points(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of one group, such as `packshot.checks`."""
    return tuple(point for point in _our_points() if point.group == group)


@cache
def discover(kind: str, contract: type[T]) -> dict[str, type[T]]:
    """Every class of the contract by id (its file's name), sorted: built-in ones, then those of entry points.

    Raises PluginError when a file holds two such classes, or none (files of `MIXED` kinds may), or when an id is taken
    twice.
    """
    package = importlib.import_module(KINDS[kind])
    found: dict[str, type[T]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if kind not in MIXED or _own_classes(module, contract):
            found[info.name] = _only_class(module, contract)
    for point in points(f"packshot.{kind}"):
        if point.name in found:
            message = f"Two plug-ins of kind {kind} are called {point.name!r}; the second comes from {point.value}."
            raise PluginError(message, "Rename or uninstall one of them.")
        loaded = point.load()
        if not (isinstance(loaded, type) and issubclass(loaded, contract)):
            message = f"The entry point {point.name!r} of packshot.{kind} ({point.value}) is no {contract.__name__}."
            raise PluginError(message, f"Let it name a subclass of {contract.__module__}.{contract.__name__}.")
        found[point.name] = loaded
    return dict(sorted(found.items()))


def _own_classes(module: object, contract: type[T]) -> list[type[T]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, contract)
        and value is not contract
        and value.__module__ == getattr(module, "__name__", "")
    ]


def _only_class(module: object, contract: type[T]) -> type[T]:
    own = _own_classes(module, contract)
    if len(own) != 1:
        name = getattr(module, "__name__", module)
        message = f"{name} must hold exactly one {contract.__name__}; it holds {len(own)}."
        raise PluginError(message, "One thing, one file: the id is the file's name.")
    return own[0]
