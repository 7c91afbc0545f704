"""What a measure gives: the description of one recorded fact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a measured column."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    BOX = "box"
    """Four shares of the displayed picture: x, y, w, h."""
    BOXES = "boxes"
    """Any number of boxes, four shares each, one after the other."""
    OUTLINE = "outline"
    """Closed polygons as one list: x, y, x, y, … of the corners, shares of the displayed picture; (-1, -1) ends one."""
    RGB = "rgb"
    """Three whole numbers, 0 to 255."""
    TEXTS = "texts"
    """A list of words."""
    FLOATS = "floats"
    """A list of numbers, as many as there are."""
    BYTES32 = "bytes32"
    """256 bits."""
    BYTES768 = "bytes768"
    """16 × 16 cells × 3 bytes."""
    BYTES = "bytes"
    """Any number of bytes; the column's doc says what they are."""


@dataclass(frozen=True, slots=True)
class Output:
    """One column that a measure fills."""

    name: str
    """Column name; its unit is in it (`_px _bytes _share _sigma`, …), unless it is a score."""
    kind: Kind
    doc: str
    """One line: what the value says, its range and unit."""
    instead_of: str = ""
    """The column of another measure whose place it takes wherever it has a value: a better answer to one question."""


@dataclass(frozen=True, slots=True)
class Vector:
    """The vector that a measure fills, kept apart from the columns in the table `vectors/<name>`."""

    name: str
    """As the model is called, with underscores."""
    length: int | None
    """Numbers of it; None where the model decides, which is the user's own."""
    doc: str
    """One line: what is near in it."""


Version = int | str
"""The version of a measure: a number, or where it has models, text that names their versions, too."""

Value = float | int | bool | str | bytes | tuple[float, ...] | tuple[int, ...] | tuple[str, ...] | None
"""A measured value; None says: measured, and there is no answer."""
