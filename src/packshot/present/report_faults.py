"""Pages of what is wrong: one for each rule that something did not pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.listing import Role
from packshot.present import report_text
from packshot.present.report_data import CheckDoc
from packshot.present.report_evidence import KEY, marks
from packshot.present.report_site import STATUSES, VERDICTS, Page, Pager, paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.policies.policy import Rule
    from packshot.present.report_site import Site
    from packshot.present.report_view import View

_STRIP = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that something did not pass, with how often."""

    rule: str
    check: str
    title: str
    on_fail: str
    counts: Mapping[str, int]
    """By status, the gravest first; no zeros."""
    of_listings: bool
    """It speaks of whole listings and not of single pictures."""
    strip: tuple[str, ...]
    """A few asset ids to look at."""
    path: str
    doc: CheckDoc
    of_policy: Rule | None
    passed: int | None
    speaks_of: str = ""
    """Which pictures it speaks of, where another fault has the same title; else empty."""

    @property
    def total(self) -> int:
        """How many did not pass."""
        return sum(self.counts.values())

    @property
    def serious(self) -> int:
        """How many count towards a verdict: all but advice."""
        return self.total - self.counts.get("warn", 0)

    @property
    def severity(self) -> str:
        """The verdict a failure gives, or `advice`."""
        return self.on_fail if self.on_fail in VERDICTS and self.on_fail != "show" else "advice"


def faults(view: View) -> list[Fault]:
    """All faults; what counts towards a verdict first, then by how often it was found."""
    frame = view.findings
    counted = frame.group_by("rule", maintain_order=True).agg(
        pl.col("check").drop_nulls().first(),
        pl.col("title").drop_nulls().first(),
        pl.col("on_fail").drop_nulls().first(),
        pl.col("placement_id").is_null().all().alias("of_listings"),
        *[(pl.col("status") == status).sum().alias(status) for status in STATUSES],
    )
    strips = _strips(view)
    rules = {rule.id: rule for rule in view.data.policy.rules}
    # The frame holds as many findings as can be shown; how many there are, the counts know.
    every = {row["rule"]: row for row in view.data.counts.iter_rows(named=True)}
    taken: set[str] = set()
    found = []
    for row in counted.sort("rule").iter_rows(named=True):
        name = report_text.slug(row["rule"], taken)
        taken.add(name)
        doc = view.data.checks.get(
            row["check"] or row["rule"], CheckDoc(row["title"] or report_text.label(row["rule"]))
        )
        found.append(
            Fault(
                rule=row["rule"],
                check=row["check"] or row["rule"],
                title=row["title"] or doc.title,
                on_fail=row["on_fail"] or "",
                counts=_counts(row, every.get(row["rule"], {})),
                of_listings=row["of_listings"],
                strip=strips.get(row["rule"], ()),
                path=f"faults/{name}.html",
                doc=doc,
                of_policy=rules.get(row["rule"]),
                passed=every.get(row["rule"], {}).get("pass"),
            )
        )
    found = _told_apart(found)
    return sorted(found, key=lambda fault: (-fault.serious, -fault.total, fault.rule))


def _counts(shown: Mapping[str, Any], every: Mapping[str, Any]) -> dict[str, int]:
    found = {status: max(shown[status], every.get(status) or 0) for status in STATUSES}
    return {status: count for status, count in found.items() if count}


def _told_apart(found: list[Fault]) -> list[Fault]:
    """The same, those of one title with the roles that they speak of, or with their rule where that is not enough."""
    titles = Counter(fault.title for fault in found)
    roles = {fault.rule: _roles(fault) for fault in found if titles[fault.title] > 1}
    again = Counter((fault.title, roles.get(fault.rule)) for fault in found)
    words = {
        fault.rule: roles[fault.rule] if again[fault.title, roles[fault.rule]] == 1 else fault.rule
        for fault in found
        if fault.rule in roles
    }
    return [replace(fault, speaks_of=words.get(fault.rule, "")) for fault in found]


def _roles(fault: Fault) -> str:
    roles = set(fault.of_policy.roles) if fault.of_policy else set()
    if not roles or roles == set(Role):
        return "all pictures"
    if roles == set(Role) - {Role.MAIN}:
        return "all but main pictures"
    told = ", ".join(role.value.replace("_", " ") for role in Role if role in roles)
    return f"{told} pictures"


def _strips(view: View) -> dict[str, tuple[str, ...]]:
    """For each rule a few pictures, each from another listing, spread evenly over its gravest findings.

    Where those are too few, the next grave follow.
    """
    pictures = view.placements.filter(pl.col("asset_id").is_not_null())
    of_listing = pictures.group_by("listing_id", maintain_order=True).agg(pl.col("asset_id").first().alias("first"))
    rows = (
        view.findings.join(pictures.select("placement_id", "asset_id"), on="placement_id", how="left")
        .join(of_listing, on="listing_id", how="left", maintain_order="left")
        .with_columns(
            shown=pl.when(pl.col("placement_id").is_null()).then(pl.col("first")).otherwise(pl.col("asset_id"))
        )
        .filter(pl.col("shown").is_not_null())
        .sort("gravity", "rank", "listing_id", "placement_id", nulls_last=True)
        .unique(["rule", "listing_id"], keep="first", maintain_order=True)
        .unique(["rule", "shown"], keep="first", maintain_order=True)
        .with_columns(place=pl.int_range(pl.len()).over("rule", "rank"), total=pl.len().over("rule", "rank"))
        .filter(
            (pl.col("place") == 0)
            | (pl.col("place") * _STRIP // pl.col("total") != (pl.col("place") - 1) * _STRIP // pl.col("total"))
        )
        .filter(pl.int_range(pl.len()).over("rule") < _STRIP)
    )
    found: dict[str, tuple[str, ...]] = {}
    for rule, shown in rows.select("rule", "shown").iter_rows():
        found[rule] = (*found.get(rule, ()), shown)
    return found


def fault_pages(view: View, site: Site, all_faults: list[Fault]) -> Iterator[Page]:
    """The index of faults and the pages of each."""
    index = {
        "on_pictures": [fault for fault in all_faults if not fault.of_listings],
        "on_listings": [fault for fault in all_faults if fault.of_listings],
    }
    yield Page("faults/index.html", "faults.html", lambda: index)
    for fault in all_faults:
        shown = min(fault.total, view.limits.fault_cards)
        paths = paged(
            "faults", fault.path.removeprefix("faults/").removesuffix(".html"), shown, view.limits.fault_cards_per_page
        )
        rows: list[dict[str, Any]] = []  # filled by the first page of the fault, read by the others
        for number in range(1, len(paths) + 1):
            values = partial(_fault_page, view, site, fault, Pager(number, paths), rows)
            yield Page(paths[number - 1], "fault.html", values)


def _fault_page(view: View, site: Site, fault: Fault, pager: Pager, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        rows += _listing_rows(view, fault) if fault.of_listings else _picture_rows(view, fault)
    size = view.limits.fault_cards_per_page
    cards = rows[(pager.number - 1) * size : pager.number * size]
    used: set[str] = set()
    for card in cards:
        picture = None if fault.of_listings else site.pictures(card["asset_id"])
        card["picture"] = picture
        card["marks"] = marks(card, fault.doc.needs, picture) if picture else []
        card["link"] = view.link(card["listing_id"])
        used.update(mark.kind for mark in card["marks"])
    return {
        "fault": fault,
        "cards": cards,
        "pager": pager,
        "key": {kind: words for kind, words in KEY.items() if kind in used},
        "shown": len(rows),
    }


def _picture_rows(view: View, fault: Fault) -> list[dict[str, Any]]:
    words = view.placements.select(
        "placement_id", "asset_id", "source_uri", "role", "position", "verdict", listing_title=pl.col("title")
    )
    return (
        view.findings.filter(pl.col("rule") == fault.rule)
        .head(view.limits.fault_cards)
        .join(words, on="placement_id", how="left", maintain_order="left")
        .join(view.measured, on="asset_id", how="left", maintain_order="left")
        .to_dicts()
    )


def _listing_rows(view: View, fault: Fault) -> list[dict[str, Any]]:
    strips = view.placements.group_by("listing_id", maintain_order=True).agg(
        listing_title=pl.col("title").first(), assets=pl.col("asset_id").drop_nulls().head(_STRIP)
    )
    titles = view.data.listings.unique("listing_id", keep="first").select("listing_id", own_title=pl.col("title"))
    return (
        view.findings.filter(pl.col("rule") == fault.rule)
        .head(view.limits.fault_cards)
        .join(strips, on="listing_id", how="left", maintain_order="left")
        .join(titles, on="listing_id", how="left", maintain_order="left")
        .with_columns(listing_title=pl.coalesce("listing_title", "own_title"))
        .to_dicts()
    )
