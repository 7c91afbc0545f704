"""Where this process asks models: in itself, or at the model process that it was told of."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from packshot.models.caller import Caller
from packshot.models.lanes import Answer
from packshot.models.own import file_of
from packshot.models.sessions import Sessions, device

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from packshot.models.sessions import Arrays


class Desk(Protocol):
    """Whoever answers for models."""

    def ask(self, model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Answer:
        """The answer of the model."""
        ...


@dataclass(slots=True)
class Spent:
    """What one model cost since it was last asked for by `take_spent`."""

    requests: int = 0
    cpu_ns: int = 0
    here: bool = True
    """Whether it was spent in this process: then the process's own CPU time holds it, too."""


class _Here:
    """Models in this process: for single pictures, and on machines that have no model process."""

    def __init__(self) -> None:
        self._sessions = Sessions(file_of, device())

    def ask(self, model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Answer:
        before = time.thread_time_ns()
        outputs = self._sessions.run(model, inputs)
        return Answer(outputs, time.thread_time_ns() - before)


_state: dict[str, Any] = {"desk": None, "address": None, "pid": 0}
_spent: dict[str, Spent] = {}


def sit_at(address: str | None) -> None:
    """Ask the model process at `address` from now on, or run models in this process where it is None."""
    if (_state["address"], _state["pid"]) != (address, os.getpid()):
        _state.update(desk=Caller(address) if address else None, address=address, pid=os.getpid())


def use(desk: Desk | None) -> None:
    """Ask `desk` from now on; None goes back to models in this process. For tests and for whoever runs models alone."""
    _state.update(desk=desk, address=None, pid=os.getpid())


def run(model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Arrays:
    """Every output of the model `model` for `inputs`: by name, or one array for its first input.

    Raises MissingExtra, ModelMissing or ModelDamaged where it cannot run here, ModelError where it fails.
    """
    if _state["desk"] is None:
        _state.update(desk=_Here(), pid=os.getpid())
    answer: Answer = _state["desk"].ask(model, inputs)
    spent = _spent.setdefault(model, Spent(here=_state["address"] is None))
    spent.requests += 1
    spent.cpu_ns += answer.cpu_ns
    return answer.outputs


def take_spent() -> dict[str, Spent]:
    """What each model cost since the last time this was asked; for profiles."""
    taken = dict(_spent)
    _spent.clear()
    return taken
