"""The gallery of one listing: who is main, in which order the others follow, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packshot.choose.order import Problem, best_order, objective, slot_weight
from packshot.core.gallery import Gallery, Slot
from packshot.core.listing import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packshot.policies.policy import GalleryRules

RANKS = {Role.SWATCH.value: 1, Role.SIZE_CHART.value: 2}
"""Roles that are never main and stand last."""
PLAIN_ROLES = frozenset({Role.MAIN.value, Role.SECONDARY.value})
"""Roles that say nothing of what a picture shows, so a channel cannot miss them."""
SEVERITY = {"show": 0, "fix": 1, "review": 2, "block": 3}
ALIKE = 0.15
"""Less likeness than this goes without saying."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture of a listing, with what is known of it."""

    placement_id: str
    asset_id: str | None
    source_uri: str
    role: str
    main: float
    """Quality as main picture, 0 to 1."""
    secondary: float
    """Quality as another picture, 0 to 1."""
    verdict_as_main: str
    may_be_main: bool
    may_be_secondary: bool
    hurdle: str = ""
    """Why it may not be shown at all; empty where it may."""
    main_faults: str = ""
    """What is wrong with it as main, in words."""
    main_strengths: str = ""
    """What speaks for it as main, in words."""
    secondary_strengths: str = ""


def choose_gallery(
    listing_id: str, candidates: Sequence[Candidate], likeness: Sequence[Sequence[float]], rules: GalleryRules
) -> Gallery:
    """Give the gallery of one listing, with a reason for every slot and for every picture that is left out.

    `likeness[i][j]` says how alike two of the candidates without a hurdle are, 0 to 1, in their order. What is
    maximised stands in `order.gain`. Where no candidate may be main, the main slot is empty, and its reason names the
    best picture for it and what must be mended.
    """
    shown = [candidate for candidate in candidates if not candidate.hurdle]
    problem = Problem(
        main=[candidate.main if candidate.may_be_main else -1.0 for candidate in shown],
        secondary=[candidate.secondary if candidate.may_be_secondary else -1.0 for candidate in shown],
        rank=[RANKS.get(candidate.role, 0) for candidate in shown],
        role=[candidate.role for candidate in shown],
        wanted=frozenset(role.value for role in rules.wanted_roles) - PLAIN_ROLES,
        likeness=likeness,
        pictures=rules.max_pictures,
    )
    order = best_order(problem)
    slots = [] if problem.first_slot == 0 else [_empty_main(candidates)]
    slots += [_filled(problem, shown, order, at) for at in range(len(order))]
    slots += [_rejected(shown[index], _why_not(problem, shown, order, index)) for index in _rest(problem, order)]
    slots += [_rejected(candidate, candidate.hurdle) for candidate in candidates if candidate.hurdle]
    missing = _missing(candidates, {shown[index].role for index in order}, len(order), rules)
    slots += [Slot("missing", role, None, None, None, None, reason) for role, reason in missing]
    best = sum(slot_weight(slot) for slot in range(max(1, rules.wanted_pictures)))
    score = min(1.0, max(0.0, (objective(problem, order) or 0.0) / best))
    return Gallery(listing_id, tuple(slots), tuple(role for role, _ in missing), score)


def _filled(problem: Problem, shown: Sequence[Candidate], order: list[int], at: int) -> Slot:
    picture, slot = shown[order[at]], at + problem.first_slot
    if slot == 0:
        name, role, score, reason = "main", Role.MAIN.value, picture.main, _why_main(problem, shown, order[0])
    else:
        role = Role.SECONDARY.value if picture.role == Role.MAIN.value else picture.role
        name, score, reason = str(slot), picture.secondary, _why_here(problem, shown, order, at)
    return Slot(name, role, picture.asset_id, picture.placement_id, picture.source_uri, score, reason)


def _rejected(picture: Candidate, reason: str) -> Slot:
    return Slot("rejected", picture.role, picture.asset_id, picture.placement_id, picture.source_uri, None, reason)


def _rest(problem: Problem, order: list[int]) -> list[int]:
    return [index for index in range(len(problem.main)) if index not in order]


def _why_main(problem: Problem, shown: Sequence[Candidate], index: int) -> str:
    picture = shown[index]
    quality = f"quality {picture.main:.2f}"
    if picture.main_strengths:
        quality += f" ({picture.main_strengths})"
    rivals = [other for other in _rest(problem, [index]) if problem.main[other] >= 0]
    if not rivals:
        return f"the only picture that may be main; {quality}"
    rival = max(rivals, key=problem.main.__getitem__)
    against = f"{shown[rival].source_uri} has {problem.main[rival]:.2f}"
    if problem.main[rival] > picture.main:
        return f"{quality}; {against}, but the gallery as a whole gains more with that one in another slot"
    return f"best of {len(rivals) + 1} that may be main; {quality}; {against}"


def _why_here(problem: Problem, shown: Sequence[Candidate], order: list[int], at: int) -> str:
    picture = shown[order[at]]
    quality = f"quality {picture.secondary:.2f}"
    said = [f"{quality} ({picture.secondary_strengths})" if picture.secondary_strengths else quality]
    if picture.role in problem.wanted:
        said.append(f"the channel wants a {_plain(picture.role)} picture")
    if picture.role in RANKS:
        said.append(f"a {_plain(picture.role)} stands last")
    if picture.role == Role.MAIN.value:
        said.append(_why_not_main(shown, order[0], picture))
    alike, other = _most_alike(problem, order[at], order[:at])
    if alike >= ALIKE:
        said.append(f"{alike:.0%} like {shown[other].source_uri}")
    return "; ".join(said)


def _why_not_main(shown: Sequence[Candidate], first: int, picture: Candidate) -> str:
    if not picture.may_be_main:
        return f"main in the feed, but it may not be ({picture.main_faults or picture.verdict_as_main})"
    main = shown[first]
    return f"main in the feed, but {main.source_uri} is better there ({main.main:.2f} against {picture.main:.2f})"


def _why_not(problem: Problem, shown: Sequence[Candidate], order: list[int], index: int) -> str:
    picture = shown[index]
    if not picture.may_be_secondary:
        return f"may be nothing but main, and {shown[order[0]].source_uri} is better there" if order else "no slot free"
    if len(order) + problem.first_slot >= problem.pictures:
        return (
            f"the channel shows {problem.pictures} pictures, and better ones fill them; quality {picture.secondary:.2f}"
        )
    alike, other = _most_alike(problem, index, order)
    return f"adds too little: {alike:.0%} like {shown[other].source_uri}, quality {picture.secondary:.2f}"


def _most_alike(problem: Problem, index: int, others: Sequence[int]) -> tuple[float, int]:
    return max(((problem.likeness[index][other], other) for other in others), default=(0.0, index))


def _empty_main(candidates: Sequence[Candidate]) -> Slot:
    able = [c for c in candidates if c.asset_id is not None and c.role not in RANKS]
    if not able:
        return Slot(
            "main", Role.MAIN.value, None, None, None, None, "no picture could be main: none can be shown as such"
        )
    best = min(able, key=lambda c: (SEVERITY.get(c.verdict_as_main, 2), -c.main, c.placement_id))
    faults = f": {best.main_faults}" if best.main_faults else ""
    reason = f"no picture may be main; the best candidate is {best.source_uri} ({best.verdict_as_main}{faults})"
    return Slot("main", Role.MAIN.value, None, None, None, None, reason)


def _missing(
    candidates: Sequence[Candidate], roles: set[str], count: int, rules: GalleryRules
) -> list[tuple[str, str]]:
    """Roles that the channel wants and the gallery lacks, with the reason; then the number that is short."""
    found = []
    for role in dict.fromkeys(role.value for role in rules.wanted_roles):
        if role in PLAIN_ROLES or role in roles:
            continue
        there = next((candidate for candidate in candidates if candidate.role == role), None)
        why = (
            f"{there.source_uri} is one, but {there.hurdle or 'it was not chosen'}" if there else "nobody supplied one"
        )
        found.append((role, f"the channel wants a {_plain(role)} picture; {why}"))
    if count < rules.wanted_pictures:
        found.append(
            (Role.SECONDARY.value, f"shows {count} of the {rules.wanted_pictures} pictures that the channel wants")
        )
    return found


def _plain(role: str) -> str:
    return role.replace("_", " ")
