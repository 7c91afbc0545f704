"""Products that an edge of the picture cuts: the check `product_cut_off` on cut-outs that are cropped or are not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from compose import composed, cutouts
from exam import Asked, Data, Exam, Item, Kind, Sense, Wanted
from looking import columns_of, says
from shop_pictures import SOLIDUS
from spoiled import jpeg

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compose import CutOut

CUTS = {"whole": 0.0, "cut by 4 %": 0.04, "cut by 15 %": 0.15}
"""Slice → how much of the product's own width or height is outside."""
SIDES = ("left", "top", "right", "bottom")
GROUNDS = ("white", "grey")
BASELINE = "product at the frame"


def _made(asked: Asked, cutout: CutOut, ground: str, cut: float, seed: int) -> bytes:
    """Composed, then cropped so that one side (by the seed) runs through the product."""
    whole = composed(asked, cutout, ground, "score", seed=seed, size=(700, 700))
    x, y, w, h = (round(side * 700) for side in whole.box)
    inside = {
        "left": np.s_[:, round(x + cut * w) :],
        "top": np.s_[round(y + cut * h) :, :],
        "right": np.s_[:, : round(x + w - cut * w)],
        "bottom": np.s_[: round(y + h - cut * h), :],
    }[SIDES[seed % 4]]
    return jpeg(whole.rgb[inside] if cut else whole.rgb)


def _off_ground(data: bytes) -> float:
    """Share of the frame, two pixels wide, that differs from the picture's corners by more than 16 levels."""
    rgb = decode(data).rgb.astype(np.int16)
    corners = np.median(rgb[[0, 0, -1, -1], [0, -1, 0, -1]], axis=0)
    frame = np.concatenate(
        [rgb[:2].reshape(-1, 3), rgb[-2:].reshape(-1, 3), rgb[:, :2].reshape(-1, 3), rgb[:, -2:].reshape(-1, 3)]
    )
    return float((np.abs(frame - corners).max(axis=1) > 16).mean())  # noqa: PLR2004 - more than a JPEG's ringing


def _item(asked: Asked, cutout: CutOut, ground: str, name: str, seed: int) -> Item:
    data = _made(asked, cutout, ground, CUTS[name], seed)
    found, cpu_ms = columns_of(data, "cut_off_edges", "product_confidence", "skin_share")
    edges = found["cut_off_edges"]
    return Item(
        id=f"{cutout.name} on {ground}, {SIDES[seed % 4]}, {name}",
        slice=name,
        score=float(len(edges)) if isinstance(edges, tuple) else None,
        truth=name != "whole",
        said=says("product_cut_off", found | {"is_worn": False}),
        baselines={BASELINE: _off_ground(data)},
        group=cutout.group,
        picture=partial(_made, asked, cutout, ground, CUTS[name], seed),
        note=f"touches {', '.join(edges) if isinstance(edges, tuple) and edges else 'nothing'}",
        cpu_ms=cpu_ms,
    )


def items(asked: Asked) -> Iterator[Item]:
    """Every cut-out on white and on grey, whole and cut by two amounts."""
    these = cutouts(asked, "score", seeds=asked.some(1, 4), size_px=500)
    for number, cutout in enumerate(these):
        for ground in GROUNDS:
            for name in CUTS:
                for seed in range(asked.some(1, 4)):
                    yield _item(asked, cutout, ground, name, number + seed)


EXAM = Exam(
    title="Cut off by an edge: the check `product_cut_off`, for goods that nobody wears",
    kind=Kind.DECISION,
    items=items,
    data=(
        Data(
            f"{SOLIDUS.name} and drawn products, composed and cropped", f"{SOLIDUS.licence}, Apache-2.0", synthetic=True
        ),
    ),
    bound=None,
    sense=Sense.AT_LEAST,
    set_on="drawn pictures (`packshot.testing`) and the shops' photographs",
    baselines={BASELINE: Sense.AT_LEAST},
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9), Wanted("false_positives", 0.05, of="whole", most=True)),
    about="Plain grounds only; what people wear is left to a mask that knows the wearer.",
)
