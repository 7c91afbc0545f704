"""Pictures made larger than what they hold: the column `upscaled_probability`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import DATA, HELD_OUT
from second_enlarged import FILTERS, NATIVE_SHARE, ground, large, versions
from shipped import bound_of, decided, measured, need, number

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMN, BASELINE = "upscaled_probability", "effective_resolution_share"


def items(asked: Asked) -> Iterator[Item]:
    """Each photograph at its own size and enlarged."""
    bases = large(asked)
    need(COLUMN)
    for place, base in enumerate(bases):
        for way, times, make in versions(base, place, full=asked.full):
            data = make()
            found, cpu_ms = measured(data, COLUMN)
            before, _ = measured(data, BASELINE)
            score = number(found[COLUMN])
            yield Item(
                id=f"{base.name}, {way}" + (f" × {times:g}" if times > 1 else ""),
                slice=f"× {times:g}" if times > 1 else way,
                score=score,
                truth=times > 1,
                said=decided(COLUMN, score),
                baselines={BASELINE: number(before[BASELINE])},
                group=base.group,
                picture=make,
                cpu_ms=cpu_ms,
                also=(way, f"{ground(base)}, {'enlarged' if times > 1 else 'not'}")
                if way in FILTERS
                else (f"{ground(base)}, {'enlarged' if times > 1 else 'not'}",),
            )


EXAM = Exam(
    title="Pictures made larger than what they hold",
    kind=Kind.DECISION,
    items=items,
    data=(*DATA, Data("made smaller and large again (second generator)", "own", synthetic=True)),
    bound=bound_of(COLUMN),
    set_on=HELD_OUT,
    baselines={BASELINE: Sense.BELOW},
    wanted=(Wanted("auc", 0.95), Wanted("false_positives", 0.05, of="native", most=True)),
    is_probability=True,
    about=f"Native is the photograph at {NATIVE_SHARE:g} of its size, where every pixel holds detail; enlarged "
    "pictures were made smaller from there. `as it is` is the photograph at its own size, which may be soft. "
    "Stored as JPEG of quality 95 and 85.",
)
