"""Finds the matches among all current assets, once for each state of the measurements."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from blake3 import blake3

from packshot.core.match import MatchKind
from packshot.evaluate.suite import all_measures, wanted
from packshot.match.banks import find_known
from packshot.match.clusters import clusters
from packshot.match.copies import find_copies
from packshot.match.keep import OPTIONAL
from packshot.match.pairs import find_matches
from packshot.match.peoples_word import settled, with_word
from packshot.pipeline.bank_rows import bank_entries
from packshot.pipeline.current_rows import measured
from packshot.pipeline.measured_later import MeasuredLater
from packshot.storage.schemas import CLUSTERS, MATCHES

if TYPE_CHECKING:
    from packshot.pipeline.peoples_word import Word
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

VERSION = 3
"""Raise it when matching changes: everything is then matched again."""
MADE = pa.schema({"attempt": pa.string()})
LOOKS = ("pdq", "pdq_quality", "width_px", "height_px")
THUMBNAIL = "lab16"
OF_POINTS = ("keypoints", THUMBNAIL)
OF_COPIES = (*OF_POINTS, "width_px", "height_px")


@dataclass(frozen=True, slots=True)
class Matches:
    """Which assets belong together."""

    generation: str
    pairs: pl.DataFrame
    clusters: pl.DataFrame


def match(stores: Stores, placements: pl.DataFrame, progress: Progress, said: Word) -> Matches:
    """Give the matches among the assets of `placements`: those that are there, or else made and stored now.

    What people `said` of pairs is laid over what is found: nothing is compared again for it.
    """
    plain = _generation(stores, placements)
    told = said.of_pairs(placements)
    generation = plain if told.is_empty() else _told_generation(plain, told)
    found = stored_matches(stores, generation)
    progress.stage("match", placements["asset_id"].n_unique())
    if found is None:
        columns = tuple(dict.fromkeys((*LOOKS, *(name for name in OPTIONAL if name != "verdict"))))
        ids = placements.select("asset_id").drop_nulls().unique()
        assets = ids.join(measured(stores, columns), on="asset_id", how="inner")
        found = stored_matches(stores, plain)
        if found is None:
            pairs = find_matches(assets, placements, thumbnails=MeasuredLater(stores, (THUMBNAIL,)).of)
            kept = clusters(pairs, assets)
            found = Matches(plain, with_copies(stores, pairs, kept, assets), kept)
            _store(stores, found)
        if generation != plain:
            settling = settled(told)
            pairs = with_word(found.pairs, settling)
            found = Matches(generation, pairs, clusters(pairs, assets, settling))
            _store(stores, found)
    progress.advance(placements["asset_id"].n_unique())
    return found


def with_copies(stores: Stores, pairs: pl.DataFrame, kept: pl.DataFrame, assets: pl.DataFrame) -> pl.DataFrame:
    """`pairs`, and the copies among those `assets` whose points were measured, and what of them is in a bank.

    Of pictures that are the same, only the representative is compared. What turns out a copy is no colour variant.
    """
    entries = bank_entries(stores)
    hidden = kept.filter(~pl.col("is_representative"))["asset_id"]
    points = _with_points(stores, assets.filter(~pl.col("asset_id").is_in(hidden.implode())))
    if points.height:
        theirs = entries.select(pl.col("entry_id").alias("asset_id"), *OF_COPIES).drop_nulls()
        points = pl.concat([points, theirs], how="vertical_relaxed")
    same = pairs.filter(pl.col("kind") == MatchKind.SAME.value).select("asset_a", "asset_b")
    found = find_copies(points, same)
    known = pl.concat(
        [find_known(assets, entries, MeasuredLater(stores, (THUMBNAIL,)).of), _of_banks(found, entries)]
    ).unique(("asset_a", "asset_b"), keep="first", maintain_order=True)
    ids = entries["entry_id"].implode()
    copies = found.filter(~pl.col("asset_a").is_in(ids), ~pl.col("asset_b").is_in(ids))
    rest = pairs.join(copies, on=("asset_a", "asset_b"), how="anti", maintain_order="left").filter(
        pl.col("kind") == MatchKind.VARIANT.value
    )
    others = pairs.filter(pl.col("kind") != MatchKind.VARIANT.value)
    every = pl.concat([others, rest, copies, known], how="diagonal").sort("kind", "asset_a", "asset_b")
    lacking = [name for name in MATCHES.names if name not in every.columns]
    return pl.DataFrame(
        every.with_columns(pl.lit(None).alias(n) for n in lacking).to_arrow().select(MATCHES.names).cast(MATCHES)
    )


def _with_points(stores: Stores, assets: pl.DataFrame) -> pl.DataFrame:
    """`asset_id` and what copies are found by, of those assets whose points were measured."""
    counted = measured(stores, ("keypoint_count",)).filter(pl.col("keypoint_count") > 0).select("asset_id")
    able = assets.join(counted, on="asset_id", how="semi").select("asset_id", "width_px", "height_px")
    looks = MeasuredLater(stores, OF_POINTS).of(able["asset_id"])
    return able.join(looks, on="asset_id", how="inner").select("asset_id", *OF_COPIES).drop_nulls()


def _of_banks(found: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Copies of pictures in banks, with the picture first."""
    named = entries.select("entry_id", "bank", "note")
    swapped = {"asset_a": "asset_b", "asset_b": "asset_a", "box_a": "box_b", "box_b": "box_a"}
    both = pl.concat([found, found.rename(swapped).select(found.columns)])
    told = both.join(named, left_on="asset_b", right_on="entry_id", how="inner")
    told = told.join(named.select("entry_id"), left_on="asset_a", right_on="entry_id", how="anti")
    return told.with_columns(kind=pl.lit(MatchKind.BANK.value))


def stored_matches(stores: Stores, generation: str) -> Matches | None:
    """The matches of that generation; None where they are not all there."""
    # The marker comes last: without it a kill came in between. Of two runs at once, the first to finish counts.
    made = stores.frame(f"matches/{generation}/made", MADE)
    if made.is_empty():
        return None
    name = f"matches/{generation}/{made['attempt'][0]}"
    return Matches(generation, stores.frame(f"{name}/pairs", MATCHES), stores.frame(f"{name}/clusters", CLUSTERS))


def _store(stores: Stores, found: Matches) -> None:
    name, attempt = f"matches/{found.generation}", secrets.token_hex(4)
    for table, frame, schema in (("pairs", found.pairs, MATCHES), ("clusters", found.clusters, CLUSTERS)):
        stores.tables.append(f"{name}/{attempt}/{table}", frame.to_arrow().select(schema.names).cast(schema))
    stores.tables.append(f"{name}/made", pa.table({"attempt": [attempt]}, schema=MADE))


def _generation(stores: Stores, placements: pl.DataFrame) -> str:
    """A hash of all that the matches are made from: which asset is placed how often, and what was measured."""
    counted = placements["asset_id"].drop_nulls().value_counts(name="count").sort("asset_id")
    made_from = blake3()
    for row in counted.iter_rows():
        made_from.update(f"{row[0]}{row[1]};".encode())
    version = stores.same_state({"measurements": stores.tables.version("measurements")})["measurements"]
    banks = stores.same_state({"banks": stores.tables.version("banks")})["banks"]
    made_from.update(json.dumps([VERSION, version, banks, wanted(all_measures())], sort_keys=True).encode())
    return str(made_from.hexdigest(8))


def _told_generation(plain: str, told: pl.DataFrame) -> str:
    """A hash of the matches as they were found and of what people say of them, whoever says it, and when.

    The order counts where words contradict each other: the later one wins.
    """
    said = told.sort("seq").select("asset_a", "asset_b", "same").rows()
    return str(blake3(json.dumps([plain, said]).encode()).hexdigest(8))
