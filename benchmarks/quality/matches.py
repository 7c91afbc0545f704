"""Matching on real pictures: copies found, colour variants and other products left alone.

`python benchmarks/quality/matches.py [--data FOLDER] [--pictures N]` prints one JSON object. Copies are made here, of
every picture of magento2 and a sample of the other shops: encoded again as JPEG, WebP and PNG, and resized. Two
different products of magento2 whose pictures differ only in colour are the hard case: none may be `same`.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
from blake3 import blake3
from intervals import share, told
from PIL import Image

from packshot.core.errors import MediaError
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.match.pairs import find_matches
from packshot.media.decode import decode

DATA = Path(__file__).parents[2] / "../shared/data"
SHOPS = ("magento2", "grocery_store", "tailwindtraders", "solidus", "sylius")
NEEDED = ("pdq", "pdq_quality", "lab16", "width_px", "height_px")
WANTED = {"recall": 0.98, "variants_as_same": 0}
COPIES = {
    "jpeg 90": (1.0, "JPEG", {"quality": 90}),
    "jpeg 70": (1.0, "JPEG", {"quality": 70}),
    "jpeg 50": (1.0, "JPEG", {"quality": 50}),
    "webp 80": (1.0, "WEBP", {"quality": 80}),
    "× 0.5 jpeg 85": (0.5, "JPEG", {"quality": 85}),
    "× 0.3 jpeg 85": (0.3, "JPEG", {"quality": 85}),
    "× 0.77 png": (0.77, "PNG", {}),
    "× 1.5 jpeg 90": (1.5, "JPEG", {"quality": 90}),
}
LEAST_PX = 100
"""Copies are not made smaller than this on their short side."""


def looks(data: bytes) -> dict[str, Any] | None:
    """What matching reads of a picture, by the measures; None where it cannot be decoded."""
    measures = {name: m for name, m in all_measures().items() if {o.name for o in m.outputs} & set(NEEDED)}
    try:
        values, _, _ = measure_picture(decode(data), measures)
    except MediaError:
        return None
    return {"asset_id": blake3(data).hexdigest(), **{name: values[name] for name in NEEDED}}


def copies(path: str) -> list[tuple[str, dict[str, Any]]]:
    """The picture itself (named "original") and its copies, measured."""
    data = Path(path).read_bytes()
    original = looks(data)
    if original is None:
        return []
    found = [("original", original)]
    with Image.open(io.BytesIO(data)) as opened:
        whole = opened.convert("RGBA") if "A" in opened.getbands() or "transparency" in opened.info else opened
        white = Image.new("RGB", whole.size, "white")
        white.paste(whole, mask=whole.getchannel("A") if whole.mode == "RGBA" else None)
    for name, (factor, kind, options) in COPIES.items():
        size = (round(white.width * factor), round(white.height * factor))
        if min(size) < LEAST_PX:
            continue
        file = io.BytesIO()
        resized = white if factor == 1 else white.resize(size, Image.Resampling.LANCZOS)
        resized.save(file, kind, **options)
        copy = looks(file.getvalue())
        found += [(name, copy)] if copy else []
    return found


def measured(paths: list[Path], workers: int) -> dict[Path, list[tuple[str, dict[str, Any]]]]:
    """Every picture with its copies."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return dict(zip(paths, pool.map(copies, map(str, paths), chunksize=4), strict=True))


def product_of(path: Path) -> str:
    """What decides whether two different files may show one product: for magento2 the article with its colour."""
    return re.sub(r"_(main|back|alt\d*)$", "", path.stem) if "magento2" in path.parts else path.parent.name + path.stem


def measure(data: Path, most: int, of_magento: int, workers: int) -> dict[str, Any]:
    """Measure, match and score."""
    paths = []
    for shop in SHOPS:
        files = sorted(p for p in (data / shop).rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"})
        wanted = of_magento if shop == "magento2" else most
        paths += files[:wanted] if shop == "magento2" else files[:: max(1, -(-len(files) // wanted))]
    found = measured(paths, workers)
    rows = [row for made in found.values() for _, row in made]
    assets = pl.DataFrame(rows, schema_overrides={"pdq": pl.Binary, "lab16": pl.Binary}).unique("asset_id")
    pairs = find_matches(assets, assets.select("asset_id"))
    linked = {frozenset(p) for p in pairs.filter(pl.col("kind") == "same").select("asset_a", "asset_b").iter_rows()}
    hits, trials = dict.fromkeys(COPIES, 0), dict.fromkeys(COPIES, 0)
    for made in found.values():
        for name, copy in made[1:]:
            trials[name] += 1
            hits[name] += frozenset((made[0][1]["asset_id"], copy["asset_id"])) in linked or copy == made[0][1]
    return scored(found, pairs, linked, hits, trials)


def scored(
    found: dict[Path, list[tuple[str, dict[str, Any]]]],
    pairs: pl.DataFrame,
    linked: set[frozenset[str]],
    hits: dict[str, int],
    trials: dict[str, int],
) -> dict[str, Any]:
    """The figures, from what was linked."""
    owner = {row["asset_id"]: path for path, made in found.items() for _, row in made}
    crossing = [pair for pair in linked if len({owner[one] for one in pair}) > 1]
    between = {frozenset(owner[one] for one in pair) for pair in crossing}
    magento = {pair for pair in between if all("magento2" in path.parts for path in pair)}
    variants = [pair for pair in magento if len({product_of(path) for path in pair}) > 1]
    told_variants = pairs.filter(pl.col("kind") == "variant").height
    table = [["", "share (95 % interval)", "wanted"]]
    table.append(["copies matched as `same`", told(sum(hits.values()), sum(trials.values())), "≥ 0.98"])
    table.append(["pictures of magento2 matched as `same` across products", str(len(variants)), "0"])
    table.append(["`same` pairs that are copies of one picture", told(len(linked) - len(crossing), len(linked)), ""])
    return {
        "pictures": len(found),
        "wanted": WANTED,
        "recall": share(sum(hits.values()), sum(trials.values())),
        "recall_of": {name: share(hits[name], trials[name]) for name in COPIES},
        "variants_as_same": len(variants),
        "variant_rows": told_variants,
        "precision": share(len(linked) - len(crossing), len(linked)),
        "different_files_as_same": sorted(" = ".join(sorted(path.name for path in pair)) for pair in between),
        "table": table,
        "more": [["copy", "matched"], *([name, told(hits[name], trials[name])] for name in COPIES)],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the shops (default ../shared/data)")
    parser.add_argument("--pictures", type=int, default=60, help="most pictures of each shop but magento2 (default 60)")
    parser.add_argument("--magento", type=int, default=120, help="most pictures of magento2, in order (default 120)")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    if not (asked.data / "magento2").is_dir():
        sys.exit(f"no pictures: {asked.data / 'magento2'} is not there; name the folder with --data")
    print(json.dumps(measure(asked.data, asked.pictures, asked.magento, asked.workers), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
