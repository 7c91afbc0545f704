"""A seat on a Ray node: the process there that holds one supervised worker and hands it shards."""

from __future__ import annotations

import importlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from packshot.engines.local import LocalEngine
from packshot.pipeline.engine import Shard

if TYPE_CHECKING:
    from packshot.pipeline.engine import EngineOptions, Outcome, Work

NO_ROWS = pa.table({})


def packed(rows: pa.Table) -> bytes:
    """`rows` as an Arrow stream: of a slice, only its own part travels."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    return bytes(sink.getvalue())


def call_here(work: Work) -> None:
    """Run `work` without rows in this process."""
    module, _, name = work.function.partition(":")
    getattr(importlib.import_module(module), name)(work.params, NO_ROWS)


class Seat:
    """Becomes a Ray actor. Its worker is a child process: a file that kills it leaves the actor alive."""

    def __init__(self, options: EngineOptions) -> None:
        """Hold one worker as `options` ask."""
        self._engine = LocalEngine.open(replace(options, workers=1))

    def begin(self, held: Work | None) -> int:
        """The id of this process, once it is up and `held` has found nothing wrong on its machine."""
        if held is not None:
            call_here(held)
        return os.getpid()

    def run(self, work: Work, number: int, rows: bytes) -> Outcome:
        """The outcome of one shard, whose rows stay with the driver."""
        shard = Shard(number, pa.ipc.open_stream(rows).read_all())
        (outcome,) = self._engine.run(work, [shard])
        return replace(outcome, shard=Shard(number, NO_ROWS))
