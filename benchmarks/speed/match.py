"""Times the search for near hashes and the matching of assets, as JSON: `python benchmarks/speed/match.py [COUNT …]`.

Hashes are random; one in twenty is a copy with up to 30 of 256 bits flipped, as BENCH.md's 1M join has it. `missed` is
counted against the planted pairs, `brute_force_seconds` is measured on a slice and scaled to all pairs.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
import polars as pl

from packshot.match.clusters import clusters
from packshot.match.hamming import all_near, words
from packshot.match.index import MAX_RADIUS, self_join
from packshot.match.pairs import find_matches

SLICE = 6000
MOST_ASSETS = 200_000


def planted(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random hashes, (count, 32) uint8, with copies planted; and the rows of each planted pair."""
    hashes = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    rows = rng.permutation(count)
    source, target = rows[: count // 20], rows[count // 20 : 2 * (count // 20)]
    order = rng.random((source.size, 256)).argsort(axis=1)
    flips = order < rng.integers(0, MAX_RADIUS, source.size)[:, None]
    hashes[target] = hashes[source] ^ np.packbits(flips, axis=1)
    return hashes, np.minimum(source, target), np.maximum(source, target)


def join(count: int, rng: np.random.Generator) -> dict[str, float]:
    """Time `self_join` on `count` hashes."""
    hashes, low, high = planted(count, rng)
    begin = time.perf_counter()
    left, right, _ = self_join(hashes)
    seconds = time.perf_counter() - begin
    found = set((left * count + right).tolist())
    size = min(count, SLICE)
    begin = time.perf_counter()
    for _ in all_near(words(hashes[:size]), MAX_RADIUS):
        pass
    brute = (time.perf_counter() - begin) * (count / size) ** 2
    return {
        "hashes": count,
        "pairs": left.size,
        "missed": len(set((low * count + high).tolist()) - found),
        "seconds": round(seconds, 2),
        "brute_force_seconds": round(brute, 1),
        "times_faster": round(brute / seconds, 1),
    }


def match(count: int, rng: np.random.Generator) -> dict[str, float]:
    """Time `find_matches` and `clusters` on `count` assets with thumbnails."""
    hashes, low, high = planted(count, rng)
    labs = rng.integers(60, 200, (count, 768), dtype=np.uint8)
    labs[high] = labs[low]
    table = pl.DataFrame(
        {
            "asset_id": [f"{row:012x}" for row in range(count)],
            "pdq": [row.tobytes() for row in hashes],
            "pdq_quality": np.full(count, 100),
            "lab16": [row.tobytes() for row in labs],
            "width_px": np.full(count, 1000),
            "height_px": np.full(count, 1000),
        }
    )
    begin = time.perf_counter()
    found = find_matches(table, table.select("asset_id"))
    matched = time.perf_counter()
    groups = clusters(found, table)
    return {
        "assets": count,
        "same": found.filter(kind="same").height,
        "match_seconds": round(matched - begin, 2),
        "clusters": groups["cluster_id"].n_unique(),
        "cluster_seconds": round(time.perf_counter() - matched, 2),
    }


def main(counts: list[int]) -> None:
    """Print one JSON object."""
    rng = np.random.default_rng(1)
    joins = [join(count, rng) for count in counts]
    matches = [match(count, rng) for count in counts if count <= MOST_ASSETS]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"join": joins, "match": matches, "peak_mb": round(peak)}, indent=1))


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
