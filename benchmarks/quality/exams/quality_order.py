"""The same picture made worse step by step: whether `technical_quality` falls with every step, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_degradations import STEPS, steps
from second_watermarks import above

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each pair of neighbouring steps: 1 where the better picture stands above the worse one."""
    for one in steps(asked):
        yield Item(
            id=f"{one.base.name}, {one.kind} {one.less:g} against {one.more:g}",
            slice=one.kind,
            score=above(*one.quality),
            baselines={"variance of the Laplacian": above(*one.laplacian)},
            group=one.base.group,
            picture=one.data,
            note=" against ".join("no answer" if value is None else f"{value:.3f}" for value in one.quality),
            cpu_ms=one.cpu_ms,
            also=(one.ground, f"{one.kind}, {one.ground}"),
        )


EXAM = Exam(
    title="Quality: every step that makes a picture worse is seen",
    kind=Kind.LEVEL,
    items=items,
    data=(*DATA, Data("made worse step by step (second generator)", "own", synthetic=True)),
    bound=None,
    set_on=HELD_OUT,
    baselines={"variance of the Laplacian": Sense.AT_LEAST},
    wanted=tuple(Wanted("mean", 0.95, of=kind) for kind in STEPS),
    about="The mean is the share of pairs of neighbouring steps that are ordered right; equal values are wrong. Steps: "
    + "; ".join(f"{kind} {', '.join(f'{one:g}' for one in amounts)}" for kind, (_, amounts) in STEPS.items())
    + " (pixels, levels, per cent, stops or quality). Sides of at most 900 px.",
)
