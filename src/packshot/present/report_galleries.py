"""Pages of galleries: each listing as found, and as chosen."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.present.report_site import Page, Pager
from packshot.present.report_view import STATES
from packshot.present.report_word import said_of_placements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from packshot.present.report_faults import Fault
    from packshot.present.report_view import View

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by listing."""


def gallery_pages(view: View, faults: Sequence[Fault]) -> Iterator[Page]:
    """All pages of galleries, the listings that need eyes first."""
    paths = view.gallery_pages
    known = {fault.rule: fault for fault in faults}
    for number in range(1, len(paths) + 1):
        yield Page(paths[number - 1], "galleries.html", partial(_page, view, Pager(number, paths), known))


def _page(view: View, pager: Pager, faults: Mapping[str, Fault]) -> Row:
    size = view.limits.listings_per_page
    rows = view.shown_listings[(pager.number - 1) * size : pager.number * size]
    ids = [row["listing_id"] for row in rows]
    found = _by_listing(view.placements, ids)
    chosen = _by_listing(view.data.galleries, ids)
    findings = _by_listing(view.findings, ids)
    troubles, said = _troubles(view, ids), said_of_placements(view)
    for row in chain.from_iterable(found.values()):
        row["said"] = said.get(row["placement_id"], [])
        row["trouble"] = troubles.get(row["placement_id"]) or troubles.get(row["source_uri"])
    return {
        "cards": [
            _card(row, found, chosen, findings, view.limits.pictures_per_listing)
            | {"anchor": view.places[row["listing_id"]].anchor}
            for row in rows
        ],
        "pager": pager,
        "faults": faults,
        "states": STATES,
        "state_counts": view.state_counts,
        "first_of": view.first_of_state,
        "shown": len(view.shown_listings),
        "total": view.listing_states.height,
    }


def _by_listing(frame: pl.DataFrame, ids: Sequence[str]) -> Rows:
    grouped: Rows = {}
    for row in frame.filter(pl.col("listing_id").is_in(ids)).iter_rows(named=True):
        grouped.setdefault(row["listing_id"], []).append(row)
    return grouped


def _troubles(view: View, ids: Sequence[str]) -> dict[str, str]:
    """The kind of trouble by placement and by source, for pictures that could not be had."""
    lost = view.placements.filter(pl.col("listing_id").is_in(ids) & pl.col("asset_id").is_null())
    rows = view.data.troubles.filter(
        pl.col("source_uri").is_in(lost["source_uri"].implode())
        | pl.col("placement_id").is_in(lost["placement_id"].implode())
    )
    kinds: dict[str, str] = {}
    for row in rows.iter_rows(named=True):
        kinds.setdefault(row["placement_id"] or row["source_uri"], row["kind"])
    return kinds


def _card(listing: Row, all_found: Rows, all_chosen: Rows, all_findings: Rows, most: int) -> Row:
    name = listing["listing_id"]
    found, chosen = all_found.get(name, []), all_chosen.get(name, [])
    wrong: dict[str | None, list[Row]] = {}
    for finding in all_findings.get(name, []):
        wrong.setdefault(finding["placement_id"], []).append(finding)
    for row in found:
        row["findings"] = wrong.get(row["placement_id"], [])
    main = next((row for row in chosen if row["slot"] == "main"), None)
    slots = [row for row in chosen if row["slot"] not in {"main", "rejected", "missing"}]
    rejected = [row for row in chosen if row["slot"] == "rejected"]
    return {
        "listing": listing,
        "found": found[:most],
        "more": max(0, len(found) - most),
        "main": main,
        "candidate": _candidate(main, found),
        "slots": sorted(slots, key=lambda row: (not row["slot"].isdigit(), row["slot"].zfill(6))),
        "rejected": _by_reason(rejected[:most]),
        "more_rejected": max(0, len(rejected) - most),
        "missing": [row for row in chosen if row["slot"] == "missing"],
        "of_listing": wrong.get(None, []),
        "was_main": next((row["asset_id"] for row in found if row["role"] == "main"), None),
    }


def _candidate(main: Row | None, found: list[Row]) -> Row | None:
    """The best candidate for an empty main: the placement, or failing that the source, that its row names."""
    if main is None or main["asset_id"]:
        return None
    named = ("placement_id", "source_uri")
    return next((row for name in named if main[name] for row in found if row[name] == main[name]), None)


def _by_reason(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Pictures that are left out for the same reason stand together."""
    grouped: Rows = {}
    for row in rows:
        grouped.setdefault(row["reason"] or "", []).append(row)
    return grouped
