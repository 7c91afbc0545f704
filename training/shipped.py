"""Puts the checksum of a model of packshot's own beside those of the others."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "sha256.toml"


def noted(file: Path) -> None:
    """Write the checksum of `file` into the table of its folder, where there is one."""
    table = file.parent / TABLE
    if table.is_file():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        text = re.sub(rf"^{file.stem} = .*\n", "", table.read_text(encoding="utf-8"), flags=re.MULTILINE)
        lines = sorted([*text.splitlines(), f'{file.stem} = "{digest}"'])
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
