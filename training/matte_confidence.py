"""Fits how far the decoder's masks can be relied on, and says on which scale the classical confidence is.

python training/matte_confidence.py --data ../shared/data; prints what `evaluate/matte_confidence.py` holds. Data: the
`tune` split of `benchmarks/quality/compose.py` (solidus renders, BSD-3-Clause; products drawn by packshot; scenes from
clothing_dataset, CC0, and grocery_store, MIT). Everything random comes from the seeds 0 to 2.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "quality"))

from compose import GROUNDS, SCENES, composed, drawn_products, iou, renders
from exam import Asked
from spoiled import jpeg

from packshot.evaluate.matte_confidence import traits
from packshot.evaluate.product_matte import matte_by_model, seen_by_model
from packshot.evaluate.segmentation import CONFIDENT, segment
from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

GOOD = 0.85
SIZES = ((800, 800), (640, 800), (800, 600))
RIDGE = 1.0


@dataclass(frozen=True)
class Seen:
    """One picture, what the model's mask of it is like, and how good both masks are."""

    group: str
    ground: str
    traits: tuple[float, ...]
    by_model: float
    classical: float
    classical_confidence: float


def seen(asked: Asked) -> Iterator[Seen]:
    """Every cut-out of the split: on every ground once, and in scenes of other shapes twice more."""
    for seed in range(3):
        for number, cutout in enumerate([*renders(asked, "tune"), *drawn_products("tune", 1, size_px=500)]):
            for ground in GROUNDS if seed == 0 else SCENES:
                size = SIZES[(number + seed) % 3] if seed else SIZES[0]
                made = composed(asked, cutout, ground, "tune", seed=number * 100 + seed, size=size)
                picture = decode(jpeg(made.rgb))
                plain = picture.once(segment)
                matte = matte_by_model(picture)
                if matte is not None:
                    found = traits(seen_by_model(picture)), iou(matte.mask, made.alpha)
                    yield Seen(cutout.group, ground, *found, iou(plain.product, made.alpha), plain.confidence)


def fitted(rows: Numbers, good: Numbers) -> Numbers:
    """Weights and offset of a logistic model with a ridge, by Newton's method; `rows` are standardised."""
    rows = np.c_[rows, np.ones(len(rows))]
    weights, ridge = np.zeros(rows.shape[1]), np.diag([*[RIDGE] * (rows.shape[1] - 1), 0.0])
    for _ in range(50):
        told = 1 / (1 + np.exp(-rows @ weights))
        curve = (rows * (told * (1 - told))[:, None]).T @ rows + ridge
        weights -= np.linalg.solve(curve, rows.T @ (told - good) + ridge @ weights)
    return weights


def auc(scores: Numbers, good: Numbers) -> float:
    """How often a good one stands above a bad one."""
    above, below = scores[good > 0][:, None], scores[good == 0][None]
    return float(np.mean((above > below) + 0.5 * (above == below)))


def main(data: Path) -> None:
    """Fit, and print the weights, what leaving one shape out at a time gives, and the classical scale beside it."""
    all_seen = list(seen(Asked(data)))
    plain = [one for one in all_seen if one.classical_confidence >= CONFIDENT]
    share = np.mean([one.classical >= GOOD for one in plain])
    print(f"classical, confident: {len(plain)} pictures, IoU at least {GOOD} in {share:.3f}")
    rest = [one for one in all_seen if one.ground in SCENES or one.classical_confidence < CONFIDENT]
    raw = np.array([one.traits for one in rest])
    good = np.array([float(one.by_model >= GOOD) for one in rest])
    middle, spread = raw.mean(axis=0), raw.std(axis=0)
    rows = (raw - middle) / spread
    told = np.zeros(len(rest))
    for group in sorted({one.group for one in rest}):
        out = np.array([one.group == group for one in rest])
        told[out] = np.c_[rows[out], np.ones(out.sum())] @ fitted(rows[~out], good[~out])
    weights = fitted(rows, good)
    scaled = weights[:-1] / spread
    print(
        f"model: {len(rest)} pictures, mean IoU {np.mean([one.by_model for one in rest]):.3f}, good {good.mean():.3f}"
    )
    print(f"  one shape left out at a time: AUC {auc(told, good):.3f}")
    for bound in (0.5, 0.6, 0.7, 0.8, 0.9):
        above = 1 / (1 + np.exp(-told)) >= bound
        print(f"  from {bound} on: {above.mean():.3f} of the pictures, of them good {good[above].mean():.3f}")
    print("WEIGHTS =", tuple(round(float(one), 3) for one in scaled))
    print("OFFSET =", round(float(weights[-1] - (scaled * middle).sum()), 3))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    main(parser.parse_args().data)
