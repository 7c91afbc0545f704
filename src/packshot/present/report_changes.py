"""The page of what changed since the run before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from packshot.present.report_site import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import polars as pl

    from packshot.present.report_view import View

Row = dict[str, Any]

TILES = (
    ("listing", "new", "New listings"),
    ("listing", "gone", "Listings gone"),
    ("placement", "new", "New pictures"),
    ("placement", "gone", "Pictures gone"),
    ("picture", "replaced", "Pictures replaced"),
    ("picture", "missing", "Files gone missing"),
    ("verdict", "worse", "Verdicts worse"),
    ("verdict", "better", "Verdicts better"),
    ("gallery", "main changed", "Main pictures changed"),
    ("gallery", "emptied", "Lost their main picture"),
)
"""What is counted at the head of the page, where it happened at all."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since an earlier run, as far as the report shows it."""

    since: datetime
    counts: Mapping[str, Mapping[str, int]]
    """What (`listing placement picture trouble verdict gallery`) → change → how often."""
    flips: pl.DataFrame
    """The gravest flips: `listing_id source_uri role change before after why asset_before asset_after`."""
    mains: pl.DataFrame
    """Galleries whose main picture changed, the same columns."""
    causes: Sequence[tuple[str, int]] = ()
    """What lies behind the flips, with how many."""
    rules: Sequence[Mapping[str, Any]] = ()
    """`rule began ceased after`: how many each rule objects to."""
    told: Sequence[str] = ()
    """Changes of the policy and of measures, and what could not be told exactly."""
    command: str = field(default="packshot delta", kw_only=True)
    """Gives all of it."""
    tried: str = field(default="", kw_only=True)
    """What was tried, where this is no run but what one would change: `the policy google instead of amazon`."""

    @property
    def tiles(self) -> list[tuple[str, int]]:
        """The counts that are not zero, as people say them."""
        counted = ((words, self.counts.get(what, {}).get(change, 0)) for what, change, words in TILES)
        return [(words, count) for words, count in counted if count]


def change_pages(view: View) -> Iterator[Page]:
    """The page `changes.html`; none where there was no earlier run."""
    changes = view.data.changes
    if changes is not None:
        yield Page("changes.html", "changes.html", lambda: _values(view, changes))


def _values(view: View, changes: Changes) -> Row:
    verdicts, galleries = changes.counts.get("verdict", {}), changes.counts.get("gallery", {})
    return {
        "changes": changes,
        "flips": [row | {"link": view.link(row["listing_id"])} for row in changes.flips.rows(named=True)],
        "mains": [row | {"link": view.link(row["listing_id"])} for row in changes.mains.rows(named=True)],
        "flipped": sum(verdicts.values()),
        "main_total": sum(galleries.get(word, 0) for word in ("main changed", "emptied", "filled")),
    }
