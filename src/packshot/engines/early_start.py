"""Starts the process that workers are forked from before there is an engine, while the driver loads its libraries."""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver


def prepare_workers(module: str) -> None:
    """Start the fork server now, and let it import `module`: workers are then forked with it loaded.

    For programs that own their process, early in their start: what else in the process uses fork servers gets the same
    one. Starting workers that were not prepared only takes longer; a `module` that cannot be imported is left to them.
    """
    multiprocessing.set_forkserver_preload([module])
    forkserver.ensure_running()
