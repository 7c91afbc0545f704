"""Trains the networks that tell the technical quality of a picture, and the interval around what they tell.

python training/technical_quality.py --data ../shared/data [--cache FOLDER]; numpy, opencv and packshot. About fifteen
minutes of CPU time for the pictures, which the cache keeps, and three for the rest. Writes
src/packshot/models/own/technical_quality.npz and prints the scores of training/technical_quality.md.
"""

from __future__ import annotations

import argparse
import zlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from degradations import KINDS
from own_file import keep, wilson
from quality_pictures import MIXED, SHRUNK, drawn_views, rows_of, views
from small_network import Network, arrays, fresh, learn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quality_pictures import View

    Floats = NDArray[np.float64]

VIEWS = {False: 240, True: 30}
"""Views that are learnt from, and held ones."""
HARD_VIEWS = {False: 40, True: 0}
"""Views after those that are spoiled in the ways that are hard to put in order."""
AT_ONCE, HARD_AT_ONCE = 30, 10
DRAWN_FROM = 90000
"""The number of the first view of a drawn product."""
DRAWN = {False: slice(None), True: slice(0, 15, 3)}
"""The drawn ones that are taken."""
FOLDS = 4
HIDDEN = (48, 24)
STEPS, SEEDS = 600, tuple(range(8))
WORST, BEST = 0.05, 0.85
"""What a ruined picture and one without a fault get: people's mean scores hardly ever reach the ends of a scale."""
APART = 0.5
"""Distance of two scores, as logits, that two pictures in the right order should have."""
OWN_OFFSET = 8.0
"""So many rows of one view weigh as much as the belief that its photograph is as good as any other."""
LEVEL_WEIGHT, ORDER_WEIGHT = 6.0, 3.0
HOLDS = 0.8
"""Share of the pictures whose quality lies within the interval."""
PEOPLE = 0.10
"""Deviation of what people say from what the full-reference scale says, which no data here shows. By judgement."""
NEAR = 0.12
"""How near a score must be for its error to speak of the interval at a place."""


class Rows(NamedTuple):
    """Spoiled pictures, one a row."""

    traits: NDArray[np.float32]
    quality: Floats
    """The truth: WORST to BEST."""
    kind: NDArray[np.str_]
    strength: Floats
    series: NDArray[np.int64]
    view: NDArray[np.int64]
    group: NDArray[np.str_]
    shop: NDArray[np.str_]


def looked_at(data: Path, cache: Path | None, *, held: bool) -> Rows:
    """Every picture; what the cache has is not made again."""
    parts = []
    taken, plain = views(data, held=held)[: VIEWS[held] + HARD_VIEWS[held]], VIEWS[held]
    blocks = [(begin, taken[begin : begin + AT_ONCE]) for begin in range(0, plain, AT_ONCE)]
    blocks += [(begin, taken[begin : begin + HARD_AT_ONCE]) for begin in range(plain, len(taken), HARD_AT_ONCE)]
    for begin, some in [*blocks, (DRAWN_FROM, drawn_views(held=held)[DRAWN[held]])]:
        file = cache / ("held" if held else "train") / f"{begin:05d}.npz" if cache else None
        if file is None or not file.is_file():
            part = _made(some, begin, hard=plain <= begin < DRAWN_FROM)
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                np.savez(file, **part)
        else:
            with np.load(file) as opened:
                part = {key: opened[key] for key in opened.files}
        parts.append(part)
    whole = {key: np.concatenate([part[key] for part in parts]) for key in Rows._fields}
    return Rows(**{**whole, "quality": WORST + (BEST - WORST) * whole["quality"]})


def _made(taken: list[View], begin: int, *, hard: bool = False) -> dict[str, NDArray[np.generic]]:
    rows = [(row, number, view.base) for number, view in enumerate(taken, begin) for row in rows_of(view, hard=hard)]
    return {
        "traits": np.array([row.traits for row, *_ in rows], np.float32),
        "quality": np.array([row.quality for row, *_ in rows]),
        "kind": np.array([row.kind for row, *_ in rows]),
        "strength": np.array([row.strength for row, *_ in rows]),
        "series": np.array([row.series for row, *_ in rows]),
        "view": np.array([number for _, number, _ in rows]),
        "group": np.array([base.group for *_, base in rows]),
        "shop": np.array([base.shop for *_, base in rows]),
    }


def pairs_of(rows: Rows) -> Mapping[int, NDArray[np.int64]]:
    """For each view, the rows of every two pictures of which the first is the better: (n, 2)."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for view in np.unique(rows.view).tolist():
        here = np.flatnonzero(rows.view == view)
        first = int(here[rows.series[here] == 0][0])
        for series in np.unique(rows.series[here])[1:].tolist():
            those = here[rows.series[here] == series]
            order = [first, *those[np.argsort(rows.strength[those])].tolist()]
            found[view] += [(order[i], order[j]) for i in range(len(order)) for j in range(i + 1, len(order))]
    return {view: np.array(those) for view, those in found.items()}


def trained(rows: Rows, pairs: Mapping[int, NDArray[np.int64]], chosen: NDArray[np.bool_], seed: int) -> Network:
    """A network that has seen the chosen rows: in order within each series, and on one scale across views.

    A row should lie where the full-reference scale says, but for an offset of its photograph, which is not as good as
    any other; the offset is what is left over on average, drawn towards none.
    """
    taken = np.array(sorted(set(rows.view[chosen].tolist()) & set(pairs)))
    of_view = {view: np.flatnonzero(rows.view == view) for view in taken.tolist()}
    place = np.zeros(len(rows.view), np.int64)
    now: dict[str, NDArray[np.int64]] = {}

    def batches(rng: np.random.Generator) -> NDArray[np.intp]:
        some = rng.choice(taken, min(16, len(taken)), replace=False).tolist()
        batch = np.concatenate([of_view[view] for view in some])
        place[batch] = np.arange(len(batch))
        now["pairs"] = place[np.concatenate([pairs[view] for view in some])]
        now["view"] = np.repeat(np.arange(len(some)), [len(of_view[view]) for view in some])
        return batch

    def slope(batch: NDArray[np.intp], scores: NDArray[np.float32]) -> Floats:
        told = 1 / (1 + np.exp(-scores.astype(np.float64)))
        off = told - rows.quality[batch]
        offset = np.bincount(now["view"], off) / (np.bincount(now["view"]) + OWN_OFFSET)
        found = LEVEL_WEIGHT * (off - offset[now["view"]]) * told * (1 - told) / len(batch)
        better, worse = now["pairs"].T
        wrong = ORDER_WEIGHT / (1 + np.exp((scores[better] - scores[worse]) / APART)) / len(better)
        np.add.at(found, better, -wrong)
        np.add.at(found, worse, wrong)
        return found

    network = fresh(rows.traits[chosen], HIDDEN, seed)
    return learn(network, rows.traits, batches, slope, steps=STEPS, seed=seed, rate=2e-3, decay=2e-2, jitter=0.08)


def scored(networks: list[Network], traits: NDArray[np.float32]) -> Floats:
    """What networks say together, as logits."""
    return np.asarray(np.mean([network.score(traits) for network in networks], axis=0), np.float64)


def levelled(told: Floats, quality: Floats) -> Floats:
    """Slope and shift that bring logits, told of groups unseen, to the truth's level: they were learnt for the order.

    C. F. Gauss and I. Newton's steps towards the least squares of the shares.
    """
    line = np.array([1.0, 0.0])
    terms = np.stack([told, np.ones_like(told)], axis=1)
    for _ in range(60):
        share = 1 / (1 + np.exp(-terms @ line))
        slopes = terms * (share * (1 - share))[:, None]
        line += 0.5 * np.linalg.solve(slopes.T @ slopes + 1e-6 * np.eye(2), slopes.T @ (quality - share))
    return line


def intervals(told: Floats, quality: Floats) -> tuple[Floats, Floats, Floats]:
    """At scores from 0 to 1: the ends between which HOLDS of the truths lie of those that were told about that.

    Split conformal prediction (V. Vovk et al., "Algorithmic learning in a random world", 2005) on scores that were
    told of groups unseen, near each place; what people say besides strays by PEOPLE, added to the error's own.
    """
    at = np.linspace(0, 1, 41)
    rng = np.random.default_rng(0)
    error = quality - told + PEOPLE * rng.standard_normal(len(told))
    low, high = [], []
    for place in at:
        near = np.exp(-np.square((told - place) / NEAR))
        near = near if near.sum() > 60 else np.exp(-np.square((told - place) / (3 * NEAR)))  # noqa: PLR2004
        order = np.argsort(error)
        share = np.cumsum(near[order]) / near.sum()
        low.append(place + error[order][np.searchsorted(share, (1 - HOLDS) / 2)])
        high.append(place + error[order][min(len(order) - 1, np.searchsorted(share, (1 + HOLDS) / 2))])
    return at, np.clip(np.maximum.accumulate(low), 0, 1), np.clip(np.maximum.accumulate(high), 0, 1)


def main(data: Path, cache: Path | None) -> None:
    """Make, train, score, write."""
    cv2.setNumThreads(1)
    rows = looked_at(data, cache, held=False)
    pairs = pairs_of(rows)
    fold = np.array([zlib.crc32(group.encode()) % FOLDS for group in rows.group.tolist()])
    told = np.zeros(len(fold))
    for number in range(FOLDS):
        networks = [trained(rows, pairs, fold != number, seed) for seed in SEEDS[:4]]
        told[fold == number] = scored(networks, rows.traits[fold == number])
    line = levelled(told, rows.quality)
    told = line[0] * told + line[1]
    tell("groups unseen", rows, told)
    at, low, high = intervals(1 / (1 + np.exp(-told)), rows.quality)
    networks = [trained(rows, pairs, fold >= 0, seed) for seed in SEEDS]
    ends = {"at": at.astype(np.float32), "low": low.astype(np.float32), "high": high.astype(np.float32)}
    keep("technical_quality", {**arrays(networks), **ends, "line": line.astype(np.float32)})
    held = looked_at(data, cache, held=True)
    logits = line[0] * scored(networks, held.traits) + line[1]
    tell("held", held, logits)
    quality = 1 / (1 + np.exp(-logits))
    within = (held.quality >= np.interp(quality, at, low)) & (held.quality <= np.interp(quality, at, high))
    print(f"  within the interval: {within.mean():.3f}; its width: {np.mean(np.interp(quality, at, high - low)):.3f}")


def tell(title: str, rows: Rows, told: Floats) -> None:
    """By kind: of every two steps, and of those at least a quarter of the strengths apart, how many are in order."""
    every, wide, first = defaultdict(list), defaultdict(list), defaultdict(list)
    for those in pairs_of(rows).values():
        for better, worse in those.tolist():
            kind, right = str(rows.kind[worse]), bool(told[better] > told[worse])
            every[kind].append(right)
            if rows.series[better] == 0:
                first[kind].append(right)
            elif rows.strength[worse] - rows.strength[better] >= 0.25:  # noqa: PLR2004 - a quarter
                wide[kind].append(right)
    quality = 1 / (1 + np.exp(-told))
    error = float(np.sqrt(np.mean((quality - rows.quality) ** 2)))
    print(f"{title}: {len(told)} pictures; rank correlation {_ranks(quality, rows.quality):.3f}, error {error:.3f}")
    for kind in (*KINDS, MIXED, SHRUNK):
        low, high = wilson(sum(every[kind]), len(every[kind]))
        parts = [f"{np.mean(those[kind]):.3f}" if those[kind] else "-" for those in (every, wide, first)]
        print(
            f"  {kind}: {parts[0]} ({low:.3f}-{high:.3f}) of {len(every[kind])}; a quarter apart {parts[1]}; "
            f"over the picture before {parts[2]}"
        )


def _ranks(one: Floats, other: Floats) -> float:
    """C. Spearman's correlation."""
    places = [np.argsort(np.argsort(each)) for each in (one, other)]
    return float(np.corrcoef(places)[0, 1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep what is read from the pictures in this folder")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
