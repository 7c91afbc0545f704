"""The pages that sum up: overview, troubles and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.trouble import RETRYABLE, TroubleKind
from packshot.present import report_plots
from packshot.present.report_matches import clusters, reused
from packshot.present.report_site import VERDICTS, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from packshot.present.report_faults import Fault
    from packshot.present.report_view import View

Row = dict[str, Any]
_CATEGORIES = 12

WHAT_TO_DO: dict[TroubleKind, tuple[str, str]] = {
    TroubleKind.BAD_ROW: ("Rows that make no sense", "Mend the row in the feed, then run again."),
    TroubleKind.NOT_FOUND: (
        "Files that are not there",
        "Put the file where the feed says, or mend the path; the next run tries again.",
    ),
    TroubleKind.REFUSED: (
        "Places that may not be read",
        "Move the file into the feed's folder; paths that lead out of it are never followed.",
    ),
    TroubleKind.UNREACHABLE: (
        "Files that could not be read",
        "Check permissions and the disk or network; the next run tries again.",
    ),
    TroubleKind.EMPTY: ("Empty files", "The file has no bytes: export or upload it again."),
    TroubleKind.TOO_LARGE: ("Files that are too large", "Export a smaller file, or one with fewer frames."),
    TroubleKind.BOMB: (
        "More pixels than are safe to open",
        "Export the picture at a sensible size; it was not opened.",
    ),
    TroubleKind.NOT_AN_IMAGE: (
        "Files that are no pictures",
        "Often an error page saved under a picture's name: fetch the real picture.",
    ),
    TroubleKind.UNSUPPORTED: ("Formats that cannot be read", "Export as JPEG, PNG or WebP."),
    TroubleKind.TRUNCATED: ("Files that end too soon", "The upload or copy broke off: send the file again."),
    TroubleKind.CORRUPT: ("Damaged files", "Export the picture again from its original."),
    TroubleKind.TIMED_OUT: ("Took too long", "The next run tries again; if it lasts, export a smaller file."),
    TroubleKind.OUT_OF_MEMORY: (
        "Needed too much memory",
        "The next run tries again; if it lasts, export a smaller picture or give workers more memory.",
    ),
    TroubleKind.CRASHED: (
        "Broke the decoder",
        "Export the picture again from its original; the file is odd or hostile.",
    ),
    TroubleKind.MEASURE_FAILED: (
        "Could not be measured in full",
        "The picture opened, but a measure failed on it: look at the detail.",
    ),
    TroubleKind.MODEL_FAILED: (
        "A model could not look at it",
        "Run again; if it stays, packshot models verify looks at the weights.",
    ),
    TroubleKind.CHANGED: ("Changed while in use", "The file is no longer the one that was read: run again."),
}
"""A heading and what to do, for each kind of trouble."""


def overview_page(view: View, faults: Sequence[Fault]) -> Page:
    """The first page: the state of the catalogue, and what to do next."""
    return Page("index.html", "overview.html", lambda: _overview(view, faults))


def _overview(view: View, faults: Sequence[Fault]) -> Row:
    verdicts, states = view.verdict_counts, view.state_counts
    every, covered = clusters(view), coverage(view)
    lacking = [row for row in covered if row["lack"]]
    return {
        "verdicts": verdicts,
        "placements": sum(verdicts.values()),
        "listings": view.listing_states.height,
        "assets": view.data.verdicts["asset_id"].drop_nulls().n_unique(),
        "states": states,
        "with_main": view.listing_states.height - states["empty"],
        "clusters": every.height,
        "dropped": int(every["dropped"].sum()),
        "reused": len(reused(view)),
        "faults": faults,
        "changes": view.data.changes,
        "plots": report_plots.histograms(view.data),
        "categories": categories(view),
        "coverage": covered,
        "lacking": [row["id"] for row in lacking],
        "steps": list(dict.fromkeys(step for row in lacking for step in row["lack"].steps)),
        "troubles": trouble_groups(view, rows=False),
        "trouble_count": view.data.troubles.height,
    }


def categories(view: View) -> list[Row]:
    """Verdicts by category: the twelve largest, and all others as one."""
    frame = view.placements.with_columns(pl.col("category").fill_null(""))
    counted = (
        frame.group_by("category")
        .agg(pl.len().alias("total"), *[(pl.col("verdict") == word).sum().alias(word) for word in VERDICTS])
        .sort(["total", "category"], descending=[True, False])
    )
    rows = counted.head(_CATEGORIES).to_dicts()
    rest = counted.slice(_CATEGORIES)
    if not rest.is_empty():
        others: Row = {name: int(rest[name].sum()) for name in ("total", *VERDICTS)}
        rows.append(others | {"category": None, "others": rest.height})
    return rows


def coverage(view: View) -> list[Row]:
    """Rules that nobody could assess, with how many placements they concern; reviewers' questions first."""
    skipped = view.data.verdicts.select(pl.col("not_assessed").explode()).drop_nulls()
    counted = dict(skipped["not_assessed"].value_counts().iter_rows())
    rules = {rule.id: rule for rule in view.data.policy.rules}
    names = sorted(set(counted) | {rule.id for rule in rules.values() if rule.manual})
    lacks = {name: lack for name, lack in view.data.lacks.items() if name in counted}
    rows = [
        {"id": name, "rule": rules.get(name), "count": counted.get(name, 0), "lack": lacks.get(name)} for name in names
    ]
    return sorted(rows, key=lambda row: (not (row["rule"] and row["rule"].manual), -row["count"], row["id"]))


def trouble_groups(view: View, *, rows: bool) -> list[Row]:
    """Troubles by kind, the most frequent first; with the rows themselves when `rows` is set."""
    frame = view.data.troubles.with_columns(pl.col("kind").fill_null("unknown"))
    counted = frame.group_by("kind").agg(count=pl.len()).sort(["count", "kind"], descending=[True, False])
    return [_trouble_group(view, frame, kind, count, rows=rows) for kind, count in counted.iter_rows()]


def _trouble_group(view: View, frame: pl.DataFrame, kind: str, count: int, *, rows: bool) -> Row:
    known = kind in set(TroubleKind)
    title, todo = WHAT_TO_DO[TroubleKind(kind)] if known else (kind, "Look at the detail of each row.")
    shown: list[Row] = []
    if rows:
        part = frame.filter(pl.col("kind") == kind).sort("source_uri", "stage", "detail", nulls_last=True)
        of_placement = view.placements.select("placement_id", owner=pl.col("listing_id"))
        part = part.head(view.limits.troubles_per_kind).join(
            of_placement, on="placement_id", how="left", maintain_order="left"
        )
        for row in part.iter_rows(named=True):
            listing = row["listing_id"] or row["owner"]
            shown.append(row | {"listing_id": listing, "link": view.link(listing)})
    retried = known and TroubleKind(kind) in RETRYABLE
    return {"kind": kind, "count": count, "title": title, "todo": todo, "rows": shown, "retried": retried}


def troubles_page(view: View) -> Page:
    """What could not be handled, by kind, with what to do."""
    return Page("troubles.html", "troubles.html", lambda: {"groups": trouble_groups(view, rows=True)})


def policy_page(view: View, faults: Sequence[Fault]) -> Page:
    """What the channel asks, where it says so, and what came of it."""
    counts = {row["rule"]: row for row in view.data.counts.iter_rows(named=True)}
    pages: Mapping[str, str] = {fault.rule: fault.path for fault in faults}
    values = {"counts": counts, "fault_paths": pages, "checks": view.data.checks}
    return Page("policy.html", "policy.html", lambda: values)
