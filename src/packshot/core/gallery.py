"""The ordered pictures of a listing, chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a gallery and the picture in it; empty when `asset_id` is None."""

    slot: str
    """`main`, then `1`, `2`, …; `rejected` for a picture that is left out."""
    role: str
    asset_id: str | None
    placement_id: str | None
    source_uri: str | None
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Gallery:
    """What customers should see of one listing."""

    listing_id: str
    slots: tuple[Slot, ...]
    """`main` first; the rejected ones last."""
    missing: tuple[str, ...]
    """Shots that the policy asks for and nobody supplied."""
    score: float
