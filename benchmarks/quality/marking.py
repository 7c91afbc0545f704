"""Marks the items of an exam: every figure with its interval, overall, by slice, and for each baseline.

Figures of a decision: `precision recall false_positives ap auc`; of a level: `mean median share_at_bound macro_f1`;
of an order: `group_auc auc`; of a rank: `spearman`.
"""

from __future__ import annotations

from statistics import median as middle
from typing import TYPE_CHECKING, Any

import numpy as np
import weighted_figures as of
from bootstrap import interval
from exam import Bound, Kind, Sense
from reliability import calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam import Exam, Item
    from numpy.typing import NDArray

    Figures = dict[str, Any]

NO_ANSWER = float("-inf")
LEAST_RANKED = 3
"""Items below which their order says nothing."""


class Marks:
    """The items as arrays, and the figures of any part of them."""

    def __init__(self, exam: Exam, items: Sequence[Item]) -> None:
        self.exam, self.items = exam, items
        self.truth = np.array([item.truth for item in items], bool)
        names = {name: number for number, name in enumerate(dict.fromkeys(item.group or item.id for item in items))}
        self.groups = np.array([names[item.group or item.id] for item in items], np.intp)
        self.everything = np.ones(len(items), bool)

    def figures(self, part: NDArray[np.bool_], name: str | None = None) -> Figures:
        """The figures of some items, of what is examined or of the baseline `name`."""
        answers = [item.score if name is None else item.baselines.get(name) for item in self.items]
        sense = self.sense(name)
        score = np.array([NO_ANSWER if one is None else sense.sign * float(one) for one in answers])
        counts = {"n": int(part.sum()), "unanswered": int(np.isneginf(score[part]).sum())}
        if self.exam.kind is Kind.LEVEL:
            level = counts | self._level(np.where(np.isneginf(score), 0.0, score), part)
            return level | self._classes(name, part)
        if self.exam.kind is Kind.RANK:
            return counts | self._rank(score, part)
        counts["positives"] = int(self.truth[part].sum())
        if self.exam.kind is Kind.ORDER:
            return counts | self._order(score, part)
        return counts | self._decision(score, self.said(score, name), part)

    def sense(self, name: str | None) -> Sense:
        """Which side of the score counts."""
        told = self.exam.bound if name is None else self.exam.baselines[name]
        if isinstance(told, Bound):
            return told.sense
        return told or self.exam.sense

    def said(self, score: NDArray[np.float64], name: str | None) -> NDArray[np.bool_]:
        """What was decided, from scores that are higher for what is looked for."""
        told = self.exam.bound if name is None else self.exam.baselines[name]
        if isinstance(told, Bound):
            return _beyond(score, told)
        own = np.array([bool(item.said) for item in self.items], bool)
        if name is None:
            return own
        if (
            self.exam.bound is not None
        ):  # a baseline without a bound of its own is shown at the recall of what is examined
            own = self.said(self._score(), None)
        wanted = float(own[self.truth].mean()) if self.truth.any() else 0.0
        return score >= max(of.bound_for_recall(score, self.truth, wanted), np.finfo(float).min)

    def _score(self) -> NDArray[np.float64]:
        sign = self.sense(None).sign
        return np.array([NO_ANSWER if item.score is None else sign * float(item.score) for item in self.items])

    def _interval(self, make: Any, part: NDArray[np.bool_], trials: NDArray[np.bool_] | None = None) -> Figures:
        _, groups = np.unique(self.groups[part], return_inverse=True)
        return interval(make, groups, self.truth[part], None if trials is None else trials[part])

    def _decision(self, score: NDArray[np.float64], said: NDArray[np.bool_], part: NDArray[np.bool_]) -> Figures:
        truth, found = self.truth[part], said[part]
        figures: Figures = {}
        if truth.any():
            figures["recall"] = self._interval(lambda w: of.recall(found, truth, w), part, self.truth & part)
        if not truth.all():
            figures["false_positives"] = self._interval(
                lambda w: of.false_positives(found, truth, w), part, ~self.truth & part
            )
        if truth.any() and not truth.all():
            figures["precision"] = self._interval(lambda w: of.precision(found, truth, w), part, said & part)
            figures["ap"] = self._interval(lambda w: of.average_precision(score[part], truth, w), part)
        against = part if truth.any() and not truth.all() else part | ~self.truth
        if self.truth[against].any() and not self.truth[against].all() and truth.any():
            figures["auc"] = self._interval(lambda w: of.auc(score[against], self.truth[against], w), against)
        return figures

    def _level(self, value: NDArray[np.float64], part: NDArray[np.bool_]) -> Figures:
        own = value[part]
        figures = {
            "mean": self._interval(lambda w: of.mean(own, w), part),
            "median": self._interval(lambda w: of.median(own, w), part),
        }
        if self.exam.bound is not None:
            reached = self.reached(value)[part].astype(float)
            figures["share_at_bound"] = self._interval(lambda w: of.mean(reached, w), part, part)
        return figures

    def _rank(self, score: NDArray[np.float64], part: NDArray[np.bool_]) -> Figures:
        worth = np.array([float("nan") if item.worth is None else item.worth for item in self.items])
        if np.isnan(worth[part]).any():
            raise ValueError("an item of a rank needs its worth")
        if part.sum() < LEAST_RANKED:
            return {}
        return {"spearman": self._interval(lambda w: of.rank_correlation(score[part], worth[part], w), part)}

    def _classes(self, name: str | None, part: NDArray[np.bool_]) -> Figures:
        labels = np.array([item.label for item in self.items])[part]
        if not labels.any() or len(np.unique(labels)) == 1:
            return {}
        told = [item.answer if name is None else item.baseline_answers.get(name) for item in self.items]
        answers = np.array([one or "" for one in told])[part]
        return {"macro_f1": self._interval(lambda w: of.macro_f1(answers, labels, w), part)}

    def reached(self, value: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each level is at the bound; without a bound, whether it is 1."""
        return value >= 1.0 if self.exam.bound is None else _beyond(value, self.exam.bound)

    def _order(self, score: NDArray[np.float64], part: NDArray[np.bool_]) -> Figures:
        areas, numbers = of.group_auc(score[part], self.truth[part], self.groups[part])
        figures: Figures = {"groups": len(areas)}
        if len(areas):
            whole = np.ones(len(areas), bool)
            figures["group_auc"] = interval(lambda w: of.mean(areas, w), np.arange(len(numbers)), whole)
        if 0 < self.truth[part].sum() < part.sum():
            figures["auc"] = self._interval(lambda w: of.auc(score[part], self.truth[part], w), part)
        return figures


def _beyond(score: NDArray[np.float64], bound: Bound) -> NDArray[np.bool_]:
    """Whether signed scores are on the side of the bound that counts."""
    line = bound.value * bound.sense.sign
    return score > line if bound.sense in {Sense.ABOVE, Sense.BELOW} else score >= line


def marked(exam: Exam, items: Sequence[Item]) -> Figures:
    """All that the result file says of the figures."""
    marks = Marks(exam, items)
    slices = [(item.slice, *item.also) for item in items]
    names = list(dict.fromkeys(name for own in slices for name in own))
    parts = {name: np.array([name in own for own in slices], bool) for name in names}
    times = [item.cpu_ms for item in items if item.cpu_ms is not None]
    result: Figures = {
        "figures": marks.figures(marks.everything),
        "slices": {name: marks.figures(part) for name, part in parts.items()} if len(parts) > 1 else {},
        "baselines": {name: marks.figures(marks.everything, name) for name in exam.baselines},
        "baseline_slices": {
            base: {name: marks.figures(part, base) for name, part in parts.items()} if len(parts) > 1 else {}
            for base in exam.baselines
        },
        "cpu_ms": round(middle(times), 2) if times else None,
        "cpu_ms_of": {
            name: round(middle(own), 2)
            for name in names
            if (own := [items[row].cpu_ms for row in np.flatnonzero(parts[name]) if items[row].cpu_ms is not None])
        },
    }
    if exam.is_probability:
        answered = [item for item in items if item.score is not None]
        score = np.array([float(item.score or 0) for item in answered])
        result["calibration"] = calibration(score, np.array([item.truth for item in answered], bool))
    result["wanted"] = [_met(one, result) for one in exam.wanted]
    return result


def _met(wanted: Any, result: Figures) -> Figures:
    """Whether what is asked was reached: `yes`, `no`, or `yes, not surely` where the interval reaches beyond."""
    figures = result["slices"].get(wanted.of, {}) if wanted.of else result["figures"]
    if wanted.figure == "cpu_ms":
        value = result["cpu_ms_of"].get(wanted.of) if wanted.of else result["cpu_ms"]
        found = {"value": value, "low": value, "high": value}
    else:
        found = figures.get(wanted.figure, {"value": None, "low": None, "high": None})
    value, low, high = found["value"], found["low"], found["high"]
    if value is None:
        met = "not measured"
    elif (value > wanted.bound) if wanted.most else (value < wanted.bound):
        met = "no"
    else:
        edge = high if wanted.most else low
        sure = edge is not None and ((edge <= wanted.bound) if wanted.most else (edge >= wanted.bound))
        met = "yes" if sure else "yes, not surely"
    return {"figure": wanted.figure, "of": wanted.of, "bound": wanted.bound, "most": wanted.most, **found, "met": met}
