"""Keeps the linear algebra under numpy to the thread that asks."""

from __future__ import annotations

import importlib

from threadpoolctl import threadpool_limits


def keep_to_one_thread() -> None:
    """From now on no matrix product of this process is shared among threads.

    Pictures are spread over workers already. The helpers of a small product spin while they wait for the next one: on
    two cores they took three times the processor time of all that a worker measured.
    """
    importlib.import_module("numpy")  # a limit holds for the libraries that are loaded
    threadpool_limits(limits=1)
