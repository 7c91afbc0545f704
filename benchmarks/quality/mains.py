"""The chosen main picture against an editor's, on two real shops whose feeds give nothing away.

`python benchmarks/quality/mains.py [--data FOLDER] [--policy P]` prints one JSON object. File names are hashed, rows
are shuffled, no picture is called main; the editor's choice is read for scoring only. Two shuffles are run and the
worse one counts, since near ties are broken by the feed's order. `chance` is what picking blindly within each listing
gives. Where the policy lets no picture be main, the slot stays empty and its reason names the best candidate: the
editor's counts as named then.

Three choices are scored: without `main_fit`; with it, by heads that saw nothing of the listing's group (a style in all
its colours, a kind of grocery); and by heads that saw nothing of the shop. Beside them the first picture of the
shuffled feed and the largest one. `p` is that of the exact sign test on the listings where two choices differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from blake3 import blake3
from intervals import chance_of, share, sign_test, told
from PIL import Image

import packshot
from packshot.choose import catalogue
from packshot.evaluate.features import MODEL, directions, image_features
from packshot.media.decode import decode
from packshot.models.usable import lacking

TRAINING = Path(__file__).parents[2] / "training"
sys.path.append(str(TRAINING))
from main_head import fold_of, group_of  # noqa: E402 - a script beside the package, not in it

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parents[2] / "../shared/data"
FEED = "mixed_catalog.csv"
SHOPS = {"magento2": "magento2/", "grocery": "grocery_store/"}
MAIN = "main"

FOLDER_OF = {"grocery": "grocery_store"}
CLASSICAL, BY_GROUP, BY_SHOP = "pixels alone", "with main_fit, group unseen", "with main_fit, shop unseen"

Rows = list[dict[str, str]]
Right = list[bool]
"""For each listing whether the right picture was chosen."""


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


Scores = dict[str, float]
"""Asset → `main_fit`."""


def fits(listings: dict[str, Rows], data: Path, shop: str) -> dict[str, Scores]:
    """`main_fit` of every picture by heads that saw nothing of its group, and by one that saw nothing of its shop."""
    with np.load(TRAINING / "main_head_folds.npz") as opened:
        heads = {name: opened[name] for name in opened.files}
    found: dict[str, Scores] = {BY_GROUP: {}, BY_SHOP: {}}
    for row in (row for group in listings.values() for row in group):
        file = (data / row["image_path"]).read_bytes()
        seen = directions(decode(file).once(image_features).features)
        product = {"category": row["category"], "product_id": row["listing_id"].split(":")[-1]}
        for name, head in ((BY_GROUP, heads[str(fold_of(group_of(shop, product)))]), (BY_SHOP, heads[shop])):
            found[name][blake3(file).hexdigest()] = float(1 / (1 + np.exp(-(seen @ head))))
    return found


def choose(listings: dict[str, Rows], data: Path, policy: str, seed: int, scores: Scores) -> tuple[Right, Right]:
    """For each listing whether the chosen main is the editor's; and whether it is that or is named where none is."""
    given = catalogue.quality

    def with_scores(frame: pl.DataFrame) -> Any:
        fit = pl.col("asset_id").replace_strict(scores, default=None, return_dtype=pl.Float64)
        return given(frame.with_columns(main_fit=fit) if scores else frame)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shop").mkdir()
        main_of = disguised(listings, data, folder / "shop", seed)
        catalogue.quality = with_scores
        try:
            with packshot.open(folder / "workspace") as workspace:
                options = packshot.RunOptions(policy=policy, report=False)
                workspace.run(folder / "shop/feed.csv", options)
                slots = workspace.table("galleries").filter(pl.col("slot") == MAIN)
        finally:
            catalogue.quality = given
    chosen = dict(slots.filter(pl.col("asset_id").is_not_null()).select("listing_id", "source_uri").iter_rows())
    reasons = dict(slots.select("listing_id", "reason").iter_rows())
    hits = [Path(chosen.get(listing, "")).name == file for listing, file in main_of.items()]
    named = [listing not in chosen and file in reasons[listing] for listing, file in main_of.items()]
    return hits, [hit or name for hit, name in zip(hits, named, strict=True)]


def simple(listings: dict[str, Rows], data: Path, seed: int) -> dict[str, Right]:
    """What taking the first picture of the shuffled listing gives, and what taking the largest one does."""
    mixed = random.Random(seed)  # noqa: S311 - a shuffle, not a secret
    first, largest = [], []
    for group in listings.values():
        shuffled = mixed.sample(group, len(group))
        areas = []
        for row in shuffled:
            with Image.open(data / row["image_path"]) as opened:
                areas.append(opened.width * opened.height)
        first.append(shuffled[0]["editor_role"] == MAIN)
        largest.append(shuffled[int(np.argmax(areas))]["editor_role"] == MAIN)
    return {"first of the feed": first, "largest": largest}


def measure(data: Path, policy: str, seeds: int) -> dict[str, Any]:
    """Run and score each shop."""
    with (data / FEED).open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    figures: dict[str, Any] = {"policy": policy, "shops": {}}
    table = [["shop", "chosen by", "the editor's main is chosen", "chosen or named as best", "chance", "p of chance"]]
    for shop, prefix in SHOPS.items():
        listings = listings_of(rows, prefix)
        if not listings:
            continue
        odds = [1 / len(group) for group in listings.values()]
        blind = sum(odds) / len(odds)
        ways: dict[str, Scores] = {CLASSICAL: {}}
        if not lacking((MODEL,)):
            ways |= fits(listings, data, FOLDER_OF.get(shop, shop))
        right: dict[str, Right] = {}
        for way, scores in ways.items():
            with without_models():
                runs = [choose(listings, data, policy, seed, scores) for seed in range(1, seeds + 1)]
            hits, named = min(runs, key=lambda run: (sum(run[1]), sum(run[0])))
            right[way] = named
            figures["shops"].setdefault(shop, {})[way] = {
                **share(sum(hits), len(listings)),
                "or_named": share(sum(named), len(listings)),
                "chance": round(blind, 3),
                "probability_of_chance": chance_of(sum(named), odds),
            }
            luck = f"{chance_of(sum(named), odds):.1e}"
            table.append(
                [shop, way, told(sum(hits), len(listings)), told(sum(named), len(listings)), f"{blind:.2f}", luck]
            )
        right |= simple(listings, data, seed=1)
        figures["shops"][shop]["beside"] = {
            f"{way} against {other}": {
                "right": [sum(right[way]), sum(right[other])],
                "p": sign_test(right[way], right[other]),
            }
            for way in (BY_GROUP, BY_SHOP)
            if way in right
            for other in (CLASSICAL, "first of the feed", "largest")
        }
        for text, one in figures["shops"][shop]["beside"].items():
            table.append([shop, text, " against ".join(map(str, one["right"])), "", "", f"p {one['p']:.1e}"])
    return {**figures, "table": table}


@contextmanager
def without_models() -> Iterator[None]:
    """Only what needs no weights is measured meanwhile: `main_fit` is given, the rest takes no part in the choice."""
    before = os.environ.get("PACKSHOT_MODELS")
    with tempfile.TemporaryDirectory() as empty:
        os.environ["PACKSHOT_MODELS"] = empty
        try:
            yield
        finally:
            os.environ.pop("PACKSHOT_MODELS")
            if before is not None:
                os.environ["PACKSHOT_MODELS"] = before


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
