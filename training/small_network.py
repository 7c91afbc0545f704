"""A small network of hidden layers, trained with numpy: enough for a few hundred numbers about a picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Slope = Callable[[NDArray[np.intp], Floats], Floats]

WIDEST = 4.0
"""Deviations from the mean beyond which a number says no more."""


@dataclass(slots=True)
class Network:
    """Numbers → tanh layers → one number; the numbers are centred and scaled first."""

    middle: Floats
    scale: Floats
    weights: list[Floats]
    shifts: list[Floats]

    def ready(self, rows: NDArray[np.floating]) -> Floats:
        """Rows (n, numbers) as the first layer reads them."""
        return np.clip((rows - self.middle) / self.scale, -WIDEST, WIDEST).astype(np.float32)

    def score(self, rows: NDArray[np.floating]) -> Floats:
        """What it says of each row, (n,)."""
        return self.through(self.ready(rows))[-1][:, 0]

    def through(self, ready: Floats) -> list[Floats]:
        """What each layer gives, from the ready rows on."""
        layers = [ready]
        for number, (weight, shift) in enumerate(zip(self.weights, self.shifts, strict=True)):
            value = layers[-1] @ weight + shift
            layers.append(np.tanh(value) if number + 1 < len(self.weights) else value)
        return layers


def fresh(rows: NDArray[np.floating], hidden: tuple[int, ...], seed: int) -> Network:
    """A network for rows like these, before it has learnt."""
    rng = np.random.default_rng(seed)
    middle = np.median(rows, axis=0)
    scale = np.maximum(np.quantile(rows, 0.84, axis=0) - np.quantile(rows, 0.16, axis=0), 0.5 * rows.std(axis=0)) / 2
    sizes = (rows.shape[1], *hidden, 1)
    weights = [rng.normal(0, np.sqrt(1 / before), (before, after)) for before, after in pairwise(sizes)]
    return Network(
        middle.astype(np.float32),
        np.maximum(scale, 1e-3).astype(np.float32),
        [each.astype(np.float32) for each in weights],
        [np.zeros(size, np.float32) for size in sizes[1:]],
    )


def learn(  # noqa: PLR0913 - what there is to say of learning
    network: Network,
    rows: NDArray[np.floating],
    batches: Callable[[np.random.Generator], NDArray[np.intp]],
    slope: Slope,
    *,
    steps: int,
    seed: int,
    rate: float = 2e-3,
    decay: float = 1e-3,
    jitter: float = 0.0,
) -> Network:
    """Follow the slope of a loss: `slope(batch, scores)` gives its derivative by the scores of the rows of a batch.

    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, with weights that decay and a rate that
    falls to nothing; `jitter` is noise that is added to the ready rows, in deviations.
    """
    rng = np.random.default_rng(seed)
    ready = network.ready(rows)
    parts = [*network.weights, *network.shifts]
    first, second = ([np.zeros_like(part) for part in parts] for _ in range(2))
    for step in range(1, steps + 1):
        batch = batches(rng)
        seen = ready[batch]
        if jitter:
            seen = seen + jitter * rng.standard_normal(seen.shape, np.float32)
        layers = network.through(seen)
        slopes = _back(network, layers, slope(batch, layers[-1][:, 0]).astype(np.float32)[:, None])
        pace = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
        for part, each, mean, square in zip(parts, slopes, first, second, strict=True):
            mean[...] = 0.9 * mean + 0.1 * each
            square[...] = 0.999 * square + 0.001 * each * each
            move = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            part[...] -= pace * (move + decay * part if part.ndim > 1 else move)
    return network


def _back(network: Network, layers: list[Floats], slope: Floats) -> list[Floats]:
    """Derivatives by the weights, then by the shifts."""
    weights, shifts = [], []
    for number in range(len(network.weights) - 1, -1, -1):
        weights.append(layers[number].T @ slope)
        shifts.append(slope.sum(axis=0))
        slope = slope @ network.weights[number].T
        if number:
            slope = slope * (1 - layers[number] ** 2)
    return [*weights[::-1], *shifts[::-1]]


def tell_apart(  # noqa: PLR0913 - what there is to say of learning
    known: NDArray[np.floating],
    rows: NDArray[np.floating],
    truth: NDArray[np.bool_],
    groups: Sequence[tuple[NDArray[np.intp], int]],
    hidden: tuple[int, ...],
    *,
    seeds: Iterable[int],
    steps: int,
    rate: float,
    decay: float,
    jitter: float,
) -> list[Network]:
    """Networks, one of each seed, whose score is the log-odds that `truth` holds of a row; `known` sets their scale.

    A batch holds so many rows of each of `groups` (numbers of rows, how many), drawn at random.
    """

    def batches(rng: np.random.Generator) -> NDArray[np.intp]:
        return np.concatenate([rng.choice(numbers, count) for numbers, count in groups])

    def slope(batch: NDArray[np.intp], scores: Floats) -> Floats:
        return (1 / (1 + np.exp(-scores)) - truth[batch]) / len(batch)

    told = {"steps": steps, "rate": rate, "decay": decay, "jitter": jitter}
    return [learn(fresh(known, hidden, seed), rows, batches, slope, seed=seed, **told) for seed in seeds]


def arrays(networks: list[Network]) -> Mapping[str, Floats]:
    """Networks of one shape as arrays to keep: those of one name are stacked."""
    one = networks[0]
    found = {
        "middle": np.stack([each.middle for each in networks]),
        "scale": np.stack([each.scale for each in networks]),
    }
    for number in range(len(one.weights)):
        found[f"weight{number}"] = np.stack([each.weights[number] for each in networks])
        found[f"shift{number}"] = np.stack([each.shifts[number] for each in networks])
    return {name: values.astype(np.float32) for name, values in found.items()}
