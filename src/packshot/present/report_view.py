"""The report's data, joined once for all of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.present import report_text
from packshot.present.report_site import STATUSES, VERDICTS, paged

if TYPE_CHECKING:
    from packshot.present.report_data import ReportData

EVIDENCE = ("product_box", "mask_outline", "cut_off_edges", "border_px", "width_px", "height_px")
"""The measured columns that are drawn on pictures."""

STATES = {
    "empty": "No main image",
    "changed": "New main image",
    "reordered": "Reordered or trimmed",
    "kept": "Left as found",
}
"""What choosing did to a listing, what needs eyes first."""


@dataclass(frozen=True, slots=True)
class ListingPlace:
    """Where a listing is shown."""

    page: str
    anchor: str
    state: str


class View:
    """Frames and look-ups that several pages need."""

    def __init__(self, data: ReportData) -> None:
        """Read from `data`; nothing is computed before it is asked for."""
        self.data = data
        self.limits = data.limits

    @cached_property
    def placements(self) -> pl.DataFrame:
        """One row per placement with its listing's words, in a fixed order: listing, main first, position."""
        return (
            self.data.verdicts.unique("placement_id", keep="first", maintain_order=True)
            .join(self._listings, on="listing_id", how="left")
            .sort("listing_id", pl.col("role") != "main", "position", "placement_id", nulls_last=True)
        )

    @cached_property
    def _listings(self) -> pl.DataFrame:
        return self.data.listings.unique("listing_id", keep="first", maintain_order=True)

    @cached_property
    def measured(self) -> pl.DataFrame:
        """The evidence columns, one row per asset."""
        return self.data.measurements.unique("asset_id", keep="first", maintain_order=True).select(
            "asset_id", *EVIDENCE
        )

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What did not pass and can be shown, the gravest first."""
        statuses, verdicts = list(STATUSES), list(VERDICTS)
        ranks = dict(zip(statuses, range(len(statuses)), strict=True))
        gravity = dict(zip(reversed(verdicts), range(len(verdicts)), strict=True))
        return (
            self.data.findings.filter(pl.col("status").is_in(statuses))
            .with_columns(
                rank=pl.col("status").replace_strict(ranks, return_dtype=pl.Int32),
                gravity=pl.col("on_fail").replace_strict(gravity, default=len(verdicts), return_dtype=pl.Int32),
            )
            .sort("gravity", "rank", "listing_id", "placement_id", "rule", nulls_last=True)
        )

    @cached_property
    def verdict_counts(self) -> dict[str, int]:
        """Placements by verdict, every verdict named."""
        counted = dict(self.data.verdicts["verdict"].value_counts().iter_rows())
        return {word: counted.get(word, 0) for word in VERDICTS}

    @cached_property
    def listing_states(self) -> pl.DataFrame:
        """`listing_id, state`: what choosing did to each listing that has placements or a gallery."""
        found = self.placements.filter(pl.col("asset_id").is_not_null())
        before = found.group_by("listing_id", maintain_order=True).agg(
            was_main=pl.col("asset_id").filter(pl.col("role") == "main").first(), was=pl.col("asset_id")
        )
        chosen = self.data.galleries.filter(~pl.col("slot").is_in(["rejected", "missing"]))
        after = chosen.group_by("listing_id", maintain_order=True).agg(
            main=pl.col("asset_id").filter(pl.col("slot") == "main").first(), now=pl.col("asset_id").drop_nulls()
        )
        everyone = pl.concat([self.placements.select("listing_id"), self.data.galleries.select("listing_id")]).unique()
        state = (
            pl.when(pl.col("main").is_null())
            .then(pl.lit("empty"))
            .when(pl.col("was_main").is_null() | (pl.col("was_main") != pl.col("main")))
            .then(pl.lit("changed"))
            .when(pl.col("was") != pl.col("now"))
            .then(pl.lit("reordered"))
            .otherwise(pl.lit("kept"))
        )
        return (
            everyone.join(before, on="listing_id", how="left")
            .join(after, on="listing_id", how="left")
            .select("listing_id", state=state)
            .sort("listing_id")
        )

    @cached_property
    def state_counts(self) -> dict[str, int]:
        """Listings by state, every state named."""
        counted = dict(self.listing_states["state"].value_counts().iter_rows())
        return {state: counted.get(state, 0) for state in STATES}

    @cached_property
    def shown_listings(self) -> list[dict[str, Any]]:
        """The listings that get a gallery, as rows of words and state; those that need eyes first."""
        ranks = {state: rank for rank, state in enumerate(STATES)}
        return (
            self.listing_states.join(self._listings, on="listing_id", how="left")
            .sort(pl.col("state").replace_strict(ranks, return_dtype=pl.Int32), "title", "listing_id", nulls_last=True)
            .head(self.limits.listings)
            .to_dicts()
        )

    @cached_property
    def gallery_pages(self) -> tuple[str, ...]:
        """The paths of the gallery pages."""
        return paged("galleries", "index", len(self.shown_listings), self.limits.listings_per_page)

    @cached_property
    def places(self) -> dict[str, ListingPlace]:
        """Where each shown listing stands, by its id."""
        size = self.limits.listings_per_page
        return {
            row["listing_id"]: ListingPlace(
                self.gallery_pages[i // size], f"l-{report_text.short_hash(row['listing_id'])}", row["state"]
            )
            for i, row in enumerate(self.shown_listings)
        }

    def link(self, listing_id: str | None) -> str | None:
        """The address of a listing's gallery from the top of the report; None when it is not shown."""
        place = self.places.get(listing_id or "")
        return f"{place.page}#{place.anchor}" if place else None

    @cached_property
    def first_of_state(self) -> dict[str, str]:
        """The address of the first shown listing of each state."""
        first: dict[str, str] = {}
        for row in self.shown_listings:
            first.setdefault(row["state"], self.link(row["listing_id"]) or "")
        return first

    def search_rows(self) -> list[dict[str, str]]:
        """One row per shown listing for the search: words `t`, id `i`, address `u`, state `s`."""
        return [
            {
                "t": report_text.visible(row["title"] or row["listing_id"], 120),
                "i": report_text.visible(row["listing_id"], 80),
                "u": self.link(row["listing_id"]) or "",
                "s": STATES[row["state"]],
            }
            for row in self.shown_listings
        ]

    @cached_property
    def of_asset(self) -> dict[str, list[dict[str, Any]]]:
        """The placements of every asset that stands in a cluster or a match, by asset id."""
        wanted = pl.concat(
            [self.data.clusters["asset_id"], self.data.matches["asset_a"], self.data.matches["asset_b"]]
        ).unique()
        rows = self.placements.filter(pl.col("asset_id").is_in(wanted.implode()))
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows.iter_rows(named=True):
            found.setdefault(row["asset_id"], []).append(row)
        return found
