"""A count with its word, as people say it."""

from __future__ import annotations


def plural(count: int, one: str, many: str = "") -> str:
    """`1 picture`, `1,200 pictures`; `many` where that is no mere s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
