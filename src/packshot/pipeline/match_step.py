"""Finds the matches among all current assets, once for each state of the measurements."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from blake3 import blake3

from packshot.evaluate.suite import all_measures, wanted
from packshot.match.clusters import clusters
from packshot.match.keep import OPTIONAL
from packshot.match.pairs import find_matches
from packshot.match.peoples_word import settled, with_word
from packshot.pipeline.current_rows import measured
from packshot.pipeline.measured_later import MeasuredLater
from packshot.storage.schemas import CLUSTERS, MATCHES

if TYPE_CHECKING:
    import polars as pl

    from packshot.pipeline.peoples_word import Word
    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

VERSION = 1
"""Raise it when matching changes: everything is then matched again."""
MADE = pa.schema({"attempt": pa.string()})
LOOKS = ("pdq", "pdq_quality", "width_px", "height_px")
THUMBNAIL = "lab16"


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
            found = Matches(plain, pairs, clusters(pairs, assets))
            _store(stores, found)
        if generation != plain:
            settling = settled(told)
            pairs = with_word(found.pairs, settling)
            found = Matches(generation, pairs, clusters(pairs, assets, settling))
            _store(stores, found)
    progress.advance(placements["asset_id"].n_unique())
    return found


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
    made_from.update(json.dumps([VERSION, version, wanted(all_measures())], sort_keys=True).encode())
    return str(made_from.hexdigest(8))


def _told_generation(plain: str, told: pl.DataFrame) -> str:
    """A hash of the matches as they were found and of what people say of them, whoever says it, and when.

    The order counts where words contradict each other: the later one wins.
    """
    said = told.sort("seq").select("asset_a", "asset_b", "same").rows()
    return str(blake3(json.dumps([plain, said]).encode()).hexdigest(8))
