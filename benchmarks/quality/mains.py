"""The chosen main picture against an editor's, on two real shops whose feeds give nothing away.

`python benchmarks/quality/mains.py [--data FOLDER] [--policy P]` prints one JSON object. File names are hashed, rows
are shuffled, no picture is called main; the editor's choice is read for scoring only. Two shuffles are run and the
worse one counts, since near ties are broken by the feed's order. `chance` is what picking blindly within each listing
gives. Where the policy lets no picture be main, the slot stays empty and its reason names the best candidate: the
editor's counts as named then.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
from blake3 import blake3
from intervals import chance_of, share, told

import packshot

DATA = Path(__file__).parents[2] / "../shared/data"
FEED = "mixed_catalog.csv"
SHOPS = {"magento2": "magento2/", "grocery": "grocery_store/"}
MAIN = "main"

Rows = list[dict[str, str]]


def listings_of(rows: Rows, prefix: str) -> dict[str, Rows]:
    """The listings of one shop that have a main and something else to choose from."""
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["image_path"].startswith(prefix):
            found[row["listing_id"]].append(row)
    return {
        name: group
        for name, group in found.items()
        if len(group) > 1 and sum(row["editor_role"] == MAIN for row in group) == 1
    }


def disguised(listings: dict[str, Rows], data: Path, folder: Path, seed: int) -> dict[str, str]:
    """Write a feed and pictures that give nothing away; listing → the file name of the editor's main."""
    rows, main_of = [], {}
    for name, group in listings.items():
        listing = blake3(f"{seed}{name}".encode()).hexdigest(8)
        for row in group:
            path = data / row["image_path"]
            file = f"{blake3(f'{seed}{path}'.encode()).hexdigest(12)}{path.suffix.lower()}"
            shutil.copy(path, folder / file)
            rows.append({"id": listing, "title": row["title"], "category": row["category"], "image": file})
            if row["editor_role"] == MAIN:
                main_of[listing] = file
    random.Random(seed).shuffle(rows)  # noqa: S311 - a shuffle, not a secret
    with (folder / "feed.csv").open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, [*rows[0], "image_role"])
        writer.writeheader()
        writer.writerows({**row, "image_role": "secondary"} for row in rows)
    return main_of


def choose(listings: dict[str, Rows], data: Path, policy: str, seed: int) -> tuple[int, int, int]:
    """How many of the chosen mains are the editor's; with those that are only named; how many listings got none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shop").mkdir()
        main_of = disguised(listings, data, folder / "shop", seed)
        with packshot.open(folder / "workspace") as workspace:
            options = packshot.RunOptions(policy=policy, report=False)
            workspace.run(folder / "shop/feed.csv", options)
            slots = workspace.table("galleries").filter(pl.col("slot") == MAIN)
    chosen = dict(slots.filter(pl.col("asset_id").is_not_null()).select("listing_id", "source_uri").iter_rows())
    hits = sum(Path(chosen.get(listing, "")).name == file for listing, file in main_of.items())
    reasons = dict(slots.select("listing_id", "reason").iter_rows())
    named = sum(listing not in chosen and file in reasons[listing] for listing, file in main_of.items())
    return hits, hits + named, len(main_of) - len(chosen)


def measure(data: Path, policy: str, seeds: int) -> dict[str, Any]:
    """Run and score each shop."""
    with (data / FEED).open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    figures: dict[str, Any] = {"policy": policy, "shops": {}}
    table = [["shop", "the editor's main is chosen", "chosen or named as best", "chance", "p of chance", "no main"]]
    for shop, prefix in SHOPS.items():
        listings = listings_of(rows, prefix)
        if not listings:
            continue
        odds = [1 / len(group) for group in listings.values()]
        runs = [choose(listings, data, policy, seed) for seed in range(1, seeds + 1)]
        hits, named, empty = min(runs)
        blind = sum(odds) / len(odds)
        luck = chance_of(named, odds)
        figures["shops"][shop] = {
            **share(hits, len(listings)),
            "or_named": share(named, len(listings)),
            "by_seed": runs,
            "chance": round(blind, 3),
            "probability_of_chance": luck,
        }
        table.append(
            [shop, told(hits, len(listings)), told(named, len(listings)), f"{blind:.2f}", f"{luck:.1e}", str(empty)]
        )
    return {**figures, "table": table}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the shops (default ../shared/data)")
    parser.add_argument("--policy", default="house", help="default: house")
    parser.add_argument("--seeds", type=int, default=2, help="shuffles; the worst counts (default 2)")
    asked = parser.parse_args()
    if not (asked.data / FEED).is_file():
        sys.exit(f"no catalogue: {asked.data / FEED} is not there; name the folder with --data")
    print(json.dumps(measure(asked.data, asked.policy, asked.seeds), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
