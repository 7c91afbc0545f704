"""Why something could not be handled, recorded as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TroubleKind(StrEnum):
    """The closed list of what goes wrong with one file or one feed row."""

    BAD_ROW = "bad_row"
    """A feed row lacks what it needs or contradicts another row."""
    NOT_FOUND = "not_found"
    """The feed names a file that is not there, or a server says that it is not."""
    REFUSED = "refused"
    """The location may not be read: outside the feed's folder, a scheme or a network that is not allowed."""
    UNREACHABLE = "unreachable"
    """Reading failed: permissions, I/O errors, network."""
    EMPTY = "empty"
    """The file has no bytes."""
    TOO_LARGE = "too_large"
    """More bytes or frames than the limits allow."""
    BOMB = "bomb"
    """More pixels than the limits allow, by its header; or packed bytes that unpack to more than the limits."""
    NOT_AN_IMAGE = "not_an_image"
    """The content is not an image, whatever the name says."""
    UNSUPPORTED = "unsupported"
    """An image, but of a format or mode that this install does not decode."""
    TRUNCATED = "truncated"
    """The file ends before its picture does."""
    CORRUPT = "corrupt"
    """The decoder refuses the content."""
    TIMED_OUT = "timed_out"
    """Handling took longer than the limit."""
    OUT_OF_MEMORY = "out_of_memory"
    """Handling needs more memory than one worker may have."""
    CRASHED = "crashed"
    """The worker process died while it handled this file."""
    MEASURE_FAILED = "measure_failed"
    """The picture decoded, but one measure raised an error."""
    MODEL_FAILED = "model_failed"
    """The picture decoded, but the process that runs models died of it or was not there."""
    CHANGED = "changed"
    """A file referenced in place no longer has the bytes that were read first."""


RETRYABLE = frozenset(
    {
        TroubleKind.NOT_FOUND,
        TroubleKind.UNREACHABLE,
        TroubleKind.TIMED_OUT,
        TroubleKind.OUT_OF_MEMORY,
        TroubleKind.CHANGED,
        TroubleKind.MODEL_FAILED,
    }
)
"""Kinds that a rerun tries again without being asked."""

FORGOTTEN = "It was forgotten in this workspace (packshot forget) and is kept out."
"""Why what was forgotten is refused."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that could not be handled."""

    stage: str
    """`collect`, `fetch`, `decode` or `measure`."""
    kind: TroubleKind
    detail: str
    source_uri: str = ""
    asset_id: str | None = None
    placement_id: str | None = None
    measure: str | None = None
    version: int | None = None
    model: str | None = None
    """The versions of the measure's models, where it has any."""

    @property
    def retryable(self) -> bool:
        """Whether a rerun tries again without being asked."""
        return self.kind in RETRYABLE
