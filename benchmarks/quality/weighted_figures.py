"""Figures of a marked exam under weights: one row of weights for each draw of the bootstrap, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def _share(part: Floats, whole: Floats) -> Floats:
    """Part of whole; not a number where there is no whole."""
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def precision(said: Bools, truth: Bools, weights: Floats) -> Floats:
    """Of what was said to be it, the share that is; (draws,) from weights (draws, n)."""
    return _share(weights @ (said & truth), weights @ said.astype(float))


def recall(said: Bools, truth: Bools, weights: Floats) -> Floats:
    """Of what is it, the share that was found."""
    return _share(weights @ (said & truth), weights @ truth.astype(float))


def false_positives(said: Bools, truth: Bools, weights: Floats) -> Floats:
    """Of what is not it, the share that was said to be."""
    return _share(weights @ (said & ~truth), weights @ (~truth).astype(float))


def _steps(score: Floats, truth: Bools, weights: Floats) -> tuple[Floats, Floats]:
    """Weight of true and of other items at or above each distinct score, highest first; (draws, distinct scores)."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
    sorted_weights = weights[:, order]
    true = np.cumsum(sorted_weights * truth[order], axis=1)[:, last]
    other = np.cumsum(sorted_weights * ~truth[order], axis=1)[:, last]
    return true, other


def auc(score: Floats, truth: Bools, weights: Floats) -> Floats:
    """Area under the ROC curve: how often a true item stands above another one, ties counting half."""
    true, other = _steps(score, truth, weights)
    before = np.pad(true, ((0, 0), (1, 0)))[:, :-1]
    area = (np.diff(other, prepend=0.0, axis=1) * (true + before) / 2).sum(axis=1)
    return _share(area, true[:, -1] * other[:, -1])


def average_precision(score: Floats, truth: Bools, weights: Floats) -> Floats:
    """Precision averaged over the steps of recall, without interpolation; equal scores are one step."""
    true, other = _steps(score, truth, weights)
    area = (np.diff(true, prepend=0.0, axis=1) * _share(true, true + other)).copy()
    return _share(np.nansum(area, axis=1), true[:, -1])


def mean(value: Floats, weights: Floats) -> Floats:
    """The weighted mean."""
    return _share(weights @ value, weights.sum(axis=1))


def macro_f1(answer: NDArray[np.str_], label: NDArray[np.str_], weights: Floats) -> Floats:
    """The mean over the classes that are drawn of F1, 2 right / (told + true); no answer finds nothing."""
    scores = []
    for one in np.unique(label):
        told, true = (answer == one).astype(float), (label == one).astype(float)
        there = weights @ true
        score = _share(2 * (weights @ (told * true)), weights @ told + there)
        scores.append(np.where(there > 0, score, np.nan))
    return np.asarray(np.nanmean(scores, axis=0))


def median(value: Floats, weights: Floats) -> Floats:
    """The weighted median: the first value, from below, with half of the weight at or under it, middled when even."""
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weights[:, order], axis=1)
    half = reached[:, -1:] / 2
    low = (reached >= half).argmax(axis=1)
    high = (reached > half).argmax(axis=1)
    found = (value[order][low] + value[order][high]) / 2
    return np.where(half[:, 0] > 0, found, np.nan)


def rank_correlation(score: Floats, worth: Floats, weights: Floats) -> Floats:
    """Spearman's correlation: of the mid-ranks that items have when each is there as often as its weight says."""
    ranks = []
    for value in (score, worth):
        under = (value[None, :] < value[:, None]) + 0.5 * (value[None, :] == value[:, None])
        rank = weights @ under.T
        ranks.append(rank - _share((weights * rank).sum(axis=1), weights.sum(axis=1))[:, None])
    spread = np.sqrt((weights * ranks[0] ** 2).sum(axis=1) * (weights * ranks[1] ** 2).sum(axis=1))
    return _share((weights * ranks[0] * ranks[1]).sum(axis=1), spread)


def group_auc(score: Floats, truth: Bools, groups: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
    """AUC within each group that holds both kinds, and those groups' numbers."""
    found, numbers = [], []
    for number in np.unique(groups):
        own = groups == number
        if truth[own].any() and not truth[own].all():
            found.append(float(auc(score[own], truth[own], np.ones((1, int(own.sum()))))[0]))
            numbers.append(number)
    return np.array(found), np.array(numbers, dtype=np.intp)


def bound_for_recall(score: Floats, truth: Bools, wanted: float) -> float:
    """The highest score from which on at least the wanted share of the true items is found."""
    true = np.sort(score[truth])[::-1]
    return float(true[max(0, int(np.ceil(wanted * len(true) - 1e-9)) - 1)]) if len(true) else float("inf")
