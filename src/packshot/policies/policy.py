"""A policy: what one channel asks, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from packshot.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from packshot.core.listing import Role
    from packshot.core.shot import Shot
    from packshot.policies.categories import Category


class Evidence(StrEnum):
    """How sure we are that the channel asks this."""

    VERIFIED = "verified"
    """The owner's own page."""
    CORROBORATED = "corroborated"
    """Three or more independent pages agree."""
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a channel asks."""

    id: str
    """Unique inside the policy; the check's id unless the policy gives another."""
    check: str | None
    """The check that judges it; None for a manual rule."""
    params: Mapping[str, object] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    """Roles it applies to; empty means all."""
    categories: tuple[str, ...] = ()
    """Applies where the listing's category contains one of these words: case ignored, whole words, a plural s is
    allowed, `*` stands for more letters (`*kleidung`); or where it is of one of packshot's categories (`@apparel`).
    Empty means all."""
    also_categories: tuple[str, ...] = ()
    """And one of these, too: children's words there and underwear's here; empty asks for no more."""
    except_categories: tuple[str, ...] = ()
    on_fail: Verdict = Verdict.FIX
    """`show` makes it advice: a failing picture gets a warning."""
    says: str = ""
    source: str = ""
    read_on: date | None = None
    evidence: Evidence = Evidence.UNVERIFIED
    effective_from: date | None = None
    until: date | None = None
    """First day on which it no longer holds."""
    require: bool = False
    """Where it cannot be assessed, a person has to look."""
    manual: bool = False
    question: str = ""
    """What a reviewer is asked, for a manual rule."""


@dataclass(frozen=True, slots=True)
class GalleryRules:
    """What the channel's gallery looks like."""

    max_pictures: int = 9
    """The main picture included."""
    wanted_pictures: int = 4
    """How many a good listing shows."""
    wanted_roles: tuple[Role, ...] = ()
    """Shots that a good listing has, by role."""
    wanted_shots: tuple[Shot, ...] = ()
    """Shots that a good listing has, by what its pictures are seen to show; those that are missing are named."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All that one channel asks."""

    id: str
    title: str
    rules: tuple[Rule, ...]
    gallery: GalleryRules = GalleryRules()
    says: str = ""
    every_check: bool = False
    """Every check that no rule names joins with its own defaults: a new check takes effect by itself."""
    removed: tuple[str, ...] = ()
    """Checks that do not join by themselves."""
    categories: Mapping[str, Category] = field(default_factory=dict)
    """What `@apparel` and the like mean in its rules: packshot's map with what the user's and the policy's own add."""
    toml: str = ""
    """The text it was loaded from, with those it extends."""
    hash: str = ""
    """BLAKE3 of all that it asks, in canonical JSON; texts for people count too."""
