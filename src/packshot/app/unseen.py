"""Tells people which rules were left out because models or libraries are not here, and how to get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.core.plural import plural
from packshot.evaluate.asked import unseen
from packshot.evaluate.categories import all_named, unknown
from packshot.models.sources import all_sources
from packshot.policies.categories import meant

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

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


def unknown_note(listings: pl.DataFrame, bounds: Sequence[BoundPolicy]) -> list[str]:
    """One line for the feed's categories that the map of categories does not know; none where no rule asks the map."""
    asked = {name: None for bound in bounds for rule in bound.rules for name in meant(rule.rule)}
    if not asked or listings.is_empty():
        return []
    categories = listings.select(all_named(listings))["category"]
    lost = unknown(categories, bounds[0].policy.categories)
    if lost.is_empty():
        return []
    count = int(categories.is_in(lost.implode()).sum())
    such = ", ".join(repr(" ".join(text.split())) for text in lost.head(MOST - 1)) + (
        ", …" if lost.len() >= MOST else ""
    )
    kinds = f"{plural(lost.len(), 'category', 'categories')} of {plural(count, 'listing')}"
    rules = ", ".join(sorted(asked)[:MOST]) + (", …" if len(asked) > MOST else "")
    verb, they = ("means", "it is") if lost.len() == 1 else ("mean", "they are")
    passed = f"{they} taken for none of {rules}, and rules for those do not hold"
    told = f"{kinds} {verb} nothing to packshot, such as {such}: {passed}"
    line = f'[{min(asked)}], words = ["…"]'
    return [f"{told}. Where that is wrong, say so in a file, {line}, and name it with --categories FILE."]


def how_to_have(lacks: Collection[str]) -> list[str]:
    """The commands that bring these models and libraries."""
    steps = []
    if libraries := sorted(set(lacks) - set(all_sources())):
        extras = {"c2pa": "provenance"}
        steps.append(f'pip install "packshot[{",".join(sorted({extras.get(one, "models") for one in libraries}))}]"')
    if set(lacks) & set(all_sources()):
        steps.append("packshot models fetch")
    return steps
