"""The decision record of a placement: verdicts, findings, matches, troubles and slot."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.core.errors import UnknownName, UsageError
from packshot.core.match import MatchKind
from packshot.evaluate.wording import describe
from packshot.pipeline.current_rows import current_troubles, placed
from packshot.pipeline.peoples_word import with_authors

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    told = with_authors(describe(plain, known, bound), reader.said(policy))
    findings = told.partition_by("placement_id", as_dict=True)
    every = reader.galleries(policy)
    galleries = every.join(keys, on="placement_id", how="semi")
    lacks = every.filter(pl.col("slot") == "missing").select("listing_id", "role", "reason")
    slots = {row["placement_id"]: row for row in galleries.rows(named=True)}
    troubles = current_troubles(reader.stores, placed(reader.stores).placements)
    matches = reader.table("matches", policy)
    words = reader.words(policy)
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
            | {"words": _words(words, id_, asset)}
            | {
                "troubles": [
                    f"{stage}: {kind}: {text}" for stage, kind, text in mine.select("stage", "kind", "detail").rows()
                ]
            }
        )
    return records


def records_of_several(reader: Reader, name: str, policies: Sequence[str] | None) -> list[dict[str, Any]]:
    """As `decision_records`, by several policies; by those of the last run where none are named.

    What is placed on a listing since a policy judged last has no record by that policy.
    """
    several: tuple[str | None, ...] = tuple(policies or reader.last_policies()) or (None,)
    found: list[dict[str, Any]] = []
    missed: UnknownName | None = None
    for policy in several:
        reader.current(policy)  # a policy that is not there is told as such
        try:
            found += decision_records(reader, name, policy)
        except UnknownName as error:
            missed = missed or error
    if missed is not None and not found:
        raise missed
    order = {id_: number for number, id_ in enumerate(dict.fromkeys(row["placement_id"] for row in found))}
    return sorted(found, key=lambda row: order[row["placement_id"]])


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
        if row["kind"] == MatchKind.BANK.value:
            texts.append(f"in the bank {row['bank']}" + (f": {row['note']}" if row["note"] else ""))
            continue
        texts.append(f"{row['kind']} as {row[f'source_uri_{other}']}{_how_near(row)}")
    return texts


def _how_near(row: dict[str, Any]) -> str:
    if row["shared_points"] is not None:
        return f" ({row['shared_points']} shared points)"
    return f" (distance {row['distance']})" if row["distance"] is not None else ""


def _words(words: pl.DataFrame, placement_id: str, asset_id: str | None) -> list[dict[str, Any]]:
    """What people said of the picture in this place, of an earlier one there, and of it and others; the latest first.

    `state` is `counts`, `from the next run` or `picture replaced`.
    """
    mine_is = pl.lit(asset_id, dtype=pl.String)
    beside = (pl.col("asset_id") == mine_is) | (pl.col("other_asset_id") == mine_is)
    mine = words.filter((pl.col("placement_id") == placement_id) | (pl.col("placement_id").is_null() & beside))
    mine = mine.with_columns(
        pl.when(pl.col("placement_id").is_not_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(pl.col("asset_id") == mine_is)
        .then("other_source_uri")
        .otherwise("source_uri")
        .alias("other")
    )
    columns = ("seq", "question", "answer", "other", "author", "at", "because", "state", "said_of")
    return mine.sort("seq", descending=True).select(columns).rows(named=True)
