"""The contract of a measure: code that looks at pixels and records facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Output, Value
    from packshot.media.picture import Picture


class Measure(ABC):
    """One measure: a file in `evaluate/measures/` whose name is its id.

    The docstring says what is measured, by which method (with its source), and where it is blind.
    """

    version: ClassVar[int] = 1
    """Raise it whenever the numbers change: rows of the old version become stale and are measured again."""
    outputs: ClassVar[tuple[Output, ...]]
    """The columns it fills."""

    @abstractmethod
    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Give a value, or None for "no answer", for every output."""
