"""Gives the system back the memory that a finished step held: allocators keep it, and no other step can use it."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def let_go() -> None:
    """Give back what is free; takes some milliseconds.

    Tables are read and written by many threads, and glibc keeps what each of them freed in a heap of that thread's
    own, as much as all live data of a run together. Where the C library is another one, it is left alone; Polars
    gives back by itself.
    """
    pa.default_memory_pool().release_unused()
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """`malloc_trim` of glibc; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    found = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if found is not None:
        found.argtypes, found.restype = [ctypes.c_size_t], ctypes.c_int
    return found
