"""Tells people which rules were left out because models or libraries are not here, and how to get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.asked import unseen
from packshot.models.sources import all_sources

if TYPE_CHECKING:
    from collections.abc import Collection

    from packshot.core.listing import Role
    from packshot.evaluate.bind import BoundPolicy

MOST = 4
"""Rules that are named."""


def unseen_note(bound: BoundPolicy, role: Role | None = None) -> list[str]:
    """One line for the rules that nothing here can judge; none where all are judged."""
    found = unseen(bound, role)
    if not found:
        return []
    names = ", ".join(list(found)[:MOST]) + (", …" if len(found) > MOST else "")
    steps = "; ".join(how_to_have({what for missing in found.values() for what in missing}))
    rules = "rule was" if len(found) == 1 else "rules were"
    return [f"{len(found)} {rules} not judged, for want of models: {names}. To have them: {steps}."]


def how_to_have(lacks: Collection[str]) -> list[str]:
    """The commands that bring these models and libraries."""
    steps = []
    if libraries := sorted(set(lacks) - set(all_sources())):
        extras = {"c2pa": "provenance"}
        steps.append(f'pip install "packshot[{",".join(sorted({extras.get(one, "models") for one in libraries}))}]"')
    if set(lacks) & set(all_sources()):
        steps.append("packshot models fetch")
    return steps
