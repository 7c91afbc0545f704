"""One worker process and the thread that watches over it: feeds it, knows its row, ends it when it takes too long."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from packshot.core.errors import EngineError
from packshot.engines.worker_process import OUT_OF_MEMORY, serve
from packshot.pipeline.at_hand import NO_ROW
from packshot.pipeline.engine import LossKind, Lost

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext

    from packshot.pipeline.engine import Shard, WorkerLimits

_SHORTEST_WAIT_S = 0.01
_REAP_S = 10.0


@dataclass(slots=True)
class Task:
    """One shard on its way through a worker."""

    shard: Shard
    request: bytes
    answers: Answers
    """Where the answer goes; each run has its own."""


@dataclass(slots=True)
class Answers:
    """What comes back to one run: `(task, bytes)`, or `(task, worker)` of the worker that was lost with it."""

    queue: queue.SimpleQueue[tuple[Task, bytes | Supervised]] = field(default_factory=queue.SimpleQueue)
    over: bool = False
    """Nobody waits for them any more: tasks that have not begun are dropped."""


Tasks: TypeAlias = "queue.SimpleQueue[Task | None]"


class Supervised:
    """A worker process that takes tasks from a queue, until it is lost or the queue gives None.

    Its thread does nothing but wait, so a driver that is busy starves no worker.
    """

    def __init__(self, context: ForkServerContext, tasks: Tasks, limits: WorkerLimits) -> None:
        """Start it; EngineError where the system refuses."""
        self._tasks = tasks
        self._limits = limits
        self._cell = context.RawArray("q", [NO_ROW, 0])
        self._timed_out = False
        self._ready = False
        self.row: int | None = None
        """The row that was at hand when the worker was lost."""
        try:
            self._connection: Connection
            self._connection, theirs = context.Pipe()
            # The fork server was started with the environment of that time; credentials may have been set since.
            given = (theirs, self._cell, limits.memory_bytes, dict(os.environ))
            self._process = context.Process(target=serve, args=given, name="packshot worker", daemon=True)
            self._process.start()
            theirs.close()
            threading.Thread(target=self._watch, name="packshot supervisor", daemon=True).start()
        except (OSError, EOFError, RuntimeError) as error:  # EOFError: the fork server died of it; RuntimeError: thread
            raise EngineError(
                f"A worker process cannot be started ({error or type(error).__name__}).",
                "Allow more processes and open files (ulimit -u, ulimit -n), free memory, or give fewer --workers.",
            ) from error

    @property
    def began(self) -> bool:
        """Whether it came as far as to take requests."""
        return self._ready

    def end(self) -> None:
        """Kill it."""
        self._process.kill()

    def lost(self) -> Lost:
        """Why it was lost, once its task has come back without an answer."""
        if self._timed_out:
            return Lost(LossKind.TIMED_OUT, self.row, f"more than {self._limits.row_seconds:g} s")
        self._process.kill()  # where its pipe broke and it still lives
        self._process.join(_REAP_S)
        code = self._process.exitcode
        if code == OUT_OF_MEMORY:
            return Lost(LossKind.OUT_OF_MEMORY, self.row, f"more than {self._limits.memory_bytes:,} bytes")
        return Lost(LossKind.CRASHED, self.row, _ending(code))

    def _watch(self) -> None:
        try:
            self._ready = bool(self._connection.recv_bytes())
        except (EOFError, OSError):
            self._ready = False
        while (task := self._tasks.get()) is not None:
            if task.answers.over:
                continue
            answer = None
            try:
                answer = self._answer(task) if self._ready else None
            finally:  # whatever becomes of this thread, the run that waits for the task hears of it
                task.answers.queue.put((task, self if answer is None else answer))
            if answer is None:
                return
        self._connection.close()

    def _answer(self, task: Task) -> bytes | None:
        """The answer, or None when the worker was lost."""
        try:
            self._connection.send_bytes(task.request)
            while not self._connection.poll(self._patience()):
                if self._is_overdue():
                    return None
            return self._connection.recv_bytes()
        except (EOFError, OSError):
            self.row = self._at_hand()[0]
            return None

    def _at_hand(self) -> tuple[int | None, float]:
        """The number of the row at hand, and for how many seconds it has been."""
        row, since = int(self._cell[0]), int(self._cell[1])  # in this order: see `worker_process.serve`
        return None if row == NO_ROW else row, (time.monotonic_ns() - since) / 1e9

    def _patience(self) -> float:
        """Seconds until the row at hand, or one that begins now, will have taken too long."""
        row, seconds = self._at_hand()
        limit = self._limits.row_seconds
        return limit if row is None else max(_SHORTEST_WAIT_S, limit - seconds)

    def _is_overdue(self) -> bool:
        """Whether the row at hand has taken too long; the worker is then killed."""
        row, seconds = self._at_hand()
        if row is None or seconds <= self._limits.row_seconds:
            return False
        self.row, self._timed_out = row, True
        self._process.kill()
        return True


def _ending(code: int | None) -> str:
    if code is None:
        return "it does not end"
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
