"""Trains the network that tells from the colours across an outline whether a fringe runs along it.

python training/halo.py --data ../shared/data [--cache FOLDER]; numpy, opencv and packshot. About four minutes of CPU
time for the pictures, which the cache keeps, and seconds for the rest. Writes src/packshot/models/own/halo.npz and
prints the scores of training/halo.md.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from base_pictures import base_pictures
from fringe_pictures import HIDDEN, SEEN, cut_outs, made_of, truth_of
from kept_rows import kept
from own_file import auc, keep, wilson
from packshot.evaluate.checks.halo import HaloParams
from packshot.evaluate.measures.fringe import heard_together
from packshot.evaluate.outline_profiles import outline_profiles, profile_traits
from packshot.media.decode import decode
from small_network import arrays, tell_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kept_rows import Rows

COUNTS = {False: 10, True: 5}
"""Pictures made of each cut-out: of those that are learnt from, and of the held ones."""
HIDDEN_LAYERS = (32, 16)
STEPS, SEEDS = 3000, (0, 1)
PACKSHOTS = ("magento2", "tailwindtraders", "sylius", "grocery_store")
SHOP = "a shop's own"
FRINGED = 0.5
"""Share of the outline, by the truth, from which on a picture counts as one with a fringe."""


def looked_at(data: Path, *, held: bool) -> Rows:
    """Every place along every outline: the colours across it, how far from no fringe, of which picture."""
    colours, off, item, way, name = [], [], [], [], []

    def add(found: NDArray[np.uint8], apart: NDArray[np.float32], how: str, what: str) -> None:
        item.append(np.full(len(found), len(way)))
        colours.append(found)
        off.append(apart)
        way.append(how)
        name.append(what)

    for one in cut_outs(data, held=held):
        for made in made_of(one, COUNTS[held]):
            told = truth_of(made)
            if told is not None:
                add(*told, made.way, made.name)
    for base in base_pictures(data):
        if base.held == held and base.shop in PACKSHOTS and base.role != "natural":
            found = outline_profiles(decode(base.path.read_bytes()))
            if found is not None:
                add(found.colours, np.zeros(len(found.colours), np.float32), SHOP, base.name)
    return {
        "colours": np.concatenate(colours),
        "off": np.concatenate(off),
        "item": np.concatenate(item),
        "way": np.array(way),
        "name": np.array(name),
    }


def main(data: Path, cache: Path | None) -> None:
    """Make, train, score, write."""
    cv2.setNumThreads(1)
    learnt, held = (
        kept(cache / f"halo_{name}.npz" if cache else None, partial(looked_at, data, held=name == "held"))
        for name in ("learnt", "held")
    )
    traits, truth = profile_traits(learnt["colours"]), _truth(learnt["off"])
    from_shop = (learnt["way"] == SHOP)[learnt["item"]]
    yes, no = np.flatnonzero(truth == 1), np.flatnonzero((truth == 0) & ~from_shop)
    shops = np.flatnonzero(from_shop)
    groups = ((yes, 256), (no, 256), (shops, 128))
    taught = {"seeds": SEEDS, "steps": STEPS, "rate": 3e-3, "decay": 1e-2, "jitter": 0.05}
    networks = tell_apart(traits[truth >= 0], traits, truth == 1, groups, HIDDEN_LAYERS, **taught)
    keep("halo", arrays(networks))
    for title, rows in (("learnt from", learnt), ("held", held)):
        seen = profile_traits(rows["colours"])
        _tell(title, rows, np.mean([network.score(seen) for network in networks], axis=0))


def _truth(off: NDArray[np.generic]) -> NDArray[np.int64]:
    """1 with a fringe that is seen, 0 without, -1 between."""
    return np.where(off >= SEEN, 1, np.where(off <= HIDDEN, 0, -1))


def _classical(colours: NDArray[np.generic]) -> NDArray[np.float32]:
    """For comparison: how far the outermost pixels lie beside the line from ground to product, or beyond its ends."""
    parts = profile_traits(colours).reshape(len(colours), 5, -1)[:, :, 3:9]
    beyond = np.maximum(parts[:, 0] - 1, -parts[:, 0]) * np.maximum(parts[:, 3, :1], 0.1)
    return np.asarray(np.maximum(parts[:, 1], beyond).max(axis=1))


def _tell(title: str, rows: Rows, scores: NDArray[np.float64]) -> None:
    """Places and pictures, by how they were made."""
    truth, item, way = _truth(rows["off"]), rows["item"], rows["way"]
    plain = _classical(rows["colours"])
    known = truth >= 0
    count = len(way)
    sizes = np.bincount(item, minlength=count)
    heard = np.concatenate([heard_together(scores[item == one]) for one in range(count)])
    share = np.bincount(item, heard > 0, count) / sizes
    classical = np.bincount(item, plain > 0.5, count) / sizes  # noqa: PLR2004 - 10 of CIE Lab
    true = np.bincount(item, truth == 1, count) / sizes
    print(
        f"{title}: places, AUC {auc(scores[known], truth[known] == 1):.3f}, with neighbours "
        f"{auc(heard[known], truth[known] == 1):.3f}, classical {auc(plain[known], truth[known] == 1):.3f}"
    )
    fringed, clean = true >= FRINGED, np.isin(way, ("none", SHOP))
    both = fringed | clean
    print(
        f"  pictures, AUC {auc(share[both], fringed[both]):.3f}, classical {auc(classical[both], fringed[both]):.3f};"
        f" mean distance from the true share {np.abs(share - true).mean():.3f}, {np.abs(classical - true).mean():.3f}"
    )
    for name, bound in (("fails", HaloParams().max_halo_share), ("in doubt or fails", HaloParams().unsure_from_share)):
        for what, these in (("with a fringe", fringed), ("none", way == "none"), (SHOP, way == SHOP)):
            right, of = int((share[these] > bound).sum()), int(these.sum())
            low, high = wilson(right, of)
            print(f"  {name}, {what}: {right} of {of}, {right / max(1, of):.3f} ({low:.3f}-{high:.3f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep the pictures' outlines in this folder")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
