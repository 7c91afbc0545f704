"""Two assets that are the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchKind(StrEnum):
    """How two assets belong together."""

    EXACT = "exact"
    """The same bytes, placed more than once."""
    SAME = "same"
    """The same picture, re-encoded or resized."""
    COPY = "copy"
    """Cropped, mirrored or with something laid over it."""
    BANK = "bank"
    """Known to be bad."""
    VARIANT = "variant"
    """The same shape in another colour: information, never a fault."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two assets that belong together; `asset_a` is the lesser id."""

    asset_a: str
    asset_b: str
    kind: MatchKind
    distance: int
    """Hamming distance of the 256-bit PDQ hashes, 0 to 256."""
