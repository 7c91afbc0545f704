"""What each term counts in the choice of the main picture."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "main_weights.toml"


@cache
def main_weights() -> Mapping[str, float]:
    """Term → weight, none negative: the learnt ones, all together 1, and those by judgement."""
    read = tomllib.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return {name: float(one) for table in ("learned", "judged") for name, one in read[table].items()}
