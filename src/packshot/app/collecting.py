"""Reads the sources of a run, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from packshot.app.summary import SourceSummary
from packshot.core.errors import UsageError
from packshot.pipeline.collect_step import collect
from packshot.pipeline.letting_go import let_go

if TYPE_CHECKING:
    from collections.abc import Callable

    from packshot.collect.opening import OpenSource
    from packshot.pipeline.job import Job

Sources: TypeAlias = "Mapping[str, OpenSource]"
"""The sources of a run by the names that people call them, without secrets."""


def named(
    source: str | Path | OpenSource | Mapping[str, OpenSource], opened: Callable[[str | Path], OpenSource]
) -> Sources:
    """What a run was given, by name; what is not open is `opened`."""
    if isinstance(source, Mapping):
        if not source:
            raise UsageError("There is no source to read.", "Name one at least.")
        return source
    one = opened(source) if isinstance(source, str | Path) else source
    return {one.uri: one}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of each source."""

    summaries: list[SourceSummary] = field(default_factory=list)

    @property
    def placements(self) -> int:
        """Placements of all sources."""
        return sum(one.placements for one in self.summaries)

    def of(self, sources: Sources) -> list[OpenSource]:
        """The sources that could be read."""
        return [sources[one.name] for one in self.summaries if one.failed is None]


def collect_all(job: Job, sources: Sources, *, accept_removals: bool) -> Read:
    """Read each source whole and commit what changed in it.

    Of several sources one that cannot be read, or has lost too much, is told and left as it was. Raises UsageError
    where that is so of the only one, or of all: what the first of them said.
    """
    read, errors = Read(), []
    for name, source in sources.items():
        try:
            found = collect(job, source, accept_removals=accept_removals)
        except UsageError as error:
            errors.append(error)
            read.summaries.append(SourceSummary(name, failed=error.message, hint=error.hint))
        else:
            read.summaries.append(SourceSummary(name, found.listings, found.placements))
        let_go()
    if len(errors) == len(sources):
        raise errors[0]
    return read


def notes_of(sources: Sources) -> list[str]:
    """What the sources say beside their troubles; of several, each with its name."""
    one = len(sources) == 1
    return [
        str(line) if one else f"{name}: {line}" for name, source in sources.items() for line in source.notes.lines()
    ]
