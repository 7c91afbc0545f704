"""Tells the C library's allocator to keep the memory of one picture for the next."""

from __future__ import annotations

import ctypes

KEPT_BYTES = 64 * 1024 * 1024
LARGEST_KEPT_BYTES = 32 * 1024 * 1024
"""More than this at once, glibc allows no more, always comes from the system: a picture of more than 11 megapixels."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""As glibc's malloc.h numbers what `mallopt` sets."""


def keep_freed_memory() -> None:
    """Let the C library keep up to `KEPT_BYTES` that were freed, where it is glibc.

    It would give the memory of a picture back to the system as soon as the picture is done, and take it again, page by
    page, for the next one: a third of the time that decoding takes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
