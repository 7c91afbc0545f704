"""What an exam is: items with a truth, the bound that ships, baselines, what is asked, and where the data is from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]


class Kind(StrEnum):
    """What is marked."""

    DECISION = "decision"
    """Each item is or is not what is looked for; a score is held against a bound. Precision, recall, AP, AUC."""
    LEVEL = "level"
    """Each item gets a value from 0 to 1, higher is better (IoU; 1 or 0 for found or not). Mean, share at the bound; of
    classes (`Item.label`) the mean of their F1."""
    ORDER = "order"
    """Within each group the true items should stand above the others. AUC of each group, averaged over groups."""
    RANK = "rank"
    """All items should stand in the order of what is known of them (`Item.worth`). Spearman's rank correlation."""


class Sense(StrEnum):
    """On which side of the bound an item counts as found."""

    ABOVE = ">"
    AT_LEAST = "≥"
    BELOW = "<"
    AT_MOST = "≤"

    @property
    def sign(self) -> int:
        """1 where a higher score speaks for it, -1 where a lower one does."""
        return 1 if self in {Sense.ABOVE, Sense.AT_LEAST} else -1


class NoData(Exception):
    """What the exam needs is not there (pictures, an extra, weights); the text says what, and the exam is skipped."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that ships, read from where it ships: `Bound.of(BlurryParams(), "min_sharpness", Sense.BELOW)`."""

    value: float
    where: str
    """The dotted name it was read from."""
    sense: Sense

    @classmethod
    def of(cls, owner: object | ModuleType, name: str, sense: Sense = Sense.AT_LEAST) -> Bound:
        """Read `name` of a check's params, a class or a module."""
        kind = owner if isinstance(owner, type) else type(owner)
        place = owner.__name__ if hasattr(owner, "__spec__") else f"{kind.__module__}.{kind.__qualname__}"
        return cls(float(getattr(owner, name)), f"{place}.{name}", sense)


@dataclass(frozen=True, slots=True)
class Data:
    """One source of the exam's items."""

    name: str
    licence: str
    synthetic: bool = False
    """The truth was made (composed, degraded, drawn), not found."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: `Wanted("recall", 0.9)`, `Wanted("auc", 0.75, of="near")`, `Wanted("cpu_ms", 250, most=True)`.

    `figure` is one of the exam's figures (see `marking.py`), or `cpu_ms`; `of` is a slice, everything when empty.
    """

    figure: str
    bound: float
    of: str = ""
    most: bool = False
    """At most, and not at least."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the page draws over a picture: truth in green, what was found in red. Boxes are x, y, w, h as shares."""

    truth_boxes: tuple[Box, ...] = ()
    found_boxes: tuple[Box, ...] = ()
    words: tuple[str, ...] = ()
    """Said at the found boxes, in their order."""
    truth_mask: NDArray[np.uint8] | None = None
    found_mask: NDArray[np.uint8] | None = None
    """Masks are (h, w), 0 or 255, of any size; their outlines are drawn."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is marked."""

    id: str
    slice: str
    """One word or two: figures are given for each slice."""
    score: float | None
    """What the exam is about says, as it comes; None is no answer, which finds nothing and ranks below every answer."""
    truth: bool = True
    """Whether it is what is looked for. Without meaning for `Kind.LEVEL` and `Kind.RANK`."""
    worth: float | None = None
    """For `Kind.RANK`: what the score should rise with, such as what people said of the picture."""
    said: bool | None = None
    """What was decided, where the exam has no bound because several columns decide; None is unsure."""
    baselines: Mapping[str, float | None] = field(default_factory=dict)
    group: str = ""
    """Items of one listing or one base picture: drawn together by the bootstrap, ranked together by `Kind.ORDER`."""
    picture: Path | bytes | Callable[[], bytes] | None = None
    """For the page of errors; a function is called only for what is shown."""
    overlay: Overlay | Callable[[], Overlay] | None = None
    note: str = ""
    """A few words for the page: what was read, which title was shown."""
    cpu_ms: float | None = None
    also: tuple[str, ...] = ()
    """Finer slices that it is counted in as well."""
    label: str = ""
    """Which of several classes it is, for a level that is 1 where the class is told and 0 elsewhere."""
    answer: str | None = None
    """Which class was told; None is no answer."""
    baseline_answers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """How the exam is to be held."""

    data: Path
    """The folder of real pictures."""
    full: bool = False
    """As many items as there are; otherwise about a minute of CPU time."""
    seed: int = 1

    def folder(self, name: str) -> Path:
        """A folder of the data. Raises NoData when it is not there."""
        if not (found := self.data / name).is_dir():
            raise NoData(f"{name} is not in {self.data.name}; name the folder of pictures with --data")
        return found

    def some(self, quick: int, full: int) -> int:
        """How many to take."""
        return full if self.full else quick


@dataclass(frozen=True, slots=True)
class Exam:
    """One file `exams/<id>.py` holds one, called `EXAM`."""

    title: str
    kind: Kind
    items: Callable[[Asked], Iterable[Item]]
    data: tuple[Data, ...]
    bound: Bound | None
    """None where `Item.said` decides, and for `Kind.ORDER` and `Kind.RANK`."""
    set_on: str
    """What data set the bound, or trained the model: never what is scored here. Says so where it was a guess."""
    baselines: Mapping[str, Bound | Sense] = field(default_factory=dict)
    """Name → its own bound; or only which side counts: it is then shown at the recall of what is examined."""
    wanted: tuple[Wanted, ...] = ()
    sense: Sense = Sense.AT_LEAST
    """Which side of the score counts, where there is no bound."""
    is_probability: bool = False
    """The score is called a probability: a calibration curve is drawn."""
    models: Callable[[], Mapping[str, str]] = dict
    """Name → version of the models that took part."""
    about: str = ""
    """What the reader must know beside the figures: what the data cannot show."""
