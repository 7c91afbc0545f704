"""Gathers what each supplier is told of their pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import polars as pl

from packshot.core.errors import UnknownName
from packshot.core.trouble import TroubleKind
from packshot.evaluate.preferred import preferred
from packshot.evaluate.wording import describe
from packshot.pipeline.current_rows import current_troubles, measured, placed, readable_columns
from packshot.present.report_site import VERDICTS
from packshot.present.report_text import sources
from packshot.present.report_view import EVIDENCE
from packshot.present.supplier_data import (
    LOST_MAIN,
    SEVERITIES,
    SUPPLIER_TROUBLES,
    Supplier,
    SupplierFault,
    SuppliersAbout,
)
from packshot.present.supplier_site import Ranked, write_suppliers
from packshot.texts.language import counted, phrase, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from packshot.app.tables import Reader
    from packshot.evaluate.bind import BoundPolicy
    from packshot.telemetry import Progress

    Row = dict[str, Any]

BY = ("supplier", "brand", "source")
"""What tells suppliers apart: the feed's column of suppliers, the brand, or the feed itself."""
CARDS = 12
"""Pictures that a page shows of one fault."""
AT_ONCE = 50_000
"""Findings that are put into words together."""
MAIN_MISSING = "main_missing"
"""The check whose finding is no news where the main picture's file is told of."""
TOLD = ("fail", "unsure", "warn")
"""What a supplier is told of; what nobody measured is not theirs."""
_EVIDENCE = [name for name in EVIDENCE if name in readable_columns()]


@dataclass(frozen=True, slots=True)
class SupplierOptions:
    """Which suppliers, in which words."""

    by: str = "supplier"
    only: Sequence[str] = ()
    """Names of suppliers; all by default."""
    language: str = "en"
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class SuppliersTold:
    """What was written."""

    report: str
    suppliers: int
    findings: int
    ranked: list[Ranked] = field(repr=False)
    notes: list[str]


def report_suppliers(reader: Reader, folder: Path, options: SupplierOptions, progress: Progress) -> SuppliersTold:
    """Write the folders of all suppliers and their ranking into `folder`.

    Raises UnknownName for a supplier or language that is not there, UsageError for a folder that holds something else.
    """
    if options.by not in BY:
        raise UnknownName("way to tell suppliers apart", options.by, BY)
    with speaking(options.language) as language:
        gathered = _Gathered(reader, options)
        page, ranked = write_suppliers(gathered.suppliers(progress), gathered.about, gathered.thumbnail, folder)
    notes = [*gathered.notes, *language.notes()]
    return SuppliersTold(str(page), len(ranked), sum(one.findings for one in ranked), ranked, notes)


class _Gathered:
    """Placements and findings with the supplier that they belong to."""

    def __init__(self, reader: Reader, options: SupplierOptions) -> None:
        self._reader = reader
        self._options = options
        self._by = options.by
        policy = options.policy
        judgement = reader.stores.catalog.judgement(reader.current(policy).judgement_id)
        bound = reader.bound(policy)
        self._bound: BoundPolicy = bound.on(judgement.rules_as_of) if judgement else bound
        self._now = placed(reader.stores, also=("supplier", "brand"))
        self._places = self._with_suppliers()
        self.notes = self._told()
        found = reader.plain_findings(policy)
        troubles = _with_lost_mains(self._of_files(current_troubles(reader.stores, self._now.placements)), found)
        lost = troubles.filter("lost_main")["listing_id"].implode()
        consequence = (pl.col("check") == MAIN_MISSING) & pl.col("listing_id").is_in(lost)
        self._findings, self._shared = self._of_suppliers(found.filter(~consequence.fill_null(value=False)))
        self._no_troubles = troubles.clear()
        self._troubles = troubles.partition_by("who", as_dict=True)
        self._standing = _standing(self._places)

    def about(self) -> SuppliersAbout:
        """What all pages say."""
        runs = [run for run in self._reader.stores.catalog.runs() if run.state.value == "finished"]
        when = runs[-1].heartbeat if runs else datetime.now(UTC)
        notes = [*self.notes]
        if self._shared:
            notes.append(
                counted(
                    self._shared,
                    "One finding is of a listing with pictures of several suppliers: nobody is told of it here.",
                    "{n} findings are of listings with pictures of several suppliers: nobody is told of them here.",
                )
            )
        title = self._bound.policy.title or self._bound.policy.id
        return SuppliersAbout(title, when, tuple(notes))

    def thumbnail(self, asset_id: str) -> bytes | None:
        """The JPEG thumbnail of an asset; None where there is none."""
        thumbnails = self._reader.stores.thumbnails
        return thumbnails.read(asset_id) if thumbnails.exists(asset_id) else None

    def suppliers(self, progress: Progress) -> Iterator[Supplier]:
        """Every supplier in turn, by name, those without a name last."""
        names = self._names()
        progress.stage("suppliers", len(names))
        counts = dict(self._findings.group_by("who").len().iter_rows())
        for batch in _batches(names, counts):
            described = self._described(self._findings.filter(pl.col("who").is_in(batch, nulls_equal=True)))
            by_name = {who: part for (who,), part in described.group_by("who", maintain_order=True)}
            for name in batch:
                yield self._supplier(name, by_name.get(name, described.clear()))
                progress.advance(1)

    def _names(self) -> list[str | None]:
        known = self._places["who"].unique().to_list()
        if self._options.only:
            missing = [name for name in self._options.only if name not in known]
            if missing:
                raise UnknownName("supplier", missing[0], [name for name in known if name])
            return [*sorted(set(self._options.only))]
        nobody = [None] if None in known else []
        return [*sorted(name for name in known if name is not None), *nobody]

    def _with_suppliers(self) -> pl.DataFrame:
        """Every placement with `who` and what the report says of it."""
        listings = self._now.listings.select("source_id", "listing_id", "title", "brand")
        verdicts = self._reader.verdicts(self._options.policy, ("placement_id", "verdict"))
        rows = self._now.placements.join(listings, on=("source_id", "listing_id"), how="left", maintain_order="left")
        rows = rows.join(verdicts, on="placement_id", how="left", maintain_order="left")
        sources = {
            id_: unquote(source.uri.rstrip("/").rsplit("/", 1)[-1])
            for id_, source in self._reader.stores.catalog.sources().items()
        }
        who = {
            "supplier": pl.col("supplier"),
            "brand": pl.col("brand"),
            "source": pl.col("source_id").replace_strict(sources, default=None, return_dtype=pl.String),
        }[self._by]
        named = who.str.strip_chars()
        return rows.with_columns(who=pl.when(named != "").then(named), verdict=pl.col("verdict").fill_null("review"))

    def _told(self) -> list[str]:
        without = self._places.filter(pl.col("who").is_null())
        if without.is_empty():
            return []
        if without.height == self._places.height:
            if self._by == "supplier":
                hint = phrase(
                    "The feed names no suppliers, so there is one report for all. Say which column does: packshot run "
                    "FEED --map supplier=COLUMN; or tell them apart with --by brand or --by source."
                )
                return [hint]
            named = self._now.placements["supplier"].fill_null("").str.strip_chars() != ""
            if self._by == "brand" and named.any():
                hint = phrase(
                    "The feed names no brands, so there is one report for all. It names suppliers: tell them apart "
                    "with --by supplier; or say which column names the brand: packshot run FEED --map brand=COLUMN."
                )
                return [hint]
            return [phrase("Nothing tells the suppliers apart, so there is one report for all.")]
        return [
            phrase("Pictures that name no supplier: {n} of {all}; they have a report of their own.",
                   n=without.height, all=self._places.height)
        ]  # fmt: skip

    def _of_suppliers(self, findings: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """The findings with `who`; those of whole listings only where the listing has one supplier."""
        rules = list(self._bound.by_id())
        told = findings.filter(pl.col("status").is_in(list(TOLD)) & pl.col("rule").is_in(rules))
        names = ("placement_id", "listing_id", "rule", "check", "status")
        of_pictures = told.filter(pl.col("placement_id").is_not_null()).select(names)
        who = self._places.select("placement_id", "who", "asset_id", "source_uri", "role", listing_title="title")
        of_pictures = of_pictures.join(who, on="placement_id", how="inner", maintain_order="left")
        of_listings = told.filter(pl.col("placement_id").is_null()).select(names)
        owners = self._places.group_by("listing_id").agg(
            pl.col("who").first(), several=pl.col("who").n_unique() > 1, listing_title=pl.col("title").first()
        )
        owned = of_listings.join(owners, on="listing_id", how="left", maintain_order="left")
        shared = int(owned["several"].sum())
        owned = owned.filter(~pl.col("several")).drop("several")
        return pl.concat([of_pictures, owned], how="diagonal"), shared

    def _of_files(self, troubles: pl.DataFrame) -> pl.DataFrame:
        """The pictures that could not be had or opened, in ways that a supplier can mend."""
        kinds = [kind.value for kind in SUPPLIER_TROUBLES]
        rows = troubles.filter(pl.col("kind").is_in(kinds) & pl.col("stage").is_in(["fetch", "decode"]))
        who = self._places.select("placement_id", "who", "role", owner="listing_id", listing_title="title")
        rows = rows.unique("placement_id", keep="last", maintain_order=True)
        rows = rows.join(who, on="placement_id", how="inner", maintain_order="left")
        return rows.with_columns(listing_id=pl.coalesce("listing_id", "owner"))

    def _described(self, findings: pl.DataFrame) -> pl.DataFrame:
        """In words, and with what is drawn as evidence; names of others' files are taken out first."""
        facts = self._reader.facts(self._options.policy, self._bound, of=findings["placement_id"])
        rows = describe(findings, self._without_others(facts.placements), self._bound, facts.listings)
        rows = _by_people(rows, self._reader.said(self._options.policy))
        assets = rows["asset_id"].drop_nulls().unique()
        evidence = preferred(measured(self._reader.stores, _EVIDENCE, of_assets=assets))
        evidence = evidence.select("asset_id", *(name for name in EVIDENCE if name in evidence.columns))
        return rows.with_columns(_severity()).join(evidence, on="asset_id", how="left", maintain_order="left")

    def _without_others(self, facts: pl.DataFrame) -> pl.DataFrame:
        """`facts` without addresses of pictures that another supplier sent: what repeats what is told, not whose."""
        columns = [name for name in facts.columns if name.endswith("_uri") and name != "source_uri"]
        if not columns:
            return facts
        owners = self._places.select("placement_id", "who")
        rows = facts.join(owners, on="placement_id", how="left", maintain_order="left")
        own = self._places.select("who", "listing_id", pl.col("source_uri")).unique().with_columns(own=pl.lit(True))
        for name in columns:
            keys = ["who", "listing_id", name]
            mine = own.rename({"source_uri": name})
            marked = rows.join(mine, on=keys, how="left", nulls_equal=True, maintain_order="left")
            other = pl.col(name).is_not_null() & pl.col("own").is_null()
            hidden = pl.lit(phrase("another picture of the listing"))
            rows = marked.with_columns(pl.when(other).then(hidden).otherwise(pl.col(name)).alias(name)).drop("own")
        return rows.drop("who")

    def _supplier(self, name: str | None, findings: pl.DataFrame) -> Supplier:
        standing = self._standing[name]
        of_files = self._troubles.get((name,), self._no_troubles)
        faults = [*_faults(findings, self._bound), *_file_faults(of_files)]
        gravity = list(SEVERITIES)
        faults.sort(key=lambda fault: (gravity.index(fault.severity), -fault.count, fault.check))
        channel = self._bound.policy.title or self._bound.policy.id
        return Supplier(
            name,
            {word: standing[word] for word in VERDICTS},
            standing["listings"],
            faults,
            [*_rows(findings, channel), *_file_rows(of_files)],
        )


def _with_lost_mains(troubles: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """`troubles` with `lost_main`: the file is its listing's main picture, and without it the listing has none."""
    without = findings.filter(pl.col("check") == MAIN_MISSING)["listing_id"].unique()
    lost = (pl.col("role") == "main") & pl.col("listing_id").is_in(without.implode())
    return troubles.with_columns(lost_main=lost.fill_null(value=False))


def _by_people(findings: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """`findings` where a person's word stands in place of what was measured; who it was is not the supplier's."""
    if said.is_empty():
        return findings
    told = said.filter(pl.col("status") == "fail").select("placement_id", "rule")
    words = pl.lit(phrase("a person looked at it and says so"))
    rows = findings.join(told.unique().with_columns(_said=words), on=("placement_id", "rule"), how="left",
                         maintain_order="left")  # fmt: skip
    return rows.with_columns(measured=pl.coalesce("_said", "measured")).drop("_said")


def _standing(places: pl.DataFrame) -> dict[str | None, Row]:
    """For each supplier how many listings it has, and how many pictures with each verdict."""
    counted = places.group_by("who").agg(
        pl.col("listing_id").n_unique().alias("listings"),
        *((pl.col("verdict") == word).sum().alias(word) for word in VERDICTS),
    )
    return {row["who"]: row for row in counted.iter_rows(named=True)}


def _batches(names: Sequence[str | None], counts: dict[str | None, int]) -> Iterator[list[str | None]]:
    """The names in parts with about `AT_ONCE` findings."""
    part: list[str | None] = []
    held = 0
    for name in names:
        part.append(name)
        held += counts.get(name, 0)
        if held >= AT_ONCE:
            yield part
            part, held = [], 0
    if part:
        yield part


def _severity() -> pl.Expr:
    """What a finding leads to, as verdicts add up: advice where it only warns, review at most where it is unsure."""
    on_fail, status = pl.col("on_fail"), pl.col("status")
    return (
        pl.when((status == "warn") | ~on_fail.is_in(["fix", "review", "block"]))
        .then(pl.lit("advice"))
        .when((status == "unsure") & (on_fail == "block"))
        .then(pl.lit("review"))
        .otherwise(on_fail)
        .alias("severity")
    )


def _faults(findings: pl.DataFrame, bound: BoundPolicy) -> Iterator[SupplierFault]:
    rules = bound.by_id()
    sure_first = pl.col("status").replace_strict({"fail": 0, "unsure": 1}, default=2, return_dtype=pl.Int32)
    ordered = findings.with_columns(_rank=sure_first).sort("_rank", "listing_id", "placement_id", nulls_last=True)
    # Two rules that say the same of other roles are one fault to whoever has to mend it.
    for _, part in ordered.group_by("title", "expected", "severity", maintain_order=True):
        first = part.row(0, named=True)
        yield SupplierFault(
            first["check"] or first["rule"],
            first["title"],
            _sentence(first["how_to_fix"]),
            _sentence(first["expected"]),
            first["severity"],
            first["source"] or "",
            rules[first["rule"]].needs or ("source_uri",),
            part.head(CARDS).to_dicts(),
            part.height,
            first["placement_id"] is None,
        )


def _file_faults(troubles: pl.DataFrame) -> Iterator[SupplierFault]:
    for (kind,), part in troubles.sort(~pl.col("lost_main"), "listing_id", "source_uri").group_by(
        "kind", maintain_order=True
    ):
        title, how = SUPPLIER_TROUBLES[TroubleKind(str(kind))]
        cards = part.head(CARDS).to_dicts()
        yield SupplierFault(str(kind), phrase(title), _sentence(phrase(how)), "", "fix", "", (), cards, part.height)


def _rows(findings: pl.DataFrame, channel: str) -> Iterator[Row]:
    for row in findings.sort("listing_id", "source_uri", "rule", nulls_last=True).iter_rows(named=True):
        yield {
            **{name: row[name] for name in ("listing_id", "source_uri", "role", "expected", "measured")},
            "listing_title": row["listing_title"],
            "check": row["check"] or row["rule"],
            "severity": phrase(SEVERITIES[row["severity"]]),
            "what_is_wrong": row["title"],
            "how_to_fix": _sentence(row["how_to_fix"]),
            "asked_by": " ".join(link for _, link in sources(row["source"]) if link) or channel,
        }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _file_rows(troubles: pl.DataFrame) -> Iterator[Row]:
    for row in troubles.sort("listing_id", "source_uri", nulls_last=True).iter_rows(named=True):
        title, how = SUPPLIER_TROUBLES[TroubleKind(row["kind"])]
        yield {
            **{name: row[name] for name in ("listing_id", "source_uri", "role")},
            "listing_title": row["listing_title"],
            "check": row["kind"],
            "severity": phrase(SEVERITIES["fix"]),
            "what_is_wrong": f"{phrase(title)} {phrase(LOST_MAIN)}" if row["lost_main"] else phrase(title),
            "how_to_fix": _sentence(phrase(how)),
        }
