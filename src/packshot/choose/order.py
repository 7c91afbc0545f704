"""Which pictures go into which slots: the objective, and what maximises it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EXACT_UP_TO = 8
"""Up to this many pictures every subset is weighed; beyond it, greedy choice and local exchange."""
MAIN_WEIGHT = 4.0
"""The main picture is what shoppers see in every list: no gain further back makes up for a worse one."""
SECOND_WEIGHT = 1.0
FADE = 0.85
"""Each slot after the second weighs this much of the one before: fewer people look that far."""
LIKENESS_COST = 0.8
"""What a picture loses when it repeats an earlier one fully: most of the quality of a good picture."""
WANTED_BONUS = 0.2
"""What the first picture of a role that the channel wants gains."""
ROUNDS = 12
GAIN = 1e-9
"""Less than this is rounding, not gain."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The pictures of one listing that may be shown, by index."""

    main: Sequence[float]
    """Quality as main picture; negative where the picture may not be main."""
    secondary: Sequence[float]
    """Quality as another picture; negative where it may not be one."""
    rank: Sequence[int]
    """Pictures of a higher rank stand after those of a lower one (swatches 1 and size charts 2 come last)."""
    role: Sequence[str]
    wanted: frozenset[str]
    """Roles that the channel wants to see."""
    likeness: Sequence[Sequence[float]]
    """How alike two pictures are, 0 to 1."""
    pictures: int
    """How many may be shown, the main one included."""

    @property
    def first_slot(self) -> int:
        """0, or 1 where no picture may be main and the main slot stays empty."""
        return 0 if any(quality >= 0 for quality in self.main) else 1


def slot_weight(slot: int) -> float:
    """Weight of a slot: 4 for the main one, 1 for the next, then 0.85 of the one before."""
    return MAIN_WEIGHT if slot == 0 else SECOND_WEIGHT * FADE ** (slot - 1)


def gain(problem: Problem, before: Sequence[int], slot: int, picture: int) -> float | None:
    """What `picture` adds in `slot` after the pictures `before`; None where it may not stand there.

    slot weight × (quality + 0.2 for the first of a wanted role − 0.8 × likeness to the most alike picture before it).
    """
    quality = problem.main[picture] if slot == 0 else problem.secondary[picture]
    if quality < 0 or any(problem.rank[other] > problem.rank[picture] for other in before):
        return None
    role = problem.role[picture]
    fresh = role in problem.wanted and all(problem.role[other] != role for other in before)
    bonus = WANTED_BONUS if fresh else 0.0
    likeness = max((problem.likeness[picture][other] for other in before), default=0.0)
    return slot_weight(slot) * (quality + bonus - LIKENESS_COST * likeness)


def objective(problem: Problem, order: Sequence[int]) -> float | None:
    """The sum of the gains of `order`, from the first slot on; None where a picture may not stand where it does."""
    total = 0.0
    for spot, picture in enumerate(order):
        added = gain(problem, order[:spot], problem.first_slot + spot, picture)
        if added is None:
            return None
        total += added
    return total


def best_order(problem: Problem) -> list[int]:
    """The pictures to show, in order; the first is the main one unless no picture may be main.

    Maximises `objective` over all subsets and orders of at most `pictures` pictures (a main picture is always shown
    where there is one): exactly for up to 8 pictures, by greedy choice and local exchange beyond.
    """
    count = len(problem.main)
    if count == 0 or problem.pictures - problem.first_slot < 1:
        return []
    return _exact(problem) if count <= EXACT_UP_TO else _exchanged(problem, _greedy(problem))


def _exact(problem: Problem) -> list[int]:
    """Dynamic programme over the sets of pictures shown so far.

    What a picture gains depends on which pictures stand before it and on how many, not on their order. So the best
    order of a set extends the best order of a set with one picture less.
    """
    count = len(problem.main)
    bonus = [WANTED_BONUS if role in problem.wanted else 0.0 for role in problem.role]
    value: dict[int, float] = {0: 0.0}
    order: dict[int, tuple[int, ...]] = {0: ()}
    likest: dict[int, tuple[float, ...]] = {0: (0.0,) * count}
    layer, best = [0], 0
    for slot in range(problem.first_slot, min(problem.pictures, problem.first_slot + count)):
        qualities = problem.main if slot == 0 else problem.secondary
        weight = slot_weight(slot)
        grown: list[int] = []
        for shown in layer:
            before, near, base = order[shown], likest[shown], value[shown]
            top = max((problem.rank[picture] for picture in before), default=0)
            for picture in range(count):
                if shown >> picture & 1 or qualities[picture] < 0 or problem.rank[picture] < top:
                    continue
                worth = qualities[picture] - LIKENESS_COST * near[picture]
                if bonus[picture] and all(problem.role[other] != problem.role[picture] for other in before):
                    worth += bonus[picture]
                total, larger = base + weight * worth, shown | 1 << picture
                if larger not in value:
                    grown.append(larger)
                    likest[larger] = tuple(map(max, near, problem.likeness[picture]))
                elif total <= value[larger] + GAIN:
                    continue
                value[larger] = total
                order[larger] = (*before, picture)
        layer = grown
        if slot == 0:
            best = max(layer, key=value.__getitem__)
        best = max((best, *layer), key=value.__getitem__)
    return list(order[best])


def _greedy(problem: Problem) -> list[int]:
    order: list[int] = []
    left = list(range(len(problem.main)))
    for slot in range(problem.first_slot, problem.pictures):
        gains = [(added, -picture) for picture in left if (added := gain(problem, order, slot, picture)) is not None]
        if not gains or (max(gains)[0] <= 0 and slot > 0):
            break
        order.append(-max(gains)[1])
        left.remove(order[-1])
    return order


def _exchanged(problem: Problem, order: list[int]) -> list[int]:
    """Exchange two slots, or a shown picture for another, or drop or add one, as long as that gains something."""
    value = objective(problem, order) or 0.0
    for _ in range(ROUNDS):
        better = value
        for other in _neighbours(problem, order):
            tried = objective(problem, other)
            if tried is not None and tried > better + GAIN:
                better, found = tried, other
        if better == value:
            break
        value, order = better, found
    return order


def _neighbours(problem: Problem, order: list[int]) -> list[list[int]]:
    spots = range(len(order))
    spare = [picture for picture in range(len(problem.main)) if picture not in order]
    found = []
    for i in spots:
        for j in range(i + 1, len(order)):
            other = order.copy()
            other[i], other[j] = other[j], other[i]
            found.append(other)
        found += [[*order[:i], picture, *order[i + 1 :]] for picture in spare]
        if i or problem.first_slot:
            found.append(order[:i] + order[i + 1 :])
    if len(order) < problem.pictures - problem.first_slot:
        found += [[*order, picture] for picture in spare]
    return found
