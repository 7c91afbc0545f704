"""Times the search for near hashes and the matching of assets, as JSON: `python benchmarks/speed/match.py [COUNT …]`.

Two sets of hashes: random ones, and real ones (PDQ of the shared pictures, multiplied by flipping some of their bits,
so that the buckets are as uneven as theirs). One in twenty is a planted copy, 0 to 31 of 256 bits away. `missed` counts
planted pairs that were not found; `missed_of_faiss_pairs` and `pairs_that_faiss_lacks` compare all pairs of some hashes
with what faiss finds by trying all. `times_faster` is faiss' flat binary search, scaled to all pairs and halved for
symmetry, over ours. Equal hashes are tied to the first of them, so pairs are compared between the first ones.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from packshot.evaluate.measures.pdq import Pdq
from packshot.match.clusters import clusters
from packshot.match.index import MAX_RADIUS, group_equal, self_join
from packshot.match.pairs import find_matches
from packshot.media.decode import decode
from packshot.media.limits import Limits

try:
    import faiss
except ImportError:
    sys.exit("no faiss: pip install --group bench")

DATA = Path(__file__).parents[2] / "../shared/data"
SOURCES = ("magento2", "solidus", "sylius", "clothing_dataset", "grocery_store", "tailwindtraders")
REAL_PICTURES = 1500
NOISE_BITS = 90
"""Most bits flipped in a real hash to make another picture's: beyond the radius, so that the buckets stay real."""
QUERIES = 200
MOST_ASSETS = 200_000


def random_hashes(count: int, rng: np.random.Generator) -> np.ndarray:
    """Hashes of nothing, shape (count, 32)."""
    return rng.integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(hashes: np.ndarray, fewest: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """Each hash with between `fewest` and `most` bits flipped."""
    found = np.empty_like(hashes)
    for at in range(0, len(hashes), 65_536):
        some = hashes[at : at + 65_536]
        order = rng.random((len(some), 256), dtype=np.float32).argsort(axis=1).argsort(axis=1)
        flips = order < rng.integers(fewest, most + 1, len(some))[:, None]
        found[at : at + 65_536] = some ^ np.packbits(flips, axis=1)
    return found


def real_hashes(count: int, rng: np.random.Generator) -> np.ndarray | None:
    """PDQ hashes of the shared pictures, multiplied to `count`; None where the pictures are not there."""
    files = sorted(
        file for source in SOURCES for file in (DATA / source).rglob("*") if file.suffix.lower() in {".jpg", ".png"}
    )
    if not files:
        return None
    measure, limits = Pdq(), Limits()
    rng.shuffle(files)
    found = [measure.measure(decode(file.read_bytes(), limits))["pdq"] for file in files[:REAL_PICTURES]]
    hashes = np.frombuffer(b"".join(value for value in found if isinstance(value, bytes)), dtype=np.uint8)
    hashes = np.unique(hashes.reshape(-1, 32), axis=0)
    return flipped(hashes[rng.integers(0, len(hashes), count)], MAX_RADIUS + 5, NOISE_BITS, rng)


def planted(hashes: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Make one in twenty of `hashes` a copy of another, 0 to 31 bits away; the rows of each planted pair."""
    rows = rng.permutation(len(hashes))
    source, target = rows[: len(rows) // 20], rows[len(rows) // 20 : 2 * (len(rows) // 20)]
    hashes[target] = flipped(hashes[source], 0, MAX_RADIUS, rng)
    return np.minimum(source, target), np.maximum(source, target)


def clocked(work: Any) -> tuple[Any, float, float]:
    """What `work` gives, its seconds, and its CPU seconds."""
    start, start_cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - start, time.process_time() - start_cpu


def join(kind: str, hashes: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Time `self_join` between two halves of faiss' queries, and hold its pairs against the planted ones and faiss'."""
    low, high = planted(hashes, rng)
    count = len(hashes)
    flat = faiss.IndexBinaryFlat(256)
    flat.add(hashes)
    queries = rng.choice(count, min(count, QUERIES), replace=False)
    halves = np.array_split(queries, 2)
    before = clocked(lambda: flat.range_search(hashes[halves[0]], MAX_RADIUS + 1))
    (left, right, distance), seconds, cpu = clocked(lambda: self_join(hashes))
    after = clocked(lambda: flat.range_search(hashes[halves[1]], MAX_RADIUS + 1))
    groups = group_equal(hashes)
    first = groups.first[groups.of_row]
    keys = _keys(first, left, right)
    asked = [
        np.repeat(half, np.diff(got[0][0].astype(np.int64))) for half, got in zip(halves, (before, after), strict=True)
    ]
    faiss_keys = _keys(first, np.concatenate(asked), np.concatenate([before[0][2], after[0][2]]))
    of_queries = np.isin(keys // count, first[queries]) | np.isin(keys % count, first[queries])
    share = count / len(queries) / 2
    return {
        "hashes": kind,
        "count": count,
        "pairs": int(left.size),
        "planted": int(low.size),
        "missed": int(np.setdiff1d(_keys(first, low, high), keys).size),
        "farther_than_the_radius": int((distance > MAX_RADIUS).sum()),
        "faiss_pairs": int(faiss_keys.size),
        "missed_of_faiss_pairs": int(np.setdiff1d(faiss_keys, keys).size),
        "pairs_that_faiss_lacks": int(np.setdiff1d(keys[of_queries], faiss_keys).size),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "faiss_seconds": round((before[1] + after[1]) * share, 1),
        "faiss_cpu_seconds": round((before[2] + after[2]) * share, 1),
        "times_faster": round((before[1] + after[1]) * share / seconds, 1),
        "times_less_cpu": round((before[2] + after[2]) * share / cpu, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _keys(first: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """One number for each pair of different hashes, by the first row of each."""
    one, two = first[left], first[right]
    differ = one != two
    return np.unique(np.minimum(one, two)[differ] * first.size + np.maximum(one, two)[differ])


def match(count: int, rng: np.random.Generator) -> dict[str, float]:
    """Time `find_matches` and `clusters` on `count` assets with thumbnails."""
    hashes = random_hashes(count, rng)
    low, high = planted(hashes, rng)
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
    found, matching, matching_cpu = clocked(lambda: find_matches(table, table.select("asset_id")))
    groups, clustering, _ = clocked(lambda: clusters(found, table))
    return {
        "assets": count,
        "same": found.filter(kind="same").height,
        "match_seconds": round(matching, 2),
        "match_cpu_seconds": round(matching_cpu, 2),
        "clusters": groups["cluster_id"].n_unique(),
        "cluster_seconds": round(clustering, 2),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[100_000, 1_000_000], metavar="COUNT")
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    joins = []
    for count in asked.counts:
        joins.append(join("random", random_hashes(count, rng), rng))
        real = real_hashes(count, rng)
        if real is not None:
            joins.append(join("real", real, rng))
    matches = [match(count, rng) for count in asked.counts if count <= MOST_ASSETS]
    names = (
        "hashes",
        "count",
        "pairs",
        "missed",
        "seconds",
        "cpu_seconds",
        "times_faster",
        "times_less_cpu",
        "peak_mb",
    )
    rows = [[f"{one[name]:,}" if isinstance(one[name], int) else str(one[name]) for name in names] for one in joins]
    head = [name.replace("_", " ") for name in names]
    print(json.dumps({"join": joins, "match": matches, "table": [head, *rows]}, indent=1))


if __name__ == "__main__":
    main()
