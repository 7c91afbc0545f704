"""Scores of the orientation model: how often it is right where it answers, and how many upright pictures it turns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.evaluate.measures.orientation import TURNED_FROM, UPRIGHT_FROM

Floats = NDArray[np.float64]
Words = NDArray[np.str_]
TURNS = 4
BOUNDS = (0.8, 0.9, 0.95, TURNED_FROM, 0.99)
"""Of turned pictures; upright ones are answered from the measure's bound on."""
DRAWS = 1000


def combined(told: Floats) -> Floats:
    """What four looks say together, each at the picture turned further: (n, 4, 4) log shares to means of all four."""
    found = np.zeros_like(told)
    for turn in range(TURNS):
        for answer in range(TURNS):
            looks = [told[:, (turn + more) % TURNS, (answer + more) % TURNS] for more in range(TURNS)]
            found[:, turn, answer] = np.mean(looks, axis=0)
    return found


def shares(logs: Floats, temperature: float) -> Floats:
    """Softmax over the last axis."""
    scaled = np.exp((logs - logs.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True))


def temperature_of(logs: Floats, place: Words) -> float:
    """The temperature with the least cross entropy, every picture in all four turns, every shop of the same weight."""
    weights = np.array([1 / (place == one).sum() for one in place])

    def entropy(temperature: float) -> float:
        found = shares(logs, temperature)
        right = np.stack([found[:, turn, turn] for turn in range(TURNS)], axis=1)
        return float(-(weights[:, None] * np.log(np.maximum(right, 1e-9))).sum())

    return float(min(np.geomspace(0.1, 4, 60), key=entropy))


def answers(told: Floats, temperatures: tuple[float, float]) -> tuple[NDArray[np.int64], Floats]:
    """As the measure answers: the likeliest turn and its confidence, each (n, 4) for a picture in its four turns."""
    one, four = shares(told, temperatures[0]), shares(combined(told), temperatures[1])
    upright = one[..., 0] >= UPRIGHT_FROM
    return (
        np.where(upright, 0, four.argmax(axis=-1)),
        np.where(upright, one[..., 0], four.max(axis=-1)),
    )


def tell(name: str, told: Floats, place: Words, group: Words, temperatures: tuple[float, float]) -> None:
    """Print, for each bound, what is answered and how much of it is right, with intervals over groups."""
    answer, confidence = answers(told, temperatures)
    right = answer == np.arange(TURNS)
    print(f"{name}: {len(told)} pictures in four turns; {temperatures}")
    for bound in BOUNDS:
        sure = confidence >= np.where(answer == 0, UPRIGHT_FROM, bound)
        wrong = sure[:, 0] & (answer[:, 0] != 0)
        low, high = _interval(right, sure, group)
        shops = ", ".join(
            f"{one} {(right & sure)[place == one].sum()}/{sure[place == one].sum()} of {sure[place == one].size}"
            for one in np.unique(place)
        )
        print(
            f"  turned from {bound}: answered {sure.mean():.3f}, upright ones {sure[:, 0].mean():.3f}, "
            f"right {right[sure].mean():.3f} ({low:.3f} to {high:.3f}), "
            f"upright called turned {wrong.sum()} of {len(wrong)}; {shops}"
        )


def _interval(right: NDArray[np.bool_], sure: NDArray[np.bool_], group: Words) -> tuple[float, float]:
    """95 % of the share of answers that are right, groups drawn whole."""
    random = np.random.default_rng(0)
    names = np.unique(group)
    counts = np.array([[(right & sure)[group == one].sum(), sure[group == one].sum()] for one in names])
    drawn = counts[random.integers(0, len(names), (DRAWS, len(names)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / np.maximum(drawn[:, 1], 1), [0.025, 0.975])
    return float(low), float(high)
