"""A product page and the pictures that are placed on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What a picture is for on its listing: a closed list."""

    MAIN = "main"
    SECONDARY = "secondary"
    SWATCH = "swatch"
    SIZE_CHART = "size_chart"
    LIFESTYLE = "lifestyle"
    PACKAGING = "packaging"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Listing:
    """One product page."""

    listing_id: str
    title: str | None = None
    category: str | None = None
    google_category: str | None = None
    """An id of Google's product taxonomy or a path in it; `category` says the same where the feed has no other."""
    brand: str | None = None
    gtin: str | None = None
    variant_group_id: str | None = None
    """Listings that differ only by colour or size share it."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Every other column of the feed, by its name there."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One picture on one listing."""

    placement_id: str
    listing_id: str
    uri_key: str
    """BLAKE3 of the normalised URI, without signature parameters."""
    source_uri: str
    """Where the picture came from, as a person would write it: relative to the feed, no credentials."""
    role: Role
    position: int
    """Order within the listing as found, from 0."""
    supplier: str | None = None
