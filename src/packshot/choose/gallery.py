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
ALIKE = 0.15
"""Less likeness than this goes without saying."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture that may be shown on its listing."""

    placement_id: str
    asset_id: str
    source_uri: str
    role: str
    main: float
    """Quality as main picture, 0 to 1; negative where it may not be main."""
    secondary: float
    """Quality as another picture, 0 to 1; negative where it may not be one."""
    main_strengths: str = ""
    """What speaks for it as main, in words."""
    secondary_strengths: str = ""
    main_faults: str = ""
    """Why it may not be main, in words."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One picture that may not be shown, or that another one shows already."""

    placement_id: str | None
    asset_id: str | None
    source_uri: str | None
    role: str
    reason: str
    main: float
    """Quality as main picture; negative where it could never be one (a swatch, an unreadable file)."""
    severity: int
    """How bad its verdict as main is: show 0, fix 1, review 2, block 3."""
    main_faults: str = ""


def choose_gallery(
    listing_id: str,
    candidates: Sequence[Candidate],
    likeness: Sequence[Sequence[float]],
    left_out: Sequence[LeftOut],
    rules: GalleryRules,
) -> Gallery:
    """Give the gallery of one listing, with a reason for every slot and for every picture that is left out.

    `likeness[i][j]` says how alike two candidates are, 0 to 1. The objective is in `order.gain`. Where no candidate
    may be main, the main slot is empty and its reason names the best picture for it and what must be mended.
    """
    problem = Problem(
        main=[candidate.main for candidate in candidates],
        secondary=[candidate.secondary for candidate in candidates],
        rank=[RANKS.get(candidate.role, 0) for candidate in candidates],
        role=[candidate.role for candidate in candidates],
        wanted=frozenset(role.value for role in rules.wanted_roles) - PLAIN_ROLES,
        likeness=likeness,
        pictures=rules.max_pictures,
    )
    order = best_order(problem)
    slots = _filled(problem, candidates, order)
    if problem.first_slot == 1:
        slots.insert(0, _empty_main(candidates, left_out))
    slots += _not_shown(problem, candidates, order)
    slots += [Slot("rejected", p.role, p.asset_id, p.placement_id, p.source_uri, None, p.reason) for p in left_out]
    missing = _missing(problem, candidates, order, left_out, rules)
    slots += [Slot("missing", role, None, None, None, None, reason) for role, reason in missing]
    best = sum(slot_weight(slot) for slot in range(max(1, rules.wanted_pictures)))
    score = min(1.0, max(0.0, (objective(problem, order) or 0.0) / best))
    return Gallery(listing_id, tuple(slots), tuple(role for role, _ in missing), score)


def _filled(problem: Problem, candidates: Sequence[Candidate], order: list[int]) -> list[Slot]:
    slots = []
    for spot, index in enumerate(order, problem.first_slot):
        picture = candidates[index]
        if spot == 0:
            role, score, reason = Role.MAIN.value, picture.main, _why_main(problem, candidates, index)
        else:
            role = Role.SECONDARY.value if picture.role == Role.MAIN.value else picture.role
            score, reason = picture.secondary, _why_here(problem, candidates, order, spot)
        name = "main" if spot == 0 else str(spot)
        slots.append(Slot(name, role, picture.asset_id, picture.placement_id, picture.source_uri, score, reason))
    return slots


def _why_main(problem: Problem, candidates: Sequence[Candidate], index: int) -> str:
    picture = candidates[index]
    strengths = f": {picture.main_strengths}" if picture.main_strengths else ""
    rivals = [other for other in range(len(candidates)) if other != index and problem.main[other] >= 0]
    if not rivals:
        alone = "the only picture" if len(candidates) == 1 else "the only picture that may be main"
        return f"{alone}, quality {picture.main:.2f}{strengths}"
    rival = max(rivals, key=lambda other: problem.main[other])
    against = f"{candidates[rival].source_uri} {candidates[rival].main:.2f}"
    if problem.main[rival] > picture.main:
        return f"quality {picture.main:.2f}{strengths}; {against} serves the gallery better in another slot"
    return f"best of {len(rivals) + 1} that may be main, quality {picture.main:.2f}{strengths}; next {against}"


def _why_here(problem: Problem, candidates: Sequence[Candidate], order: list[int], spot: int) -> str:
    at = spot - problem.first_slot
    picture = candidates[order[at]]
    said = [f"quality {picture.secondary:.2f}"]
    if picture.secondary_strengths:
        said[0] += f": {picture.secondary_strengths}"
    if picture.role in problem.wanted:
        said.append(f"the channel wants a {_plain(picture.role)} picture")
    if picture.role in RANKS:
        said.append(f"a {_plain(picture.role)} stands last")
    if picture.role == Role.MAIN.value and problem.first_slot == 0:
        main = candidates[order[0]]
        if picture.main < 0:
            said.append(f"the feed's main picture, which may not be main{_because(picture.main_faults)}")
        else:
            said.append(f"the feed's main picture, but {main.main:.2f} as main beats its {picture.main:.2f}")
    alike, other = max(((problem.likeness[order[at]][index], index) for index in order[:at]), default=(0.0, 0))
    if alike >= ALIKE:
        said.append(f"{alike:.0%} like {candidates[other].source_uri}")
    return "; ".join(said)


def _not_shown(problem: Problem, candidates: Sequence[Candidate], order: list[int]) -> list[Slot]:
    slots = []
    for index, picture in enumerate(candidates):
        if index in order:
            continue
        alike, other = max(((problem.likeness[index][shown], shown) for shown in order), default=(0.0, 0))
        if picture.secondary < 0:
            reason = f"may only be main, where {candidates[order[0]].source_uri} is better" if order else "no slot is left"
        elif len(order) + problem.first_slot >= problem.pictures:
            reason = f"the channel shows {problem.pictures} pictures and better ones fill them; quality {picture.secondary:.2f}"
        else:
            reason = f"adds too little: {alike:.0%} like {candidates[other].source_uri}, quality {picture.secondary:.2f}"
        slots.append(
            Slot("rejected", picture.role, picture.asset_id, picture.placement_id, picture.source_uri, None, reason)
        )
    return slots


def _empty_main(candidates: Sequence[Candidate], left_out: Sequence[LeftOut]) -> Slot:
    hopes = [(picture.severity, -picture.main, picture.source_uri or "", picture.main_faults) for picture in left_out
             if picture.main >= 0]
    hopes += [(1, 0.0, picture.source_uri, picture.main_faults) for picture in candidates if picture.role not in RANKS]
    if not hopes:
        return Slot("main", Role.MAIN.value, None, None, None, None, "there is no picture that could be main")
    return Slot("main", Role.MAIN.value, None, None, None, None, "")


def _missing(
    problem: Problem,
    candidates: Sequence[Candidate],
    order: list[int],
    left_out: Sequence[LeftOut],
    rules: GalleryRules,
) -> list[tuple[str, str]]:
    return []


def _because(faults: str) -> str:
    return f" ({faults})" if faults else ""


def _plain(role: str) -> str:
    return role.replace("_", " ")
