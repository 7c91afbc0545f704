"""Rows that took long to make, kept in a file until that is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Rows = Mapping[str, NDArray[np.generic]]


def kept(file: Path | None, make: Callable[[], Rows]) -> Rows:
    """What is in `file`, else what `make` gives, which is kept there; without a file it is made each time."""
    if file is not None and file.is_file():
        with np.load(file) as opened:
            return {key: opened[key] for key in opened.files}
    rows = make()
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **rows)
    return rows
