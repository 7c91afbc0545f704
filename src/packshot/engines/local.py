"""The local engine: one worker process per core, so that a decoder's crash costs a worker and not the run."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from packshot.pipeline.engine import Outcome, Shard, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pyarrow as pa

    Function: TypeAlias = Callable[[Mapping[str, object], pa.Table], dict[str, pa.Table]]

AHEAD = 2
"""Shards in flight for each worker: enough to keep it busy, few enough to keep memory flat."""


class LocalEngine:
    """Worker processes on this machine, started by the first shard and kept for the next work."""

    def __init__(self, workers: int | None = None) -> None:
        """Use `workers` processes; as many as there are usable cores by default."""
        self.workers = workers or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Work, shards: Iterable[Shard], *, alone: bool = False) -> Iterator[Outcome]:
        """Run `work` over `shards`; a shard whose worker died comes back with `tables=None`."""
        waiting = iter(shards)
        limit = 1 if alone else self.workers * AHEAD
        running: dict[Future[dict[str, pa.Table]], Shard] = {}
        try:
            while True:
                while len(running) < limit and (shard := next(waiting, None)) is not None:
                    running[self._submit(work, shard)] = shard
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield self._outcome(future, running.pop(future))
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """Stop the workers without waiting for what they are at."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _submit(self, work: Work, shard: Shard) -> Future[dict[str, pa.Table]]:
        with _main_module_hidden():
            try:
                return self._started().submit(_call, work.function, dict(work.params), shard.rows)
            except BrokenProcessPool:
                self.close()
                return self._started().submit(_call, work.function, dict(work.params), shard.rows)

    def _outcome(self, future: Future[dict[str, pa.Table]], shard: Shard) -> Outcome:
        try:
            return Outcome(shard, future.result())
        except BrokenProcessPool:
            self.close()
            return Outcome(shard, None)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A fork server: forking this process is unsafe once table readers have started threads in it.
            context = multiprocessing.get_context("forkserver")
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin_worker)
        return self._pool


@contextlib.contextmanager
def _main_module_hidden() -> Iterator[None]:
    # A new worker would import the caller's script again, and run it again where it has no `__main__` guard.
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin_worker() -> None:
    # Ctrl-C goes to the whole process group; the driver decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, daemon=True).start()


def _end_with_driver() -> None:
    # A killed driver cannot tell its workers to stop, and their queue never closes.
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def _call(function: str, params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    module, _, name = function.partition(":")
    found: Function = getattr(importlib.import_module(module), name)
    return found(params, rows)
