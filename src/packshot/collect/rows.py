"""What a source reads before it becomes listings and placements: rows, the pictures in them, and notes on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class RowPicture:
    """One picture as a row names it."""

    uri: str
    """As written; credentials are taken out later, by the same code for every source."""
    role: str | None = None
    """As written; None where the source says nothing."""
    position: str | int | None = None
    """Order within the listing as the source gives it; None means order of appearance."""


@dataclass(slots=True)
class Row:
    """One row of a feed, one item of an XML feed, one file of a folder."""

    where: str
    """Where a person finds it: `line 12`."""
    fields: Mapping[str, str]
    """`listing_id title category google_category brand gtin variant_group_id supplier`: what the source has of them."""
    pictures: tuple[RowPicture, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Everything else, by its name in the source."""


class Notes:
    """Things worth a word that are nobody's fault: each kind once, with a count and the first place.

    At most 1,000 kinds are kept; what comes later is counted under one last word.
    """

    _MOST = 1000
    _REST = "further notes of other kinds"

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def add(self, text: str, where: str = "") -> None:
        """Count one more of `text`; `where` is kept of the first."""
        if text not in self._counts and len(self._counts) >= self._MOST:
            text = self._REST
        self._counts[text] = self._counts.get(text, 0) + 1
        self._first.setdefault(text, where)

    def counts(self) -> dict[str, int]:
        """Each note and how often it came up, in order of first appearance."""
        return dict(self._counts)

    def lines(self) -> list[str]:
        """One line per note, for people."""
        return [self._line(text, count) for text, count in self._counts.items()]

    def _line(self, text: str, count: int) -> str:
        where = self._first[text]
        if count == 1:
            return f"{text} ({where})" if where else text
        return f"{text} ({count:,} times; first: {where})" if where else f"{text} ({count:,} times)"
