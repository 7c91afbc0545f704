"""Trains the network that tells pictures that were enlarged from soft ones.

python training/upscaled.py --data ../shared/data [--cache FOLDER]; numpy, opencv and packshot. About three minutes of
CPU time for the pictures, which the cache keeps, and half a minute for the rest. Writes
src/packshot/models/own/upscaled.npz and prints the scores of training/upscaled.md.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from kept_rows import kept
from own_file import auc, keep, wilson
from packshot.evaluate.checks.enlarged import EnlargedParams
from resampled_pictures import drawings, photographs, rows_of, soft_rows_of
from small_network import arrays, tell_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from base_pictures import Base
    from kept_rows import Rows
    from resampled_pictures import Row

PHOTOGRAPHS, EACH = {False: 400, True: 100}, {False: 5, True: 3}
"""How many are taken, and how many enlarged pictures, and others, are made of each: learnt from, and held."""
AT_ONCE = 50
DRAWN_FROM = 90000
"""The number of the first drawing."""
HIDDEN_LAYERS = (24,)
STEPS, SEEDS = 1500, (0, 1, 2)


def looked_at(data: Path, cache: Path | None, *, held: bool) -> Rows:
    """The traits of every picture, and how it was made; what the cache has is not made again."""
    parts = []
    taken = photographs(data, held=held)[: PHOTOGRAPHS[held]]
    blocks = [(begin, taken[begin : begin + AT_ONCE]) for begin in range(0, len(taken), AT_ONCE)]
    for begin, some in [*blocks, (DRAWN_FROM, drawings(held=held))]:
        for name, made in (("up", rows_of), ("soft", soft_rows_of)):
            file = cache / f"{name}_{'held' if held else 'train'}" / f"{begin:05d}.npz" if cache else None
            parts.append(kept(file, partial(_made, made, some, EACH[held])))
    return {key: np.concatenate([part[key] for part in parts]) for key in ("traits", "share", "factor", "way", "shop")}


def _made(make: Callable[[Base, int], Iterator[Row]], some: Sequence[Base], each: int) -> Rows:
    rows = [row for base in some for row in make(base, each)]
    return {
        "traits": np.array([row.traits for row in rows], np.float32),
        "share": np.array([np.nan if row.share is None else row.share for row in rows]),
        "factor": np.array([row.factor for row in rows]),
        "way": np.array([row.way for row in rows]),
        "shop": np.array([row.shop for row in rows]),
    }


def main(data: Path, cache: Path | None) -> None:
    """Make, train, score, write."""
    cv2.setNumThreads(1)
    learnt, held = (looked_at(data, cache, held=held) for held in (False, True))
    traits, truth = learnt["traits"], learnt["factor"] > 1
    yes, no = np.flatnonzero(truth), np.flatnonzero(~truth)
    taught = {"seeds": SEEDS, "steps": STEPS, "rate": 2e-3, "decay": 5e-2, "jitter": 0.2}
    networks = tell_apart(traits, traits, truth, ((yes, 128), (no, 128)), HIDDEN_LAYERS, **taught)
    keep("upscaled", arrays(networks))
    for title, rows in (("learnt from", learnt), ("held", held)):
        scores = np.mean([network.score(rows["traits"]) for network in networks], axis=0)
        _tell(title, rows, 1 / (1 + np.exp(-scores)))


def _tell(title: str, rows: Rows, found: NDArray[np.float64]) -> None:
    """By how they were made: how many are called enlarged, at the bound of the check and at the one of doubt."""
    truth, share = rows["factor"] > 1, np.nan_to_num(rows["share"], nan=1.0)
    smooth = truth & (rows["way"] != "nearest")
    told = smooth | ~truth
    print(
        f"{title}: {len(truth)}, AUC {auc(found, truth):.3f}; smooth ones {auc(found[told], truth[told]):.3f}"
        f", effective_resolution_share {auc(1 - share[told], truth[told]):.3f}"
    )
    params = EnlargedParams()
    sets = {way: rows["way"] == way for way in np.unique(rows["way"])}
    sets |= {
        f"× {low}-{high}": smooth & (rows["factor"] >= low) & (rows["factor"] < high)
        for low, high in ((1.3, 1.6), (1.6, 2.0), (2.0, 3.0), (3.0, 4.0))
    }
    sets |= {f"{shop}, not enlarged": ~truth & (rows["shop"] == shop) for shop in np.unique(rows["shop"])}
    sets |= {"all enlarged": truth, "none enlarged": ~truth}
    for name, these in sets.items():
        of = int(these.sum())
        called, doubt = (
            int((found[these] > bound).sum())
            for bound in (params.max_upscaled_probability, params.unsure_from_probability)
        )
        low, high = wilson(called, of)
        classical = (share[these] < params.min_effective_resolution_share).mean()
        print(
            f"  {name}: {called} of {of}, {called / max(1, of):.3f} ({low:.3f}-{high:.3f}); in doubt besides "
            f"{(doubt - called) / max(1, of):.3f}; by the share {classical:.3f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep what is read from the pictures in this folder")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
