"""The contract of an engine: it runs work over shards somewhere, and knows nothing of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Work:
    """What to do with a shard, as data: the same on every engine."""

    function: str
    """`package.module:name` of a function `(params, rows: pa.Table) -> dict[str, pa.Table]` that never raises for
    what a row may hold."""
    params: Mapping[str, object]
    """JSON values only."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Some rows to work on."""

    number: int
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one shard."""

    shard: Shard
    tables: Mapping[str, pa.Table] | None
    """What the work gave, by table name; None when the worker died before it could answer."""


class Engine(Protocol):
    """Runs work over shards; gives each shard back exactly once, in any order."""

    def run(self, work: Work, shards: Iterable[Shard], *, alone: bool = False) -> Iterator[Outcome]:
        """Run `work` over `shards`, reading them lazily.

        With `alone`, one shard at a time, so that a dying worker takes nobody else's shard with it.
        """
        ...

    def close(self) -> None:
        """Stop the workers."""
        ...
