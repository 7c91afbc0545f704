"""Keeps the linear algebra under numpy to the thread that asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """While it is held, no matrix product of this process is shared among threads.

    Pictures are spread over workers already, and the threads of a small product spin while they wait for the next one:
    on two cores they took twice the processor time of all that was measured. Besides, a product's last bits depend on
    how it was shared: measured by one thread they are the same on any number of cores.
    """
    held: AbstractContextManager[object] = _libraries().limit(limits=1)
    return held


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
