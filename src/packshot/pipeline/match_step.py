"""Finds the matches among all current assets, once for each state of the measurements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from blake3 import blake3

from packshot.evaluate.suite import all_measures, wanted
from packshot.match.clusters import clusters
from packshot.match.keep import OPTIONAL
from packshot.match.pairs import find_matches
from packshot.pipeline.current_rows import measured
from packshot.storage.schemas import CLUSTERS, MATCHES

if TYPE_CHECKING:
    import polars as pl

    from packshot.pipeline.stores import Stores
    from packshot.telemetry import Progress

VERSION = 1
"""Raise it when matching changes: everything is then matched again."""
LOOKS = ("pdq", "pdq_quality", "lab16", "width_px", "height_px")


@dataclass(frozen=True, slots=True)
class Matches:
    """Which assets belong together."""

    generation: str
    pairs: pl.DataFrame
    clusters: pl.DataFrame


def match(stores: Stores, placements: pl.DataFrame, progress: Progress) -> Matches:
    """Give the matches among the assets of `placements`: those that are there, or else made and stored now."""
    generation = _generation(stores, placements)
    found = stored_matches(stores, generation)
    progress.stage("match", placements["asset_id"].n_unique())
    if found is None:
        columns = tuple(dict.fromkeys((*LOOKS, *(name for name in OPTIONAL if name != "verdict"))))
        ids = placements.select("asset_id").drop_nulls().unique()
        assets = ids.join(measured(stores, columns), on="asset_id", how="inner")
        pairs = find_matches(assets, placements)
        found = Matches(generation, pairs, clusters(pairs, assets))
        _store(stores, found)
    progress.advance(placements["asset_id"].n_unique())
    return found


def stored_matches(stores: Stores, generation: str) -> Matches | None:
    """The matches of that generation; None where they are not all there."""
    # The marker comes last: without it a kill came in between.
    if stores.tables.version(f"matches/{generation}/complete") == 0:
        return None
    pairs = stores.frame(f"matches/{generation}/pairs", MATCHES)
    return Matches(generation, pairs, stores.frame(f"matches/{generation}/clusters", CLUSTERS))


def _store(stores: Stores, found: Matches) -> None:
    name = f"matches/{found.generation}"
    for table in ("pairs", "clusters"):
        stores.tables.drop(f"{name}/{table}")
    stores.tables.append(f"{name}/pairs", found.pairs.to_arrow().select(MATCHES.names).cast(MATCHES))
    stores.tables.append(f"{name}/clusters", found.clusters.to_arrow().select(CLUSTERS.names).cast(CLUSTERS))
    stores.tables.append(f"{name}/complete", pa.table({"pairs": [found.pairs.height]}))


def _generation(stores: Stores, placements: pl.DataFrame) -> str:
    """A hash of all that the matches are made from: which asset is placed how often, and what was measured."""
    counted = placements["asset_id"].drop_nulls().value_counts(name="count").sort("asset_id")
    made_from = blake3()
    for row in counted.iter_rows():
        made_from.update(f"{row[0]}{row[1]};".encode())
    version = stores.tables.version("measurements")
    made_from.update(json.dumps([VERSION, version, wanted(all_measures())], sort_keys=True).encode())
    return str(made_from.hexdigest(8))
