"""Requests of many, run by as many lanes as there are cores: in turn, on a GPU in batches."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import PackshotError
from packshot.models.sessions import Device

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.models.sessions import Arrays, Sessions

MOST_ROWS = 32
"""Rows of one batch, unless a single request has more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, and what it cost."""

    outputs: Arrays
    cpu_ns: int
    """CPU time of the lane at this request; of a batch its share by rows."""


@dataclass(slots=True, eq=False)
class _Request:
    model: str
    inputs: Mapping[str, NDArray[Any]] | NDArray[Any]
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None
    error: Exception | None = None


class Lanes:
    """Threads that run models, each with one request at a time.

    On a CPU requests are not put together: one thread gains nothing by it (docs/decisions/0011-model-process.md), and
    a value must not depend on what else was asked at that moment. On a GPU there is one lane, which takes all that
    waits for the same model in the same shape.
    """

    def __init__(self, sessions: Sessions, lanes: int) -> None:
        """Start them."""
        self._sessions = sessions
        self._waiting: deque[_Request] = deque()
        self._changed = threading.Condition()
        self._over = False
        count = 1 if sessions.where is Device.CUDA else max(1, lanes)
        self._threads = [threading.Thread(target=self._work, name=f"lane {n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def ask(self, model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Answer:
        """Wait for a lane and give its answer; raises what `Sessions.run` raises."""
        request = _Request(model, inputs)
        with self._changed:
            self._waiting.append(request)
            self._changed.notify()
        request.done.wait()
        if request.error is not None:
            raise request.error
        assert request.answer is not None  # noqa: S101 - it is done, and there is no error
        return request.answer

    def close(self) -> None:
        """Let the lanes end when nothing waits any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _work(self) -> None:
        while (requests := self._next()) is not None:
            try:
                self._run(requests)
            except Exception as error:  # noqa: BLE001 - whoever asked gets it, the lane lives on
                for request in requests:
                    request.error = _tellable(error)
            finally:
                for request in requests:
                    request.done.set()

    def _next(self) -> list[_Request] | None:
        with self._changed:
            while not self._waiting:
                if self._over:
                    return None
                self._changed.wait()
            first = self._waiting.popleft()
            if self._sessions.where is not Device.CUDA or not isinstance(first.inputs, np.ndarray):
                return [first]
            return [first, *self._alike(first, first.inputs)]

    def _alike(self, first: _Request, array: NDArray[Any]) -> list[_Request]:
        """Take out what can be one batch with `first`."""
        rows, taken = len(array), []
        for other in list(self._waiting):
            given = other.inputs
            if other.model != first.model or not isinstance(given, np.ndarray) or given.dtype != array.dtype:
                continue
            if len(given) + rows <= MOST_ROWS and given.shape[1:] == array.shape[1:]:
                rows += len(given)
                taken.append(other)
        for other in taken:
            self._waiting.remove(other)
        return taken

    def _run(self, requests: list[_Request]) -> None:
        model, before = requests[0].model, time.thread_time_ns()
        if len(requests) == 1 or not self._sessions.takes_rows(model):
            for request in requests:
                outputs = self._sessions.run(model, request.inputs)
                now = time.thread_time_ns()
                request.answer, before = Answer(outputs, now - before), now
            return
        arrays = [request.inputs for request in requests if isinstance(request.inputs, np.ndarray)]
        together = np.concatenate(arrays)
        outputs = self._sessions.run(model, together)
        each = (time.thread_time_ns() - before) / len(together)
        start = 0
        for request in requests:
            end = start + len(request.inputs)
            request.answer = Answer(tuple(part[start:end] for part in outputs), round(each * (end - start)))
            start = end


def _tellable(error: Exception) -> Exception:
    """As it is where it can go through a pickle, which ours can."""
    if isinstance(error, PackshotError | MemoryError):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
