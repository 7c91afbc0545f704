"""Trains the head that tells pictures put together of several. See collage_head.md.

python training/collage_head.py --data ../shared/data   # PYTHONPATH=src; the weights of the trunk, Debian's fonts
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from overlaid.bases import Bases
from overlaid.pictures import made
from own_file import noted
from packshot.evaluate.put_together import HEAD, traits
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3)
COUNTS = {"train": 2700, "validate": 450}
COLLAGES = 4
"""One draw in so many is a collage, the others are as `overlaid.pictures.made` draws them."""
CHANCE = 0.06
"""Share of collages among pictures of shops, by judgement: probabilities are those of such a shop."""
SEED_OF = {"train": 11, "validate": 12}


def gathered(bases: Bases, count: int) -> tuple[Numbers, Numbers, list[str]]:
    """Traits (n, 890), 1 for collages (n,), and of which kind each picture is."""
    rows, told, kinds = [], [], []
    for number in range(count):
        rng = np.random.default_rng([number, SEED_OF[bases.part]])
        one = made(rng, bases, "" if number % COLLAGES else "collage")
        header = Header("png", 1, one.rgb.shape[1], one.rgb.shape[0])
        rows.append(traits(Picture(header, one.rgb)))
        told.append(float(bool(one.collage)))
        kinds.append(one.kind)
    return np.asarray(rows, np.float64), np.asarray(told), kinds


def fit(scaled: Numbers, told: Numbers, ridge: float) -> Numbers:
    """Weights and a constant of a ridge logistic regression, by Newton's method."""
    columns = np.concatenate([scaled, np.ones((len(scaled), 1))], axis=1)
    weights = np.zeros(columns.shape[1])
    held = np.eye(len(weights)) * ridge * len(scaled)
    held[-1, -1] = 1e-6
    for _ in range(25):
        likely = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (likely - told) + held @ weights
        bend = (columns * (likely * (1 - likely))[:, None]).T @ columns + held
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def average_precision(score: Numbers, told: Numbers) -> float:
    """The mean of the precision at each hit, in the order of the scores."""
    hits = told[np.argsort(-score, kind="stable")] == 1
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def calibration(score: Numbers, told: Numbers) -> tuple[float, float]:
    """Slope and constant that make scores log-odds where CHANCE of the pictures are collages (Platt, weighted)."""
    weight = np.where(told == 1, CHANCE / told.mean(), (1 - CHANCE) / (1 - told.mean()))
    columns = np.stack([score, np.ones(len(score))], axis=1)
    line = np.array([1.0, 0.0])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-np.clip(columns @ line, -30, 30)))
        slope = columns.T @ (weight * (likely - told)) + 1e-3 * (line - [1, 0])
        bend = (columns * (weight * likely * (1 - likely))[:, None]).T @ columns + 1e-3 * np.eye(2)
        line = line - np.linalg.solve(bend, slope)
    return float(max(line[0], 0.05)), float(line[1])


def ship(arrays: dict[str, Numbers]) -> None:
    """Write the head and its checksum."""
    path = OWN / f"{HEAD}.npz"
    np.savez(path, **{name: value.astype(np.float32) for name, value in arrays.items()})
    noted(path)


def told_of(score: Numbers, told: Numbers, kinds: list[str]) -> None:
    """Print how it does on pictures made for validation; scores are log-odds."""
    found: dict[str, object] = {"ap": round(average_precision(score, told), 3)}
    for bound in (0.5, 0.7, 0.85):
        called = score > np.log(bound / (1 - bound))
        found[f"recall, false at {bound}"] = [round(float(called[told == one].mean()), 3) for one in (1, 0)]
    print(json.dumps({**found, "n": [int(told.sum()), int((1 - told).sum())]}))
    names = np.array([kind.split(" + ")[0] for kind in kinds])
    for name in np.unique(names):
        print(f"{name:24} {(names == name).sum():4} {(score[names == name] > 0).mean():.2f}")


def trained(train: tuple[Numbers, Numbers, list[str]], held: tuple[Numbers, Numbers, list[str]]) -> None:
    """Fit with each ridge, ship the one that does best on what was made for validation, calibrated there."""
    mean, scale = train[0].mean(axis=0), train[0].std(axis=0) + 1e-3
    scaled, seen = (np.clip((one - mean) / scale, -4, 4) for one in (train[0], held[0]))
    heads = {ridge: fit(scaled, train[1], ridge) for ridge in RIDGES}
    scores = {ridge: seen @ head[:-1] + head[-1] for ridge, head in heads.items()}
    best = max(scores, key=lambda ridge: average_precision(scores[ridge], held[1]))
    slope, constant = calibration(scores[best], held[1])
    print("ridge", best, "of", {ridge: round(average_precision(one, held[1]), 3) for ridge, one in scores.items()})
    told_of(scores[best] * slope + constant, held[1], held[2])
    bias = heads[best][-1:] * slope + constant
    ship({"mean": mean, "scale": scale, "weights": heads[best][:-1] * slope, "bias": bias})


def main() -> None:
    """Make the pictures, fit, ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    train, held = (gathered(Bases(asked.data, part).load(), count) for part, count in COUNTS.items())  # type: ignore[arg-type]
    trained(train, held)


if __name__ == "__main__":
    main()
