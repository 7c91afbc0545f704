"""The decision record of a placement: verdicts, findings, matches, troubles and slot."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.errors import UnknownName, UsageError
from packshot.evaluate.wording import describe
from packshot.pipeline.current_rows import current_troubles, placed

if TYPE_CHECKING:
    from packshot.app.tables import Reader

MOST = 50
LEAST_PREFIX = 6
FINDING = ("rule", "check", "status", "expected", "measured", "how_to_fix", "source", "on_fail")


def decision_records(reader: Reader, name: str, policy: str | None) -> list[dict[str, Any]]:
    """One record for each placement that `name` means: its id or the start of it, a source URI, or an asset id.

    Raises UnknownName where it means none, and UsageError where it means too many.
    """
    found = _named(reader.verdicts(policy), name)
    keys = found.select("placement_id")
    bound = reader.bound(policy)
    known = reader.facts(policy, bound).placements.join(keys, on="placement_id", how="semi")
    plain = reader.plain_findings(policy).join(keys, on="placement_id", how="semi")
    findings = describe(plain, known, bound).partition_by("placement_id", as_dict=True)
    every = reader.galleries(policy)
    galleries = every.join(keys, on="placement_id", how="semi")
    lacks = every.filter(pl.col("slot") == "missing").select("listing_id", "role", "reason")
    slots = {row["placement_id"]: row for row in galleries.rows(named=True)}
    troubles = current_troubles(reader.stores, placed(reader.stores).placements)
    matches = reader.table("matches", policy)
    records = []
    for row in found.rows(named=True):
        id_, asset = row["placement_id"], row["asset_id"]
        slot = slots.get(id_, {})
        told = findings.get((id_,), pl.DataFrame(schema=dict.fromkeys(FINDING, pl.String)))
        mine = troubles.filter(pl.col("placement_id") == id_)
        records.append(
            row
            | {"slot": slot.get("slot"), "score": slot.get("score"), "reason": slot.get("reason")}
            | {
                "missing": lacks.filter(pl.col("listing_id") == row["listing_id"])
                .select("role", "reason")
                .rows(named=True)
            }
            | {"findings": told.select(FINDING).rows(named=True)}
            | {"matches": _matches(matches, asset) if asset else []}
            | {
                "troubles": [
                    f"{stage}: {kind}: {text}" for stage, kind, text in mine.select("stage", "kind", "detail").rows()
                ]
            }
        )
    return records


def _named(verdicts: pl.DataFrame, name: str) -> pl.DataFrame:
    means = (
        (pl.col("listing_id") == name)
        | (pl.col("placement_id") == name)
        | (pl.col("source_uri") == name)
        | (pl.col("asset_id") == name)
    )
    if len(name) >= LEAST_PREFIX:
        means |= pl.col("placement_id").str.starts_with(name) | pl.col("asset_id").str.starts_with(name)
    found = verdicts.filter(means)
    if found.is_empty():
        raise UnknownName("placement", name, difflib.get_close_matches(name, _places(verdicts), n=3))
    if found.height > MOST:
        raise UsageError(
            f"{name!r} means {found.height:,} placements.", "Give a placement id: see `packshot table verdicts`."
        )
    return found


def _places(verdicts: pl.DataFrame) -> list[str]:
    return [*verdicts["source_uri"].drop_nulls().unique().to_list(), *verdicts["listing_id"].unique().to_list()]


def _matches(matches: pl.DataFrame, asset_id: str) -> list[str]:
    mine = matches.filter((pl.col("asset_a") == asset_id) | (pl.col("asset_b") == asset_id))
    texts = []
    for row in mine.rows(named=True):
        other = "b" if row["asset_a"] == asset_id else "a"
        texts.append(f"{row['kind']} as {row[f'source_uri_{other}']} (distance {row['distance']})")
    return texts
