"""Trains the head that tells from EfficientNet-lite0's features and the surest face whether a person shows.

python training/person_head.py --data ../shared/data [--cache FEATURES.npz]; numpy, opencv and packshot's models. About
five minutes of CPU time for the features, which the cache keeps, and seconds for the rest. Writes
src/packshot/models/own/person_head.npz, training/person_head_folds.npz (heads that did not see what they are scored
on), and prints the scores of training/person_head.md.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from own_file import noted
from packshot.evaluate.faces import found_faces
from packshot.evaluate.features import directions, image_features
from packshot.evaluate.measures.persons import MIN_PROBABILITY, clear_face
from packshot.media.decode import decode
from person_pictures import EVALUATION_ONLY, Labelled, Studio, labelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
FOLDS = 5
DIMENSIONS = 64
"""Directions of the features, those of the largest variance, that the head may use."""
RIDGE = 0.0003
"""Of 0.0003 and 0.003, 64 and 200 directions, features and their roots: the best for sylius, held out as a shop."""
CALIBRATION_RIDGE = 0.0005
HELD_OUT = ("magento2", "sylius")
"""Shops with people, each scored by a head that has seen nothing of it."""


def main(data: Path, cache: Path | None) -> None:
    """Train, score, write."""
    pictures = labelled(data)
    rows, values, faces = _features(pictures, cache)
    seen = directions(values)
    truth = np.array([-1 if one.person is None else int(one.person) for one in pictures])[rows]
    shop = np.array([one.shop for one in pictures])[rows]
    fold = np.array([fold_of(one.group) for one in pictures])[rows]
    usable = (truth >= 0) & ~np.isin(shop, EVALUATION_ONLY)
    first = np.r_[True, rows[1:] != rows[:-1]]  # the pictures themselves, not what was made of them

    def head(chosen: NDArray[np.bool_]) -> Floats:
        return _fitted(seen[chosen], truth[chosen].astype(float), _weights(shop[chosen], truth[chosen]))

    heads = {str(number): head(usable & (fold != number)) for number in range(FOLDS)}
    heads |= {name: head(usable & (shop != name)) for name in HELD_OUT}
    known = first & usable
    by_fold = np.array([_score(heads[str(k)], one) for k, one in zip(fold[known], seen[known], strict=True)])
    elsewhere = by_fold.copy()
    for name in HELD_OUT:
        those = shop[known] == name
        elsewhere[those] = _score(heads[name], seen[known][those])
    told, clear = truth[known].astype(float), clear_face(faces[rows[known]])
    calibration = _logistic(
        np.stack([elsewhere, clear], axis=1), told, np.full(len(told), 1 / len(told)), CALIBRATION_RIDGE
    )
    for name, score in (("by group", by_fold), ("by shop", elsewhere)):
        _tell(name, _probability(calibration, score, clear), told, shop[known])
    _tell("face alone", clear, told, shop[known])
    whole = head(usable)
    other = first & (truth >= 0) & np.isin(shop, EVALUATION_ONLY)
    _tell(
        "never trained on",
        _probability(calibration, _score(whole, seen[other]), clear_face(faces[rows[other]])),
        truth[other].astype(float),
        shop[other],
    )
    _write(whole, calibration, heads)


def fold_of(group: str) -> int:
    """Which of the folds a group is scored in."""
    return zlib.crc32(group.encode()) % FOLDS


def _features(pictures: list[Labelled], cache: Path | None) -> tuple[NDArray[np.int64], Floats, Floats]:
    """For each picture and what is made of it: its number and features; for each picture: the score of its face."""
    if cache is not None and cache.is_file():
        kept = np.load(cache)
        return kept["rows"], kept["values"].astype(float), kept["faces"]
    studio = Studio(pictures)
    rows: list[int] = []
    values: list[NDArray[np.float32]] = []
    faces: list[float] = []
    for number, one in enumerate(pictures):
        picture = decode(one.path.read_bytes())
        faces.append(max((face.score for face in picture.once(found_faces)), default=0.0))
        for made in studio.made(one, picture):
            rows.append(number)
            values.append(image_features(made).features)
    found = np.array(rows), np.array(values, np.float16), np.array(faces)
    if cache is not None:
        np.savez(cache, rows=found[0], values=found[1], faces=found[2])
    return found[0], found[1].astype(float), found[2]


def _weights(shop: NDArray[np.str_], truth: NDArray[np.int64]) -> Floats:
    """People and none weigh the same; of each, a shop as much as the root of the number of its pictures."""
    weights = np.zeros(len(truth))
    for side in (0, 1):
        for name in np.unique(shop[truth == side]):
            those = (shop == name) & (truth == side)
            weights[those] = those.sum() ** -0.5
        weights[truth == side] /= weights[truth == side].sum()
    return weights


def _fitted(values: Floats, truth: Floats, weights: Floats) -> Floats:
    """1280 weights and a constant: ridge logistic regression in the directions of the largest variance."""
    middle = values.mean(axis=0)
    centred = values - middle
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :DIMENSIONS]
    found = _logistic(centred @ axes, truth, weights, RIDGE)
    turned = axes @ found[:-1]
    return np.r_[turned, found[-1] - middle @ turned]


def _logistic(values: Floats, truth: Floats, weights: Floats, ridge: float) -> Floats:
    """Newton's method; the last number is the constant, which is not held back."""
    ones = np.c_[values, np.ones(len(values))]
    held = np.r_[np.full(values.shape[1], ridge), 1e-9]
    found = np.zeros(ones.shape[1])
    for _ in range(15):
        told = 1 / (1 + np.exp(-ones @ found))
        slope = ones.T @ (weights * (told - truth)) + held * found
        bend = (ones * (weights * told * (1 - told) + 1e-12)[:, None]).T @ ones + np.diag(held)
        found -= np.linalg.solve(bend, slope)
    return found


def _score(head: Floats, values: Floats) -> Floats:
    return np.asarray(values @ head[:-1] + head[-1])


def _probability(calibration: Floats, score: Floats, clear: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(calibration[0] * score + calibration[1] * clear + calibration[2]))))


def _tell(name: str, probability: Floats, truth: Floats, shop: NDArray[np.str_]) -> None:
    """Recall and precision at a half, and the expected error of the probability over ten bins of equal count."""
    found, real = probability >= MIN_PROBABILITY, truth > 0
    recall, precision = found[real].mean(), real[found].mean() if found.any() else float("nan")
    bins = np.array_split(np.argsort(probability, kind="stable"), 10)
    gap = sum(abs(probability[b].mean() - truth[b].mean()) * len(b) for b in bins) / len(truth)
    shops = {
        str(s): f"{int(found[(shop == s) & real].sum())}/{int(((shop == s) & real).sum())} "
        f"false {int(found[(shop == s) & ~real].sum())}/{int(((shop == s) & ~real).sum())}"
        for s in np.unique(shop)
    }
    print(f"{name}: recall {recall:.3f} precision {precision:.3f} ECE {gap:.3f} {shops}")


def _write(head: Floats, calibration: Floats, heads: dict[str, Floats]) -> None:
    arrays = {"weights": head[:-1], "bias": head[-1:], "calibration": calibration}
    OWN.mkdir(exist_ok=True)
    np.savez(OWN / "person_head.npz", **{name: one.astype(np.float32) for name, one in arrays.items()})
    np.savez(Path(__file__).parent / "person_head_folds.npz", **{k: v.astype(np.float32) for k, v in heads.items()})
    noted(OWN / "person_head.npz")
    print("calibration", calibration)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    main(asked.data, asked.cache)
