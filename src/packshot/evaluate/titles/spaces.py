"""The spaces in which pictures and words can be compared, in the order in which they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packshot.evaluate.titles.clip_space import ClipSpace
from packshot.evaluate.titles.map_space import MapSpace

if TYPE_CHECKING:
    from packshot.evaluate.titles.space import Space

SPACES: dict[str, Space] = {"clip": ClipSpace(), "map": MapSpace()}
"""By name, the preferred one first: what a user brought along is used where it is there."""
