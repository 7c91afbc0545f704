"""What every step of one run needs: the stores, the engine, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packshot.media.limits import DEFAULT_LIMITS, Limits
from packshot.pipeline.profile import Profile

if TYPE_CHECKING:
    from packshot.pipeline.engine import Engine
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress


@dataclass(frozen=True, slots=True)
class Job:
    """One run."""

    run_id: str
    stores: Stores
    engine: Engine
    progress: Progress
    limits: Limits = DEFAULT_LIMITS
    profile: Profile = field(default_factory=Profile)
    """Where the cost is counted, if somebody asked for it."""
