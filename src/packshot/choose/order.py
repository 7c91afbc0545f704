"""Which pictures go into which slots: the objective, and what maximises it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    _Shown: TypeAlias = tuple[float, tuple[float, ...]]
    """Of a set of pictures: the objective, and each picture's likeness to the most alike of them."""
    _Move: TypeAlias = tuple[int, int, int, float]

SETS_KEPT = 70
"""Sets of each size that are carried on, the best ones. Eight pictures make at most 70 sets of one size (four of
eight), so up to eight pictures none is dropped and the result is exact."""
MAIN_WEIGHT = 4.0
"""The main picture is what shoppers see in every list: no gain further back makes up for a worse one."""
SECOND_WEIGHT = 1.0
FADE = 0.85
"""Each slot after the second weighs this much of the one before: fewer people look that far."""
LIKENESS_COST = 0.8
"""What a picture loses when it repeats an earlier one fully: most of the quality of a good picture."""
WANTED_BONUS = 0.2
"""What the first picture of a role that the channel wants gains."""
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
    likeness = max((problem.likeness[picture][other] for other in before), default=0.0)
    return slot_weight(slot) * (quality + _bonus(problem, before, picture) - LIKENESS_COST * likeness)


def _bonus(problem: Problem, before: Sequence[int], picture: int) -> float:
    role = problem.role[picture]
    fresh = role in problem.wanted and all(problem.role[other] != role for other in before)
    return WANTED_BONUS if fresh else 0.0


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
    where there is one): exactly for up to 8 pictures, by a beam of the 70 best sets of each size beyond.

    What a picture gains depends on which pictures stand before it and on how many, not on their order. So the best
    order of a set extends the best order of a set with one picture less: a dynamic programme over sets, as bit masks.
    """
    moves = _moves(problem)
    layer: dict[int, _Shown] = {0: (0.0, (0.0,) * len(moves))}
    last: dict[int, int] = {}
    best, best_value = 0, 0.0
    for slot in range(problem.first_slot, min(problem.pictures, problem.first_slot + len(moves))):
        qualities = problem.main if slot == 0 else problem.secondary
        values = _extended(
            [move for move in moves if qualities[move[0]] >= 0], qualities, layer, slot_weight(slot), last
        )
        kept = sorted(values, key=lambda mask: (-values[mask], mask))[:SETS_KEPT]
        layer = {mask: (values[mask], _likest(problem, layer, mask, last[mask])) for mask in kept}
        if kept and (slot == 0 or values[kept[0]] > best_value + GAIN):
            best, best_value = kept[0], values[kept[0]]
    order = []
    while best:
        order.append(last[best])
        best ^= 1 << last[best]
    return order[::-1]


def _moves(problem: Problem) -> list[_Move]:
    """For each picture: its index, the sets of pictures that bar it and that hold its role already, and its bonus."""
    pictures = range(len(problem.main))
    moves = []
    for picture in pictures:
        bars = sum(1 << o for o in pictures if o == picture or problem.rank[o] > problem.rank[picture])
        alike = sum(1 << o for o in pictures if problem.role[o] == problem.role[picture])
        bonus = WANTED_BONUS if problem.role[picture] in problem.wanted else 0.0
        moves.append((picture, bars, alike, bonus))
    return moves


def _extended(
    moves: list[_Move], qualities: Sequence[float], layer: dict[int, _Shown], weight: float, last: dict[int, int]
) -> dict[int, float]:
    """The objective of each set with one picture more, in its best order; `last` gets the picture that ends it."""
    cost = weight * LIKENESS_COST
    worth = [(p, 1 << p, bars, alike, weight * qualities[p], weight * bonus) for p, bars, alike, bonus in moves]
    found: dict[int, float] = {}
    for mask, (value, near) in layer.items():
        for picture, bit, bars, alike, gained, bonus in worth:
            if mask & bars:
                continue
            total = value + gained - cost * near[picture]
            if bonus and not mask & alike:
                total += bonus
            larger = mask | bit
            if larger not in found or total > found[larger] + GAIN:
                found[larger] = total
                last[larger] = picture
    return found


def _likest(problem: Problem, layer: dict[int, _Shown], mask: int, picture: int) -> tuple[float, ...]:
    return tuple(map(max, layer[mask ^ 1 << picture][1], problem.likeness[picture]))
