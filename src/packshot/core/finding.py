"""A rule that one picture, or one listing, did not pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.core.verdict import Status


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says, with all that a person needs to mend it."""

    check: str
    rule: str
    """The rule's id inside its policy; the check's id unless the policy names it otherwise."""
    status: Status
    expected: str
    measured: str
    how_to_fix: str
    source: str
    """Where the channel says so."""
    on_fail: str
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    """Where to look: x, y, w, h as shares of the displayed picture."""

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """The first of them."""
        return self.boxes[0] if self.boxes else None
