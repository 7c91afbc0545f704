"""Asks the model process, from a worker."""

from __future__ import annotations

import pickle
import threading
import time
from multiprocessing.connection import Client
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

    from packshot.models.lanes import Answer

PATIENCE_S = 20.0
"""How long a worker waits for a model process that is being started again."""
_PAUSE_S = 0.05
TRIES = 2
"""Times that a request is sent: the process may have died of another one."""


class Caller:
    """A worker's line to the model process at `address`; each thread has a connection of its own."""

    def __init__(self, address: str, patience_s: float = PATIENCE_S) -> None:
        """Connect when something is asked."""
        self.address = address
        self._patience_s = patience_s
        self._mine = threading.local()

    def ask(self, model: str, inputs: Mapping[str, NDArray[Any]] | NDArray[Any]) -> Answer:
        """The answer of the model.

        Raises what running it raises, and ModelError where its process dies of it or is gone.
        """
        request = pickle.dumps((model, inputs), protocol=5)
        for _ in range(TRIES):
            connection = self._connected()
            try:
                answer = self._sent(connection, request)
            except (OSError, EOFError):
                self._mine.connection = None
                continue
            if isinstance(answer, Exception):
                raise answer
            said: Answer = answer
            return said
        raise ModelError(f"The process for models died {TRIES} times while the model {model} was asked.")

    @staticmethod
    def _sent(connection: Connection, request: bytes) -> Any:
        connection.send_bytes(request)
        return pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own process, by a socket of our own

    def _connected(self) -> Connection:
        found: Connection | None = getattr(self._mine, "connection", None)
        if found is not None:
            return found
        end = time.monotonic() + self._patience_s
        while True:
            try:
                made = self._mine.connection = Client(self.address, "AF_UNIX")
                made.recv_bytes()  # a process that is being killed still takes calls, and answers none
            except (OSError, EOFError) as error:
                if time.monotonic() > end or not Path(self.address).parent.is_dir():
                    raise ModelError("The process for models is gone.") from error
                time.sleep(_PAUSE_S)
            else:
                return made
