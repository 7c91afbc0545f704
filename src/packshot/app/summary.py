"""What a run did, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packshot.pipeline.profile import Cost


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """What a run said by one policy."""

    policy: str
    verdicts: dict[str, int]
    """How many placements have each verdict."""
    galleries: int
    """Galleries: one for each listing id, whichever sources name it."""
    galleries_with_main: int
    faults: list[tuple[str, int, int, int]]
    """Rule, fails, unsure, warnings; the worst first."""
    report: str | None = None
    delta: dict[str, Any] | None = None
    """What changed since the run of this policy before, without the rows; None where there was none."""

    def as_dict(self) -> dict[str, object]:
        """The summary as JSON values."""
        return asdict(self) | {"faults": _named(self.faults)}


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """What a run read of one source."""

    name: str
    """As people call it, without secrets."""
    listings: int = 0
    placements: int = 0
    failed: str | None = None
    """Why it could not be read; what it gave before stands as it was."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did; `as_dict` is what `packshot run --json` prints."""

    run_id: str
    policy: str
    listings: int
    placements: int
    assets: int
    decoded: int
    """Assets decoded in this run."""
    reused: int
    """Assets whose measurements were there already."""
    troubles: int
    """Rows of the table `troubles` as it stands."""
    placements_with_trouble: int
    verdicts: dict[str, int]
    """How many placements have each verdict."""
    clusters: int
    """Clusters of pictures that are the same and differ in their bytes."""
    galleries: int
    """Galleries: one for each listing id, whichever sources name it."""
    galleries_with_main: int
    seconds: float
    faults: list[tuple[str, int, int, int]] = field(default_factory=list)
    """Rule, fails, unsure, warnings; the worst first."""
    trouble_kinds: list[tuple[str, int, str]] = field(default_factory=list)
    """Kind of trouble, how many, and what one of them says; the commonest first."""
    notes: list[str] = field(default_factory=list)
    report: str | None = None
    delta: dict[str, Any] | None = None
    """What changed since the run of this policy before, without the rows; None where there was none."""
    placed_again: int = 0
    """Files, by their bytes, that are placed more than once; they are in no cluster."""
    profile: list[Cost] | None = None
    """What each stage cost, the costliest first; None unless it was asked for."""
    also: list[PolicySummary] = field(default_factory=list)
    """What the run said by its other policies; all that stands above is by the first one."""
    sources: list[SourceSummary] = field(default_factory=list)
    """What was read of each source of the run; all else is of everything in the workspace."""

    def words(self) -> set[str]:
        """The verdicts that any placement has by any policy of the run."""
        told = (self.verdicts, *(one.verdicts for one in self.also))
        return {word for verdicts in told for word, count in verdicts.items() if count}

    def failed_sources(self) -> list[SourceSummary]:
        """Those that could not be read."""
        return [one for one in self.sources if one.failed is not None]

    def finished(self, *, seconds: float, report: str | None, also: list[PolicySummary]) -> RunSummary:
        """The summary with how long it all took, where the report is, and all that is told of the other policies."""
        return replace(self, seconds=seconds, report=report, also=also)

    def compared(self, delta: dict[str, Any] | None, notes: list[str]) -> RunSummary:
        """The summary with what changed, and with notes on what could not be told."""
        return replace(self, delta=delta, notes=[*self.notes, *notes])

    def as_dict(self) -> dict[str, object]:
        """The summary as JSON values."""
        found = asdict(self)
        found["faults"] = _named(self.faults)
        found["also"] = [one.as_dict() for one in self.also]
        kinds = ("kind", "troubles", "example")
        found["trouble_kinds"] = [dict(zip(kinds, kind, strict=True)) for kind in self.trouble_kinds]
        if self.profile is None:
            del found["profile"]
        found["seconds"] = round(self.seconds, 3)
        return found


def _named(faults: list[tuple[str, int, int, int]]) -> list[dict[str, object]]:
    names = ("rule", "fails", "unsure", "warnings")
    return [dict(zip(names, fault, strict=True)) for fault in faults]
