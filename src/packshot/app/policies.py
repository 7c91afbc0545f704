"""The policy of a name, joined with the checks of this install."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.bind import load_bound
from packshot.evaluate.check import Check
from packshot.plugins import discover

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.evaluate.bind import BoundPolicy


def bound_policy(id_or_path: str | Path) -> BoundPolicy:
    """Load `house`, `amazon`, … or a TOML file, and give every rule its check.

    Raises UnknownName, UsageError or PolicyError (with every mistake in it).
    """
    return load_bound(id_or_path, discover("checks", Check))
