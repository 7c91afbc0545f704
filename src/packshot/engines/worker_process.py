"""What runs inside a worker process: it answers one request after another until its driver goes."""

from __future__ import annotations

import fcntl
import importlib
import multiprocessing
import os
import pickle
import resource
import signal
import time
import traceback
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from packshot.allocator import keep_freed_memory
from packshot.core.errors import PackshotError
from packshot.pipeline import at_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableSequence
    from multiprocessing.connection import Connection

    from packshot.pipeline.engine import Shard, Work

    Function: TypeAlias = Callable[[Mapping[str, object], pa.Table], dict[str, pa.Table]]

READY = b"ready"
"""The first message of a worker."""
OUT_OF_MEMORY = 77
"""How a worker ends that cannot even put its answer together under its memory limit."""

Cell: TypeAlias = "MutableSequence[int]"
"""Two shared numbers: the row at hand (`at_hand.NO_ROW` for none), and when that began (monotonic, in ns)."""


def request(work: Work, shard: Shard) -> bytes:
    """A request for `serve`. Rows go as an Arrow stream: a pickled slice would carry the whole table along."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, shard.rows.schema) as writer:
        writer.write_table(shard.rows)
    return pickle.dumps((work.function, dict(work.params), sink.getvalue().to_pybytes()))


def serve(connection: Connection, cell: Cell, memory_bytes: int, environment: dict[str, str]) -> None:
    """Answer requests that come over `connection`, telling `cell` which row is at hand, in the given environment.

    An answer is a pickle of either the tables or the error that ends the run.
    """
    # Ctrl-C goes to the whole process group; the driver decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_driver()
    _limit_memory(memory_bytes)
    keep_freed_memory()
    if environment != dict(os.environ):
        os.environ.clear()
        os.environ.update(environment)

    def note(row: int) -> None:
        # The time first: whoever reads them in between sees a row that has just begun, never one that began long ago.
        cell[1] = time.monotonic_ns()
        cell[0] = row

    at_hand.listen(note)
    connection.send_bytes(READY)
    while True:
        try:
            asked = connection.recv_bytes()
        except EOFError:
            return
        answer = _answer(asked)
        at_hand.announce(at_hand.NO_ROW)
        connection.send_bytes(answer)


def _end_with_driver() -> None:
    """Let the kernel kill this process when its driver goes, even while a decoder hangs and holds the interpreter.

    The driver holds the write end of the sentinel pipe; when it goes, the read end gets a signal.
    """
    driver = multiprocessing.parent_process()
    if driver is None:
        return
    descriptor = driver.sentinel
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if not driver.is_alive():  # it went before the signal was asked for
        os._exit(1)


def _limit_memory(memory_bytes: int) -> None:
    """Let allocations beyond `memory_bytes` of private writable memory fail; stricter limits from outside stay."""
    # Arrow's own allocator would reserve a whole gigabyte, which counts here, for tables of some kilobytes.
    pa.set_memory_pool(pa.system_memory_pool())
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _answer(asked: bytes) -> bytes:
    try:
        return pickle.dumps((_tables(asked), None))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except PackshotError as error:
        return pickle.dumps((None, error))
    except Exception as error:  # noqa: BLE001 - the door of the worker: the driver raises it again
        error.add_note("In a worker process:\n" + traceback.format_exc())
        return _pickled(error)


def _tables(asked: bytes) -> dict[str, pa.Table]:
    name, params, stream = pickle.loads(asked)  # noqa: S301 - from our own driver, through a pipe of its own
    with pa.ipc.open_stream(stream) as reader:
        rows = reader.read_all()
    module, _, attribute = name.partition(":")
    function: Function = getattr(importlib.import_module(module), attribute)
    return function(params, rows)


def _pickled(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((None, error))
        pickle.loads(answer)  # noqa: S301 - our own bytes: some errors can be written but not read
    except Exception:  # noqa: BLE001 - whatever an error of foreign code does when it is pickled
        answer = pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}\n{traceback.format_exc()}")))
    return answer
