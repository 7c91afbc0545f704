"""The process that runs models for all workers, and the driver's hand on it."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Listener
from pathlib import Path
from typing import TYPE_CHECKING, Self

from packshot.allocator import keep_freed_memory
from packshot.core.errors import EngineError
from packshot.models.lanes import Lanes
from packshot.models.own import file_of
from packshot.models.sessions import Sessions, device

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType

READY = b"ready\n"
MOST_STARTS = 6
"""Times that the process is started within `WITHIN_S` before it is given up."""
WITHIN_S = 60.0
START_S = 120.0
"""How long it may take until it answers: a busy machine loads the libraries in some seconds."""
LONGEST_ADDRESS = 100
"""Bytes that the path of a socket may have (108 on Linux, its end included)."""


class ModelProcess:
    """One process that runs models; it is started again when it dies, and ends with the process that holds this."""

    def __init__(self, lanes: int | None = None) -> None:
        """Start it with so many lanes, as many as there are cores by default; EngineError where it does not start."""
        self._lanes = lanes or len(os.sched_getaffinity(0))
        self._folder = Path(tempfile.mkdtemp(prefix="packshot-models-"))  # nobody else may enter it
        if len(os.fsencode(self._folder)) > LONGEST_ADDRESS - 10:
            self._folder.rmdir()
            self._folder = Path(tempfile.mkdtemp(prefix="packshot-models-", dir="/tmp"))
        self.address = str(self._folder / "models")
        self._closing = threading.Event()
        self._starts: list[float] = []
        try:
            self._process = self._started()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        threading.Thread(target=self._watch, name="packshot models", daemon=True).start()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    @property
    def pid(self) -> int:
        """The number of the process as it runs now."""
        return self._process.pid

    def close(self) -> None:
        """End it and remove its socket."""
        self._closing.set()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _started(self) -> subprocess.Popen[bytes]:
        self._starts.append(time.monotonic())
        Path(self.address).unlink(missing_ok=True)
        command = [sys.executable, "-m", "packshot.models.serving", self.address, str(self._lanes)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own
        assert process.stdout is not None  # noqa: S101 - it was asked for
        answers = select.select([process.stdout], [], [], START_S)[0]
        if not answers or process.stdout.readline() != READY:
            process.kill()
            code = process.wait()
            hint = (
                "What it said stands above. packshot doctor looks at the models; free memory, if there was too little."
            )
            raise EngineError(f"The process for models does not start (exit code {code}).", hint)
        return process

    def _watch(self) -> None:
        """Start it again when it dies, some times; what it died of is not asked a third time by the caller."""
        while True:
            self._process.wait()
            recent = [at for at in self._starts if time.monotonic() - at < WITHIN_S]
            if self._closing.is_set():
                return
            if len(recent) >= MOST_STARTS:
                # Without the folder, whoever asks knows at once that nobody will answer any more.
                shutil.rmtree(self._folder, ignore_errors=True)
                return
            with contextlib.suppress(EngineError, OSError):
                self._process = self._started()
            if self._closing.is_set():
                self._process.kill()


def serve(address: str, lanes: int) -> None:
    """Answer whoever connects to the socket `address`, until standard input ends."""
    # Ctrl-C goes to the whole process group; the driver decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_driver, args=(Path(address).parent,), daemon=True).start()
    keep_freed_memory()
    running = Lanes(Sessions(file_of, device()), lanes)
    with Listener(address, "AF_UNIX", backlog=128) as listener:
        os.write(1, READY)
        while True:
            connection = listener.accept()
            threading.Thread(target=_answer, args=(connection, running), daemon=True).start()


def _answer(connection: Connection, lanes: Lanes) -> None:
    with connection, contextlib.suppress(EOFError, OSError):
        connection.send_bytes(READY)
        while True:
            # From a worker of the same user, through a socket in a folder that nobody else may enter.
            model, inputs = pickle.loads(connection.recv_bytes())  # noqa: S301
            try:
                answer: object = lanes.ask(model, inputs)
            except Exception as error:  # noqa: BLE001 - the door of this process: whoever asked raises it again
                answer = error
            connection.send_bytes(pickle.dumps(answer, protocol=5))


def _end_with_driver(folder: Path) -> None:
    """Wait for the driver's end, which a kill may bring; then nobody else removes the socket's folder."""
    while os.read(0, 4096):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
