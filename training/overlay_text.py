"""Trains the head that tells text laid over a picture from text printed on what it shows.

python training/overlay_text.py --data ../shared/data   # PYTHONPATH=src; needs the models of text, see overlay_text.md
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from own_file import noted

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks" / "quality"))

from exam import Asked

from overlay_lines import lines, pictures
from packshot.evaluate.checks.text_over_picture import TextOverPictureParams
from packshot.evaluate.text_traits import TRAITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
HIDDEN, STEPS, RATE, DECAY, NOISE, SEEDS, FOLDS = 48, 400, 0.01, 3e-2, 0.4, 3, 5


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What is learnt from."""

    traits: Numbers
    """(n, traits)."""
    laid: Numbers
    """(n,) 1 where it was laid over the picture."""
    source: NDArray[np.str_]
    group: NDArray[np.str_]
    picture: NDArray[np.int64]
    overs: dict[int, bool]
    """Every picture, those without a line too: whether text was laid over it."""
    source_of: dict[int, str]
    kind_of: dict[int, str]
    """What was laid over each picture; empty where nothing was."""


def gather(asked: Asked) -> Lines:
    """The lines of all pictures that are made for tuning."""
    rows, laid, source, group, picture = [], [], [], [], []
    overs, source_of, kind_of = {}, {}, {}
    for number, made in enumerate(pictures(asked)):
        found, told = lines(made)
        rows.append(found)
        laid.append(told)
        source += [made.source] * len(told)
        group += [made.group] * len(told)
        picture += [number] * len(told)
        overs[number], source_of[number], kind_of[number] = bool(made.boxes), made.source, made.kind
        if number % 100 == 0:
            print(f"{number} pictures", file=sys.stderr)
    return Lines(
        np.concatenate(rows).astype(np.float64),
        np.concatenate(laid).astype(np.float64),
        np.asarray(source),
        np.asarray(group),
        np.asarray(picture),
        overs,
        source_of,
        kind_of,
    )


def train(traits: Numbers, laid: Numbers, weight: Numbers, seed: int) -> dict[str, Numbers]:
    """A network of one hidden layer, by Adam on the weighted log loss with weight decay, all lines at each step."""
    mean, scale = traits.mean(axis=0), traits.std(axis=0) + 1e-3
    scaled = np.clip((traits - mean) / scale, -4, 4).astype(np.float32)
    rng = np.random.default_rng(seed)
    start = {
        "to_hidden": rng.normal(0, 1 / np.sqrt(scaled.shape[1]), (scaled.shape[1], HIDDEN)),
        "hidden_bias": np.zeros(HIDDEN),
        "to_score": rng.normal(0, 1 / np.sqrt(HIDDEN), HIDDEN),
        "score_bias": np.zeros(()),
    }
    head = {name: np.asarray(value, np.float32) for name, value in start.items()}
    weight, laid = (weight / weight.sum()).astype(np.float32), laid.astype(np.float32)
    first = {name: np.zeros_like(value) for name, value in head.items()}
    second = {name: np.zeros_like(value) for name, value in head.items()}
    for step in range(1, STEPS + 1):
        noise = rng.standard_normal(scaled.shape, dtype=np.float32)
        seen = scaled + np.float32(NOISE) * noise  # traits are no sharper than this
        hidden = np.tanh(seen @ head["to_hidden"] + head["hidden_bias"])
        chance = 1 / (1 + np.exp(-(hidden @ head["to_score"] + head["score_bias"])))
        wrong = weight * (chance - laid)
        back = wrong[:, None] * head["to_score"] * (1 - hidden**2)
        slopes = {
            "to_hidden": seen.T @ back + DECAY * head["to_hidden"] / 10,
            "hidden_bias": back.sum(axis=0),
            "to_score": hidden.T @ wrong + DECAY * head["to_score"] / 10,
            "score_bias": wrong.sum(),
        }
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        for name, slope in slopes.items():
            first[name] = 0.9 * first[name] + 0.1 * slope
            second[name] = 0.999 * second[name] + 0.001 * slope**2
            fair = np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            head[name] = (head[name] - rate * first[name] / (1 - 0.9**step) / fair).astype(np.float32)
    return {**head, "mean": mean, "scale": scale}


def trained(these: Lines, which: NDArray[np.bool_], seeds: int = SEEDS) -> dict[str, Numbers]:
    """Several networks of other seeds side by side in one: their scores are averaged."""
    weight = _weights(these, which)
    heads = [train(these.traits[which], these.laid[which], weight, seed) for seed in range(seeds)]
    return {
        "mean": heads[0]["mean"],
        "scale": heads[0]["scale"],
        "to_hidden": np.concatenate([one["to_hidden"] for one in heads], axis=1),
        "hidden_bias": np.concatenate([one["hidden_bias"] for one in heads]),
        "to_score": np.concatenate([one["to_score"] for one in heads]) / seeds,
        "score_bias": np.mean([one["score_bias"] for one in heads]),
    }


def scores(head: dict[str, Numbers], traits: Numbers) -> Numbers:
    """As `packshot.evaluate.overlay_text.laid_over`."""
    hidden = np.tanh(np.clip((traits - head["mean"]) / head["scale"], -4, 4) @ head["to_hidden"] + head["hidden_bias"])
    return 1 / (1 + np.exp(-(hidden @ head["to_score"] + head["score_bias"])))


def _weights(these: Lines, which: NDArray[np.bool_]) -> Numbers:
    """Each picture counts as much as any, however many lines it has: by the square root of their number."""
    _, place, count = np.unique(these.picture[which], return_inverse=True, return_counts=True)
    return 1 / np.sqrt(count[place])


def unseen(these: Lines, folds: NDArray[np.int64]) -> Numbers:
    """The score of each line by heads, of one seed, that were trained without its fold."""
    found = np.zeros(len(these.laid))
    for fold in np.unique(folds):
        found[folds == fold] = scores(trained(these, folds != fold, 1), these.traits[folds == fold])
    return found


def told(these: Lines, score: Numbers, bound: float) -> dict[str, list[float]]:
    """Recall of pictures with text laid over, share of others called so, AUC, each from 0 to 1, and both numbers.

    For all, per source, and per kind of text laid over. A picture's score is that of its likeliest line.
    The kinds are held against all pictures without text.
    """
    best = dict.fromkeys(these.overs, 0.0)
    for number, one in zip(these.picture.tolist(), score.tolist(), strict=True):
        best[number] = max(best[number], one)
    bare = [number for number in best if not these.overs[number]]
    figures = {}
    for name in ("all", *dict.fromkeys(these.source_of.values()), *sorted(set(these.kind_of.values()) - {""})):
        over = [number for number in best if name in {"all", these.source_of[number], these.kind_of[number]}]
        others = [number for number in bare if name in {"all", these.source_of[number]}] or bare
        high, low = (np.array([best[one] for one in part]) for part in ([x for x in over if these.overs[x]], others))
        auc = float(np.mean((high[:, None] > low) + 0.5 * (high[:, None] == low)))
        row = [np.mean(high > bound), np.mean(low > bound), auc, len(high), len(low)]
        figures[name] = [round(float(one), 3) for one in row]
    return figures


def folds_of(names: NDArray[np.str_]) -> NDArray[np.int64]:
    """One of FOLDS for each group, by the hash of its name."""
    number = {name: int(hashlib.sha256(str(name).encode()).hexdigest(), 16) % FOLDS for name in np.unique(names)}
    return np.array([number[name] for name in names])


def ship(head: dict[str, Numbers]) -> None:
    """Write the head and its checksum."""
    OWN.mkdir(exist_ok=True)
    path = OWN / "overlay_text.npz"
    np.savez(path, **{name: value.astype(np.float32) for name, value in head.items()})
    noted(path)


def main() -> None:
    """Gather, cross-validate by group and by source, train on all, ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    shipped = TextOverPictureParams()
    bounds = [shipped.unsure_from_confidence, 0.5, shipped.max_overlay_text_confidence, 0.9]
    parser.add_argument("--bounds", type=float, nargs="+", default=bounds, help="bounds at which figures are told")
    asked = parser.parse_args()
    these = gather(Asked(asked.data))
    print(f"{len(these.laid)} lines of {len(these.overs)} pictures, {these.laid.mean():.0%} laid over; {TRAITS=}")
    for name, folds in (
        ("by group", folds_of(these.group)),
        ("by source", np.unique(these.source, return_inverse=True)[1]),
    ):
        scores = unseen(these, folds)
        for bound in asked.bounds:
            print(name, bound, json.dumps(told(these, scores, bound)))
    ship(trained(these, np.ones(len(these.laid), bool)))


if __name__ == "__main__":
    main()
