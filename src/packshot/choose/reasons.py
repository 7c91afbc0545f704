"""Why a picture stands where it stands, in words, for all pictures of many listings at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from packshot.choose.advantages import advantages
from packshot.choose.quality import strengths_in_words
from packshot.choose.wording import worded
from packshot.core.listing import Role

if TYPE_CHECKING:
    from packshot.choose.diversity import Reals, Rows
    from packshot.choose.quality import Quality
    from packshot.policies.policy import GalleryRules

RANKS = {Role.SWATCH.value: 1, Role.SIZE_CHART.value: 2}
"""Roles that are never main and stand last."""
PLAIN_ROLES = frozenset({Role.MAIN.value, Role.SECONDARY.value})
"""Roles that say nothing of what a picture shows, so a channel cannot miss them."""
SEVERITY = {"show": 0, "fix": 1, "review": 2, "block": 3}
ALIKE = 0.15
"""Less likeness than this goes without saying."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """The pictures without a hurdle, by listing, and where they were put; all arrays of shape (n,)."""

    table: pl.DataFrame
    """Their rows."""
    listing: Rows
    """The number of each one's listing, ascending."""
    slot: Rows
    """0 for the main one, 1, 2, …; −1 where it is not shown."""
    alike: Reals
    """Likeness to the most alike picture: of those before it for a shown one, of the shown ones for another."""
    other: Rows
    """The row of that picture; its own where there is none."""


def wanted_roles(rules: GalleryRules) -> list[str]:
    """The roles that the channel wants and that say what a picture shows, each once, in its order."""
    return [role for role in dict.fromkeys(role.value for role in rules.wanted_roles) if role not in PLAIN_ROLES]


def reasons(ordered: Ordered, scores: Quality, rules: GalleryRules) -> pl.Series:
    """The reason for each picture's slot, or for its being left out. `scores` are those of the ordered pictures."""
    slot = ordered.slot
    first, later, out = (np.flatnonzero(where) for where in (slot == 0, slot > 0, slot < 0))
    said = [
        _why_main(ordered, scores, first),
        _why_here(ordered, scores, rules, later),
        _why_not(ordered, rules, out),
    ]
    return pl.concat(said).gather(np.argsort(np.concatenate([first, later, out])))


def _why_main(ordered: Ordered, scores: Quality, rows: Rows) -> pl.Series:
    table = ordered.table
    worth = np.where(table["may_be_main"].to_numpy(), table["main"].to_numpy(), -1.0)
    ranked = np.lexsort((-worth, ordered.listing))
    count = np.bincount(ordered.listing, weights=worth >= 0).astype(np.int64)[ordered.listing[rows]]
    begin = np.searchsorted(ordered.listing, ordered.listing[rows])
    first = ranked[begin]
    second = ranked[np.minimum(begin + 1, ranked.size - 1)]
    rival = np.where(first == rows, second, first)
    columns = pl.DataFrame(
        {
            "main": table["main"].gather(rows),
            "strengths": strengths_in_words(table[rows], scores.main_strengths[rows]),
            "rivals": count - 1,
            "rival": worth[rival],
            "uri": table["source_uri"].gather(rival),
        }
    )
    better = advantages(table, scores.terms, ordered.listing, table["may_be_main"].to_numpy(), rows)
    columns = columns.with_columns(
        better=better,
        quality=_with_strengths(columns["main"], columns["strengths"]),
        plain=pl.format("quality {}", worded("{:.2f}", columns["main"], 100)),
        against=pl.format("{} has {}", "uri", worded("{:.2f}", columns["rival"], 100)),
    )
    told = (
        pl.when(pl.col("rivals") == 0)
        .then(pl.format("the only picture that may be main; {}", "quality"))
        .when(pl.col("rival") > pl.col("main"))
        .then(
            pl.format(
                "{}; {}, but the gallery as a whole gains more with that one in another slot", "quality", "against"
            )
        )
        .when(pl.col("better") == "")
        .then(pl.format("best of {} that may be main; {}; {}", pl.col("rivals") + 1, "quality", "against"))
        .otherwise(
            pl.format("{}; best of {} that may be main: {}, {}", "better", pl.col("rivals") + 1, "plain", "against")
        )
    )
    return columns.select(told.alias("reason")).to_series()


def _why_here(ordered: Ordered, scores: Quality, rules: GalleryRules, rows: Rows) -> pl.Series:
    table = ordered.table
    first = np.searchsorted(ordered.listing, ordered.listing[rows])
    leads = np.flatnonzero(ordered.slot == 0)
    lead = np.full(int(ordered.listing[-1]) + 1 if ordered.listing.size else 0, -1)
    lead[ordered.listing[leads]] = leads
    lead_of = np.where(lead[ordered.listing[rows]] < 0, first, lead[ordered.listing[rows]])
    columns = table[rows].select("role", "may_be_main", "main_faults_text", "verdict_as_main")
    columns = columns.with_columns(
        quality=_with_strengths(
            table["secondary"].gather(rows), strengths_in_words(table[rows], scores.secondary_strengths[rows])
        ),
        plain=pl.col("role").str.replace_all("_", " ", literal=True),
        lead=table["source_uri"].gather(lead_of),
        lead_main=worded("{:.2f}", table["main"].gather(lead_of), 100),
        main=worded("{:.2f}", table["main"].gather(rows), 100),
        alike=pl.Series(ordered.alike[rows]),
        percent=worded("{:.0%}", pl.Series(ordered.alike[rows]), 100),
        like=table["source_uri"].gather(ordered.other[rows]),
    )
    barred = pl.when(pl.col("main_faults_text") != "").then("main_faults_text").otherwise("verdict_as_main")
    said = [
        pl.col("quality"),
        pl.when(pl.col("role").is_in(wanted_roles(rules))).then(pl.format("the channel wants a {} picture", "plain")),
        pl.when(pl.col("role").is_in(list(RANKS))).then(pl.format("a {} stands last", "plain")),
        pl.when((pl.col("role") == Role.MAIN.value) & ~pl.col("may_be_main")).then(
            pl.format("main in the feed, but it may not be ({})", barred)
        ),
        pl.when((pl.col("role") == Role.MAIN.value) & pl.col("may_be_main")).then(
            pl.format("main in the feed, but {} is better there ({} against {})", "lead", "lead_main", "main")
        ),
        pl.when(pl.col("alike") >= ALIKE).then(pl.format("{} like {}", "percent", "like")),
    ]
    return columns.select(pl.concat_str(said, separator="; ", ignore_nulls=True).alias("reason")).to_series()


def _why_not(ordered: Ordered, rules: GalleryRules, rows: Rows) -> pl.Series:
    table, listing = ordered.table, ordered.listing[rows]
    listings = int(ordered.listing[-1]) + 1 if ordered.listing.size else 0
    shown = ordered.slot >= 0
    most = np.full(listings, -1)
    np.maximum.at(most, ordered.listing[shown], ordered.slot[shown])
    opens = np.flatnonzero(shown)[np.argsort(ordered.slot[shown], kind="stable")[::-1]]
    opener = np.full(listings, -1)
    opener[ordered.listing[opens]] = opens  # the lowest slot comes last, and stays
    empty = _without_main(ordered)
    used = np.where(most < 0, empty, most + 1)[listing]
    columns = pl.DataFrame(
        {
            "able": table["may_be_secondary"].gather(rows),
            "opened": opener[listing] >= 0,
            "full": used >= rules.max_pictures,
            "opener": table["source_uri"].gather(np.maximum(opener[listing], 0)),
            "quality": worded("{:.2f}", table["secondary"].gather(rows), 100),
            "percent": worded("{:.0%}", pl.Series(ordered.alike[rows]), 100),
            "like": table["source_uri"].gather(ordered.other[rows]),
        }
    )
    told = (
        pl.when(~pl.col("able") & pl.col("opened"))
        .then(pl.format("may be nothing but main, and {} is better there", "opener"))
        .when(~pl.col("able"))
        .then(pl.lit("no slot free"))
        .when("full")
        .then(
            pl.format(
                "the channel shows {} pictures, and better ones fill them; quality {}",
                pl.lit(rules.max_pictures),
                "quality",
            )
        )
        .otherwise(pl.format("adds too little: {} like {}, quality {}", "percent", "like", "quality"))
    )
    return columns.select(told.alias("reason")).to_series()


def _without_main(ordered: Ordered) -> Rows:
    """1 for each listing none of whose pictures may be main, else 0."""
    listings = int(ordered.listing[-1]) + 1 if ordered.listing.size else 0
    able = ordered.table["may_be_main"].to_numpy()
    found = np.ones(listings, dtype=np.int64)
    found[ordered.listing[able]] = 0
    return found


def _with_strengths(quality: pl.Series, strengths: pl.Series) -> pl.Series:
    columns = pl.DataFrame({"quality": worded("{:.2f}", quality, 100), "strengths": strengths})
    plain = pl.format("quality {}", "quality")
    told = pl.when(pl.col("strengths") == "").then(plain).otherwise(pl.format("{} ({})", plain, "strengths"))
    return columns.select(told.alias("quality")).to_series()


def empty_mains(table: pl.DataFrame) -> pl.DataFrame:
    """`listing reason` of the empty main slot of each listing of `table`, whose every picture is given."""
    able = table.filter(readable(), pl.col("role").is_in(list(RANKS)).not_())
    severity = pl.col("verdict_as_main").replace_strict(SEVERITY, default=2, return_dtype=pl.Int32)
    best = able.sort("listing", severity, -pl.col("main"), "placement_id").unique("listing", keep="first")
    faults = pl.col("main_faults_text")
    because = pl.when(faults != "").then(pl.format(": {}", faults)).otherwise(pl.lit(""))
    named = pl.format(
        "no picture may be main; the best candidate is {} ({}{})", "source_uri", "verdict_as_main", because
    )
    told = best.select("listing", named.alias("reason"))
    counted = table.group_by("listing", maintain_order=True).agg(count=pl.len(), read=readable().any())
    nothing = (
        pl.when("read")
        .then(pl.lit("no picture could be main: none can be shown as such"))
        .when(pl.col("count") == 1)
        .then(pl.lit("no picture could be main: the picture could not be read"))
        .otherwise(pl.format("no picture could be main: none of the {} pictures could be read", "count"))
    )
    return counted.join(told, on="listing", how="left", maintain_order="left").select(
        "listing", pl.coalesce("reason", nothing).alias("reason")
    )


def readable() -> pl.Expr:
    """Whether there is a picture: bytes that were fetched, and that are one."""
    return pl.col("asset_id").is_not_null() & ~pl.col("unreadable").fill_null(value=False)


def missing_shots(table: pl.DataFrame, rules: GalleryRules) -> pl.DataFrame:
    """`listing role reason`: the roles that the channel wants and a gallery lacks; last, the number that is short.

    `table` has every picture: `listing role source_uri hurdle slot` (−1 where it is not shown).
    """
    listings = table.group_by("listing", maintain_order=True).agg(count=(pl.col("slot") >= 0).sum())
    found = []
    for role in wanted_roles(rules):
        of_role = table.filter(pl.col("role") == role)
        there = of_role.unique("listing", keep="first").select("listing", "source_uri", "hurdle")
        lacking = listings.join(of_role.filter(pl.col("slot") >= 0), on="listing", how="anti")
        lacking = lacking.join(there, on="listing", how="left", maintain_order="left")
        hurdle = pl.when(pl.col("hurdle") == "").then(pl.lit("it was not chosen")).otherwise("hurdle")
        why = pl.format("{} is one, but {}", "source_uri", hurdle).fill_null("nobody supplied one")
        text = pl.format("the channel wants a {} picture; {}", pl.lit(role.replace("_", " ")), why)
        found.append(lacking.select("listing", pl.lit(role).alias("role"), text.alias("reason")))
    short = listings.filter(pl.col("count") < rules.wanted_pictures)
    text = pl.format("shows {} of the {} pictures that the channel wants", "count", pl.lit(rules.wanted_pictures))
    found.append(short.select("listing", pl.lit(Role.SECONDARY.value).alias("role"), text.alias("reason")))
    return pl.concat(found)
