"""Off-white and busy grounds: the check `background_not_white` on cut-outs composed on known grounds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from compose import GROUNDS, composed, cutouts
from exam import Asked, Bound, Data, Exam, Item, Kind, Sense, Wanted
from looking import columns_of
from shop_pictures import CLOTHING, GROCERY, SOLIDUS
from spoiled import jpeg

from packshot.evaluate.checks.background_not_white import BackgroundNotWhiteParams
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compose import CutOut

OFF_WHITE = "off-white"
"""Pure white made 240 to 247: hardly seen, and refused by channels."""
BASELINE = "share of the frame that is white"


def _made(asked: Asked, cutout: CutOut, ground: str, seed: int) -> bytes:
    base = "white" if ground == OFF_WHITE else ground
    rgb = composed(asked, cutout, base, "score", seed=seed, size=(600, 600)).rgb
    return jpeg(np.minimum(rgb, 240 + seed % 8).astype(np.uint8) if ground == OFF_WHITE else rgb)


def _white_frame(data: bytes) -> float:
    """Share of the outermost pixels with every channel at 250 or more."""
    rgb = decode(data).rgb
    frame = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    return float((frame.min(axis=1) >= 250).mean())  # noqa: PLR2004 - what the measure calls white


def _item(asked: Asked, cutout: CutOut, ground: str, seed: int) -> Item:
    data = _made(asked, cutout, ground, seed)
    found, cpu_ms = columns_of(data, "background_white_share")
    share = found["background_white_share"]
    return Item(
        id=f"{cutout.name} on {ground}, seed {seed}",
        slice=ground,
        score=share if isinstance(share, float) else None,
        truth=ground != "white",
        baselines={BASELINE: _white_frame(data)},
        group=cutout.group,
        picture=partial(_made, asked, cutout, ground, seed),
        cpu_ms=cpu_ms,
    )


def items(asked: Asked) -> Iterator[Item]:
    """Every cut-out on every ground; on white three times as often."""
    these = cutouts(asked, "score", seeds=asked.some(1, 4), size_px=500)
    for number, cutout in enumerate(these):
        for ground in (*GROUNDS, OFF_WHITE):
            for seed in range(asked.some(1, 4) * (3 if ground == "white" else 1)):
                yield _item(asked, cutout, ground, number * 100 + seed)


EXAM = Exam(
    title="Not on pure white: the check `background_not_white`",
    kind=Kind.DECISION,
    items=items,
    data=(
        Data(f"{SOLIDUS.name} and drawn products, composed", f"{SOLIDUS.licence}, Apache-2.0", synthetic=True),
        Data(f"scenes: {CLOTHING.name}, {GROCERY.name}", f"{CLOTHING.licence}, {GROCERY.licence}"),
    ),
    bound=Bound.of(BackgroundNotWhiteParams(), "min_white_share", Sense.BELOW),
    set_on="the marketplaces' demand for pure white and drawn pictures",
    baselines={BASELINE: Bound(0.99, "as the check", Sense.BELOW)},
    wanted=(Wanted("recall", 0.95), Wanted("precision", 0.95), Wanted("false_positives", 0.05, of="white", most=True)),
    about="Half of the pictures on white have a soft shadow at the product, which is no fault.",
)
