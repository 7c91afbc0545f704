"""The contract of a channel's feed: how chosen pictures are written so that one channel takes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packshot.policies.policy import Evidence

Cell = str | tuple[str, ...]
Row = dict[str, Cell]
FORMS = ("tsv", "csv", "xml", "json")


@dataclass(frozen=True, slots=True)
class Offer:
    """One listing with the public addresses of its pictures, as it is to be written."""

    listing_id: str
    main: str
    others: tuple[str, ...]
    """In the chosen order; as many as the channel takes."""
    title: str = ""
    verdicts: tuple[str, ...] = ()
    """The verdict of each picture in its slot, the main one first."""


class ChannelFeed(ABC):
    """One channel: a file in `present/feeds/` whose name is its id.

    The docstring says what the file is for and what the channel does with it, in the words of its source.
    """

    forms: ClassVar[tuple[str, ...]]
    """Of `FORMS`, what the channel takes; the first is written where nobody names one. `json` holds the same rows."""
    most_others: ClassVar[int | None]
    """Pictures beside the main one that the channel takes; None where no limit is known."""
    columns: ClassVar[Mapping[str, str]]
    """Column → what is in it. A column that holds several values is one cell here; `joined` says how it is written."""
    id_column: ClassVar[str]
    joined: ClassVar[Mapping[str, str]] = {}
    """Column of several values → what stands between them in delimited text; in XML and JSON they stand apart."""
    source: ClassVar[str]
    """Where the columns are written down."""
    read_on: ClassVar[str]
    evidence: ClassVar[Evidence]
    unconfirmed: ClassVar[str] = ""
    """What of it is not confirmed by the channel's own pages, in a sentence for people; empty where all of it is."""

    @abstractmethod
    def rows(self, offer: Offer) -> Sequence[Row]:
        """The rows of one listing, each with a value for every column."""

    def refuses(self, url: str) -> str:  # noqa: ARG002 - for overriding
        """Why the channel takes no picture at this address; empty where it does."""
        return ""

    def refuses_id(self, listing_id: str) -> str:  # noqa: ARG002 - for overriding
        """Why a listing of this id cannot be written; empty where it can."""
        return ""


def numbered(name: str, values: Sequence[str], most: int, first: int = 1) -> Row:
    """Columns `name1`, `name2`, … with `values`, empty where there are no more."""
    return {f"{name}{first + n}": values[n] if n < len(values) else "" for n in range(most)}
