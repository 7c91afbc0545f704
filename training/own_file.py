"""Keeps what was trained where the package looks for it, with its checksum."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"


def keep(name: str, arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """Write `own/NAME.npz` and its line in `own/sha256.toml`."""
    np.savez(OWN / f"{name}.npz", **arrays)
    noted(OWN / f"{name}.npz")


def noted(file: Path) -> None:
    """Write the checksum of `file` into the table of its folder, where there is one."""
    table = file.parent / "sha256.toml"
    if table.is_file():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        text = re.sub(rf"^{file.stem} = .*\n", "", table.read_text(encoding="utf-8"), flags=re.MULTILINE)
        lines = sorted([*text.splitlines(), f'{file.stem} = "{digest}"'])
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def auc(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """How often one that is has a higher score than one that is not; ties count half."""
    order = np.argsort(scores, kind="stable")
    values, ranks = scores[order], np.empty(len(scores))
    _, first, counts = np.unique(values, return_index=True, return_counts=True)
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    yes = int(truth.sum())
    return float((ranks[truth].sum() - yes * (yes + 1) / 2) / max(1, yes * (len(truth) - yes)))


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, right / of
    middle = (share + z * z / 2 / of) / (1 + z * z / of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / 4 / of / of) / (1 + z * z / of)
    return float(middle - half), float(middle + half)
