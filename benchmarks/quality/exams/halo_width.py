"""Cut-outs with rims of known width: whether `halo_share` rises with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense
from second_base import HELD_OUT
from second_fringes import rimmed
from shop_pictures import CLOTHING, SOLIDUS

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each cut-out on each ground, with the width of its rim."""
    for one in rimmed(asked):
        yield Item(
            id=one.id,
            slice="renders" if "solidus" in one.group else "drawn shapes",
            score=one.share,
            worth=float(one.width),
            baselines={"edge against inside": one.edge},
            group=one.group,
            picture=one.data,
            note=f"{one.width} px",
            also=("on plain ground" if one.ground == "plain" else "before a scene",),
            cpu_ms=one.cpu_ms,
        )


EXAM = Exam(
    title="Rims left by bad cut-outs: rank correlation of the share with the width",
    kind=Kind.RANK,
    items=items,
    data=(SOLIDUS, CLOTHING, Data("cut-outs on new grounds, drawn shapes (second generator)", "own", synthetic=True)),
    bound=None,
    set_on=HELD_OUT,
    baselines={"edge against inside": Sense.AT_LEAST},
    about="The same pictures as in the exam `halo`; 0 px where there is no rim.",
)
