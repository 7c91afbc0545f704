"""The contract of an engine: it runs work over shards somewhere, and knows nothing of pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

from packshot.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Work:
    """What to do with a shard, as data: the same on every engine."""

    function: str
    """`package.module:name` of a function `(params, rows: pa.Table) -> dict[str, pa.Table]` that never raises for
    what a row may hold, and calls `at_hand.announce` for each row. An error that it does raise ends the run."""
    params: Mapping[str, object]
    """JSON values only."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Some rows to work on."""

    number: int
    rows: pa.Table


LEAST_MEMORY_BYTES = 768 * 1024 * 1024
"""The libraries take 270 MB of it, and reading a file as much as the largest file that is allowed (256 MB)."""
MOST_MEMORY_BYTES = 1 << 50
MOST_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker may take; an engine holds its workers to it.

    Raises UsageError for limits that nothing could be done under.
    """

    row_seconds: float = 60.0
    """Wall time at one row; whoever takes longer is ended."""
    memory_bytes: int = 4 * 1024 * 1024 * 1024
    """Private memory of one worker; allocating more fails inside it."""

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        if not 0 < self.row_seconds <= MOST_SECONDS:
            hint = f"Give seconds above 0, such as 60, up to {MOST_SECONDS:,} (a day)."
            raise UsageError(f"{self.row_seconds} is no time limit for a file.", hint)
        if not LEAST_MEMORY_BYTES <= self.memory_bytes <= MOST_MEMORY_BYTES:
            hint = (
                f"Give {LEAST_MEMORY_BYTES // 1024**2} MB or more; 4096 MB are enough for all pictures in the limits."
            )
            raise UsageError(f"{self.memory_bytes / 1024**2:,.0f} MB is no memory limit for a worker.", hint)


DEFAULT_WORKER_LIMITS = WorkerLimits()


class LossKind(StrEnum):
    """Why a shard has no answer."""

    CRASHED = "crashed"
    """Its worker died."""
    TIMED_OUT = "timed_out"
    """Its worker was ended: it was at one row for longer than the limit."""
    OUT_OF_MEMORY = "out_of_memory"
    """Its worker could not go on under its memory limit."""


@dataclass(frozen=True, slots=True)
class Lost:
    """How a shard was lost."""

    kind: LossKind
    row: int | None = None
    """Number, within the shard, of the row that was at hand; None where nobody knows."""
    detail: str = ""
    """What is known besides, in a few words: the signal that ended the process, the seconds that it had."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one shard: its tables, or how it was lost."""

    shard: Shard
    tables: Mapping[str, pa.Table] | None
    """What the work gave, by table name; None when the shard was lost."""
    lost: Lost | None = None
    """Set exactly when `tables` is None."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What a run tells its engine."""

    workers: int | None = None
    """Shards at a time; as many as there are cores by default."""
    address: str | None = None
    """Where the cluster is, for engines that have one."""
    limits: WorkerLimits = field(default_factory=WorkerLimits)
    """What one worker may take."""


class Engine(ABC):
    """Runs work over shards; gives each shard back exactly once, in any order.

    It retries nothing: what to do about a lost shard is decided in `pipeline.sharding`. Where it cannot have workers
    at all it raises EngineError; an error that the work raises comes out of `run` as it is.
    """

    elsewhere: ClassVar[bool] = False
    """Whether shards may run on other machines than the driver's."""

    @classmethod
    @abstractmethod
    def open(cls, options: EngineOptions) -> Self:
        """The engine, ready to run.

        Raises EngineError where it cannot be reached, and MissingExtra where what it needs is not installed.
        """
        ...

    @abstractmethod
    def hold(self, work: Work) -> None:
        """Run `work` without rows on every machine before it gets a shard, also on those that join later.

        Raises what `work` raises.
        """
        ...

    @abstractmethod
    def run(self, work: Work, shards: Iterable[Shard], *, alone: bool = False) -> Iterator[Outcome]:
        """Run `work` over `shards`, reading them lazily.

        With `alone`, one shard at a time and nothing beside it, so that what is lost then is its own fault.
        """
        ...

    @classmethod  # noqa: B027 - an engine without an extra has nothing to ask for
    def hold_installed(cls) -> None:
        """Raise MissingExtra where a library that this engine needs is not installed; nothing is started."""

    def rest(self) -> None:  # noqa: B027 - an engine whose idle workers hold nothing here has nothing to do
        """Let go of what idle workers hold on this machine: no work comes for a while. `run` may be called again."""

    @abstractmethod
    def close(self) -> None:
        """Stop the workers."""
        ...
