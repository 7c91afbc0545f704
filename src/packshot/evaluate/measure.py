"""The contract of a measure: code that looks at pixels and records facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Output, Value, Vector
    from packshot.media.picture import Picture


class Measure(ABC):
    """One measure: a file in `evaluate/measures/` whose name is its id.

    The docstring says what is measured, by which method (with its source), and where it is blind.
    """

    version: ClassVar[int] = 1
    """Raise it whenever the numbers change: rows of the old version become stale and are measured again."""
    outputs: ClassVar[tuple[Output, ...]]
    """The columns it fills."""
    models: ClassVar[tuple[str, ...]] = ()
    """Ids of the models it runs (`packshot models list`), by `models.desk.run`. Where one is not on this machine, the
    measure is not part of the install; another version of a model makes its rows stale."""
    own: ClassVar[tuple[str, ...]] = ()
    """Names of packshot's own small models that it weighs with (`models.own`): another file makes its rows stale."""
    screened: ClassVar[bool] = False
    """A screen may spare the model (`evaluate/screens.py`): then it gives what it gives where the model finds nothing,
    and the version of its rows tells of the screen."""
    on_request: ClassVar[bool] = False
    """Costly without a model: measured, as those with models are, only where a rule of the policy reads its columns."""
    for_choice: ClassVar[bool] = False
    """The choice of the main picture reads it: where it is costly, measured of listings with pictures to choose from,
    whether or not a rule reads its columns."""
    libraries: ClassVar[tuple[str, ...]] = ()
    """Modules of extras that it imports; where one is not installed, the measure is not part of the install."""
    vector: ClassVar[Vector | None] = None
    """The vector that it gives besides: `measure` gives its float16 values as bytes under the vector's name."""

    @abstractmethod
    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Give a value, or None for "no answer", for every output."""
