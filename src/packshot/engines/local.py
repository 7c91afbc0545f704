"""The local engine: supervised worker processes, one per core, so that a hostile file costs a row and not the run."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import queue
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Self

from packshot.core.errors import EngineError
from packshot.engines.supervised import Answers, Supervised, Task, Tasks
from packshot.engines.worker_process import request
from packshot.pipeline.engine import DEFAULT_WORKER_LIMITS, Engine, Outcome, WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packshot.pipeline.engine import EngineOptions, Shard, Work

AHEAD = 2
"""Shards in flight for each worker: enough to keep it busy, few enough to keep memory flat."""
MOST_EARLY_DEATHS = 8
"""So many workers in a row may die before they come to a row; then something else than a file is wrong."""


class LocalEngine(Engine):
    """Worker processes on this machine, started as they are needed and kept for the next work."""

    def __init__(self, workers: int | None = None, limits: WorkerLimits = DEFAULT_WORKER_LIMITS) -> None:
        """Use `workers` processes, as many as there are usable cores by default, and hold each to `limits`."""
        self.workers = workers or len(os.sched_getaffinity(0))
        self._limits = limits
        self._tasks: Tasks = queue.SimpleQueue()
        self._staff: list[Supervised] = []
        self._early_deaths = 0

    @classmethod
    def open(cls, options: EngineOptions) -> Self:
        """Worker processes on this machine; nothing is started yet."""
        return cls(options.workers, options.limits)

    def hold(self, work: Work) -> None:
        """Nothing to hold: the workers see what the driver sees."""

    def run(self, work: Work, shards: Iterable[Shard], *, alone: bool = False) -> Iterator[Outcome]:
        """Run `work` over `shards`; a row that hangs or kills costs its own shard and no other.

        Raises EngineError where no workers can be had, and whatever the work itself raises.
        """
        waiting = iter(shards)
        limit = 1 if alone else self.workers * AHEAD
        answers, running = Answers(), 0
        try:
            while True:
                while running < limit and (shard := next(waiting, None)) is not None:
                    self._tasks.put(Task(shard, request(work, shard), answers))
                    running += 1
                    self._hire(running)
                if not running:
                    return
                outcome = self._outcome(*answers.queue.get())
                if outcome is None:
                    self._hire(running)
                    continue
                running -= 1
                self._hire(running)
                yield outcome
        finally:
            answers.over = True

    def rest(self) -> None:
        """Stop the workers: matching, judging and choosing need the memory, and new ones are started in a second."""
        self.close()

    def close(self) -> None:
        """Stop the workers without waiting for what they are at."""
        for worker in self._staff:
            self._tasks.put(None)
            worker.end()
        self._staff = []
        self._tasks = queue.SimpleQueue()

    def _hire(self, running: int) -> None:
        """Start workers until there is one for each running shard, or as many as there may be."""
        while len(self._staff) < min(running, self.workers):
            # A fork server: forking this process is unsafe once table readers have started threads in it.
            context = multiprocessing.get_context("forkserver")
            with _main_module_hidden():
                self._staff.append(Supervised(context, self._tasks, self._limits))

    def _outcome(self, task: Task, answer: bytes | Supervised) -> Outcome | None:
        """What became of a task; None when it goes to another worker, because it never came to this one."""
        if isinstance(answer, bytes):
            self._early_deaths = 0
            tables, error = pickle.loads(answer)  # noqa: S301 - from our own worker, through a pipe of its own
            if error is not None:
                raise error
            return Outcome(task.shard, tables)
        self._staff.remove(answer)
        lost = answer.lost()
        self._early_deaths = self._early_deaths + 1 if lost.row is None else 0
        if self._early_deaths == MOST_EARLY_DEATHS:
            raise EngineError(
                f"The worker processes die before they come to a file ({lost.detail}).",
                "Give fewer --workers or more --worker-memory, and run `packshot doctor`.",
            )
        if not answer.began:
            self._tasks.put(task)
            return None
        return Outcome(task.shard, None, lost)


@contextlib.contextmanager
def _main_module_hidden() -> Iterator[None]:
    # A new worker would import the caller's script again, and run it again where it has no `__main__` guard.
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
