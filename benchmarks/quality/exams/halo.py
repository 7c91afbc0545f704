"""Cut-outs with a rim of their old ground against clean ones: the column `halo_share`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from second_base import HELD_OUT
from second_fringes import SHARE, rimmed
from shipped import bound_of, decided
from shop_pictures import CLOTHING, SOLIDUS

if TYPE_CHECKING:
    from collections.abc import Iterator


def items(asked: Asked) -> Iterator[Item]:
    """Each cut-out on each ground."""
    for one in rimmed(asked):
        yield Item(
            id=one.id,
            slice=one.kind,
            score=one.share,
            truth=one.width > 0,
            said=decided(SHARE, one.share),
            baselines={"edge against inside": one.edge},
            group=one.group,
            picture=one.data,
            cpu_ms=one.cpu_ms,
            also=(f"on {one.ground} ground" if one.ground == "plain" else f"before {one.ground}", *_width(one.width)),
        )


def _width(width: int) -> tuple[str, ...]:
    return (f"{width} px",) if width else ()


EXAM = Exam(
    title="Rims left by bad cut-outs",
    kind=Kind.DECISION,
    items=items,
    data=(SOLIDUS, CLOTHING, Data("cut-outs on new grounds, drawn shapes (second generator)", "own", synthetic=True)),
    bound=bound_of(SHARE),
    set_on=HELD_OUT,
    baselines={"edge against inside": Sense.AT_LEAST},
    wanted=(Wanted("auc", 0.95),),
    about="A rim is 1 to 4 px of the old ground at sides of 720 px, on a ground at least 60 levels away from it. "
    "`eaten away` is cut 1 or 2 px too far in: it has no rim.",
)
