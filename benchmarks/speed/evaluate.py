"""The evaluate phase against only decoding: the same files, engine and number of worker processes, by turns.

`python benchmarks/speed/evaluate.py [--pictures FOLDER …] [--seconds S] [--files N] [--workers N]` prints one JSON
object. Baseline and progressive JPEG are apart, and so are pictures that this script saved again (`re-saved` in their
name): where the large ones are progressive, they are also measured as the baseline JPEG that most shops have. For each
kind the sizes are told, and bytes per megapixel: the fewer there are, the less a decoder has to do.

*evaluate* is what a run does with a shard of pictures: read, hash, decode, all measures, thumbnail. *decode* reads and
decodes the same files as the run does (strict, sRGB, upright); *bare* reads and calls simplejpeg alone. A round is all
files once; rounds follow each other evaluate, decode, bare. Ratios are of the wall clock, which neighbours on the
machine disturb, and of CPU time inside the workers.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import simplejpeg
from blake3 import blake3

from packshot.app.policies import bound_policy
from packshot.core.errors import MediaError
from packshot.core.listing import Role
from packshot.engines.local import LocalEngine
from packshot.evaluate.asked import asked_of_one, is_costly
from packshot.evaluate.segmentation import segment, small_channels, small_lab, small_lab_planes, small_steps
from packshot.evaluate.suite import all_measures
from packshot.evaluate.tiles import flat, noise_sigma, steps, textured
from packshot.media.decode import decode
from packshot.media.encode import encode_jpeg, encode_thumbnail
from packshot.media.limits import Limits
from packshot.media.read_header import read_header
from packshot.pipeline.engine import Work
from packshot.pipeline.measure_step import SHARD_ROWS
from packshot.pipeline.measure_work import THUMBNAIL_PX, measure_shard
from packshot.pipeline.sharding import shards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from packshot.evaluate.measure import Measure

DATA = Path(__file__).parents[2] / "../shared/data"
DEFAULT = ("magento2", "clothing_dataset")
FLOOR = 0.65
WAYS = ("evaluate", "decode", "bare")
FEWEST_FILES = 20
PROFILED = 60
SHARED = (small_lab, small_lab_planes, small_channels, small_steps, segment, textured, steps, flat, noise_sigma)
"""Views that several measures share, in an order in which none computes another one."""
RESAVED = "progressive, re-saved as baseline (4:2:0, quality 90)"


def shard(params: Mapping[str, object], rows: pa.Table) -> dict[str, pa.Table]:
    """What a worker does: the way named in `params` with every file of `rows`; `cost` holds its CPU seconds."""
    start = time.process_time()
    way = params["way"]
    if way == "evaluate":
        tables = measure_shard(params, rows)
        if tables["troubles"].num_rows:
            raise SystemExit(f"cannot be measured: {tables['troubles'].to_pylist()[0]}")
    else:
        tables = {}
        for path in rows.column("ref_uri").to_pylist():
            data = Path(path).read_bytes()
            decode(data) if way == "decode" else simplejpeg.decode_jpeg(data, "RGB", strict=True)
    return {**tables, "cost": pa.table({"cpu": [time.process_time() - start]})}


def jpegs(folders: list[Path]) -> dict[str, list[Path]]:
    """The three-channel JPEG files under `folders` that can be decoded, `baseline` and `progressive`."""
    found: dict[str, list[Path]] = {"baseline": [], "progressive": []}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            header = read_header(path.read_bytes())
        except MediaError:
            continue
        if header.format == "jpeg" and header.colour_mode == "rgb":
            found["progressive" if header.progressive else "baseline"].append(path)
    return found


def as_baseline(paths: list[Path], folder: Path) -> list[Path]:
    """The same pictures as baseline JPEG of quality 90: large ones, as most shops have them."""
    files = [folder / f"{number}.jpg" for number in range(len(paths))]
    for path, file in zip(paths, files, strict=True):
        file.write_bytes(encode_jpeg(decode(path.read_bytes()).rgb, 90))
    return files


def classical() -> dict[str, Measure]:
    """What a run by the house policy measures where there are no models."""
    asked = asked_of_one(bound_policy("house"), Role.MAIN, None)
    return {
        name: one for name, one in all_measures().items() if not one.models and (not is_costly(one) or name in asked)
    }


def one_round(engine: LocalEngine, way: str, rows: pa.Table, folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one way with all files."""
    thumbnails = folder / "thumbnails"
    shutil.rmtree(thumbnails, ignore_errors=True)
    limits = asdict(Limits())
    params = {"way": way, "measures": list(classical()), "limits": limits, "blobs": str(folder)}
    params |= {"thumbnails": str(thumbnails)}
    start = time.perf_counter()
    cpu = 0.0
    for outcome in engine.run(Work("evaluate:shard", params), shards_of(rows, SHARD_ROWS)):
        if outcome.tables is None:
            raise SystemExit("a worker died")
        cpu += outcome.tables["cost"]["cpu"][0].as_py()
    return time.perf_counter() - start, cpu


def compare(paths: list[Path], workers: int, seconds: float) -> dict[str, Any]:
    """Rounds by turns until they have taken `seconds` together."""
    engine = LocalEngine(workers)
    spent: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(shutil.copy(path, Path(folder) / f"{number}.jpg")) for number, path in enumerate(paths)]
        sizes = [path.stat().st_size for path in copies]
        headers = [read_header(path.read_bytes()) for path in copies]
        pixels = [header.width_px * header.height_px for header in headers]
        ids = [blake3(path.read_bytes()).hexdigest() for path in copies]
        rows = pa.table({"asset_id": ids, "ref_uri": [str(path) for path in copies]})
        for way in WAYS:
            one_round(engine, way, rows.slice(0, SHARD_ROWS * workers), Path(folder))
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            for way in WAYS:
                spent[way].append(one_round(engine, way, rows, Path(folder)))
        profiled = profile(copies[:: max(1, len(copies) // PROFILED)])
    engine.close()

    def ratios(way: str, index: int) -> list[float]:
        return sorted(round(b[index] / a[index], 3) for a, b in zip(spent["evaluate"], spent[way], strict=True))

    return {
        "files": len(paths),
        "mean_bytes": round(statistics.mean(sizes)),
        "mean_megapixels": round(sum(pixels) / len(paths) / 1e6, 2),
        "bytes_per_megapixel": round(1e6 * sum(sizes) / sum(pixels)),
        "smallest_and_largest_megapixels": [round(each / 1e6, 2) for each in (min(pixels), max(pixels))],
        "rounds": len(spent["decode"]),
        "per_second": {w: round(len(paths) / statistics.median(x for x, _ in spent[w]), 1) for w in WAYS},
        "cpu_ms": {w: round(1000 * statistics.median(x for _, x in spent[w]) / len(paths), 2) for w in WAYS},
        **{f"wall_ratios_to_{way}": ratios(way, 0) for way in WAYS[1:]},
        **{f"cpu_ratios_to_{way}": ratios(way, 1) for way in WAYS[1:]},
        "profile_ms": profiled,
    }


def profile(paths: list[Path]) -> dict[str, float]:
    """Mean milliseconds of each part of the work on one picture, in this process: first what is shared, then each."""
    spent: dict[str, float] = defaultdict(float)
    measures = classical()

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = call()
        spent[name] += time.perf_counter() - start
        return result

    for warm, path in enumerate([*paths[:2], *paths], start=-2):
        if warm == 0:
            spent.clear()
        data = timed("read", path.read_bytes)
        timed("hash", blake3(data).hexdigest)
        picture = timed("decode", lambda data=data: decode(data))
        timed("shared: ladder", picture.ladder)
        timed("thumbnail", lambda picture=picture: encode_thumbnail(picture, THUMBNAIL_PX))
        for shared in SHARED:
            timed(f"shared: {shared.__name__}", lambda picture=picture, shared=shared: picture.once(shared))
        for name, measure in measures.items():
            timed(name, lambda picture=picture, measure=measure: measure.measure(picture))
    return {name: round(1000 * total / len(paths), 2) for name, total in spent.items()}


def table(sets: dict[str, dict[str, Any]]) -> list[list[str]]:
    """The ratios, a row for each kind of JPEG: median, least and most over the rounds."""
    names = ("wall_ratios_to_bare", "cpu_ratios_to_bare", "wall_ratios_to_decode", "cpu_ratios_to_decode")
    rows = [
        [
            *("JPEG", "files", "mean KB", "mean MP", "KB per MP"),
            *("÷ bare decode", "÷ bare decode, CPU", "÷ decode", "÷ decode, CPU", "rounds"),
        ]
    ]
    for kind, found in sets.items():
        rows.append(
            [
                kind,
                str(found["files"]),
                f"{found['mean_bytes'] / 1000:.0f}",
                f"{found['mean_megapixels']:.2f}",
                f"{found['bytes_per_megapixel'] / 1000:.0f}",
                *(f"{statistics.median(found[n]):.2f} ({found[n][0]:.2f} to {found[n][-1]:.2f})" for n in names),
                str(found["rounds"]),
            ]
        )
    return rows


def parts(sets: dict[str, dict[str, Any]]) -> list[list[str]]:
    """Milliseconds of each part, the costliest first."""
    names = {
        name: max(found["profile_ms"][name] for found in sets.values())
        for found in sets.values()
        for name in found["profile_ms"]
    }
    ordered = sorted(names, key=names.__getitem__, reverse=True)
    return [
        ["part, ms", *sets],
        *([name, *(f"{found['profile_ms'][name]:.2f}" for found in sets.values())] for name in ordered),
    ]


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", help="folders with JPEG files (default: of ../shared/data)")
    parser.add_argument("--seconds", type=float, default=60, help="for each kind of JPEG (default 60)")
    parser.add_argument("--files", type=int, default=120, help="most files of each kind (default 120)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="default: one per core")
    asked = parser.parse_args()
    folders = asked.pictures or [DATA / name for name in DEFAULT]
    if not any(folder.is_dir() for folder in folders):
        sys.exit(f"no pictures: {', '.join(map(str, folders))} is not there; name a folder with --pictures")
    kinds = {kind: paths for kind, paths in jpegs(folders).items() if len(paths) >= FEWEST_FILES}
    if not kinds:
        sys.exit(f"fewer than {FEWEST_FILES} JPEG files in {', '.join(map(str, folders))}")
    kinds = {kind: paths[:: -(-len(paths) // asked.files)] for kind, paths in kinds.items()}
    with tempfile.TemporaryDirectory() as folder:
        if "progressive" in kinds:
            kinds[RESAVED] = as_baseline(kinds["progressive"], Path(folder))
        sets = {kind: compare(paths, asked.workers, asked.seconds) for kind, paths in kinds.items()}
    usage = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    told = {"workers": asked.workers, "floor": FLOOR, "sets": sets, "largest_worker_mb": round(usage / 1024)}
    told["worst"] = min(statistics.median(found["wall_ratios_to_bare"]) for found in sets.values())
    print(json.dumps({**told, "table": table(sets), "more": parts(sets)}, indent=1))


if __name__ == "__main__":
    main()
