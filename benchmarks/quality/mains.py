"""The chosen main picture against an editor's, on two real shops whose feeds give nothing away.

`python benchmarks/quality/mains.py [--data FOLDER] [--policy P]` prints one JSON object. File names are hashed, rows
are shuffled, no picture is called main; the editor's choice is read for scoring only. Two shuffles are run and the
worse one counts, since near ties are broken by the feed's order. `chance` is what picking blindly within each listing
gives. Where the policy lets no picture be main, the slot stays empty and its reason names the best candidate: the
editor's counts as named then.

Three choices are scored: by what follows from pixels alone, weighed by judgement, as it was before there was a ranker;
and ranked, by weights and heads that saw nothing of the listing's group (a style in all its colours, a kind of
grocery), and by such that saw nothing of the shop. Beside them the first picture of the
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
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from blake3 import blake3
from intervals import chance_of, share, sign_test, told
from PIL import Image

import packshot
from packshot.choose import catalogue
from packshot.choose.quality import TERMS, Quality, quality
from packshot.choose.terms import LEARNED
from packshot.evaluate.faces import MODEL as FACES
from packshot.evaluate.faces import found_faces
from packshot.evaluate.features import MODEL
from packshot.evaluate.shots import type_inputs
from packshot.media.decode import decode
from packshot.models.usable import lacking
from packshot.pipeline import judge_step

TRAINING = Path(__file__).parents[2] / "training"
sys.path.append(str(TRAINING))
from listing_groups import fold_of, group_of  # noqa: E402 - a script beside the package, not in it
from main_ranker import PRIOR, with_heads  # noqa: E402 - the same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packshot.policies.policy import GalleryRules

DATA = Path(__file__).parents[2] / "../shared/data"
FEED = "mixed_catalog.csv"
SHOPS = {"magento2": "magento2/", "grocery": "grocery_store/"}
MAIN = "main"

FOLDER_OF = {"grocery": "grocery_store"}
CLASSICAL, BY_GROUP, BY_SHOP = "pixels alone, by judgement", "ranked, group unseen", "ranked, shop unseen"

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


@dataclass(frozen=True)
class Way:
    """One way to choose."""

    columns: pl.DataFrame
    """`asset_id` and what models say of it, by heads that saw nothing of its group, or of its shop; none: no models."""
    weights_of: dict[str, str]
    """Asset → the name of its weights."""
    weights: dict[str, dict[str, float]]
    """Name → weights; `""` is of those that are not named."""


def ways(listings: dict[str, Rows], data: Path, shop: str) -> dict[str, Way]:
    """The choice by judgement and without models; and with what saw nothing of the group, and nothing of the shop."""
    before = {name: PRIOR.get(name, 0.0) for name in TERMS if name not in LEARNED}
    found = {CLASSICAL: Way(pl.DataFrame(schema={"asset_id": pl.String}), {}, {"": before})}
    if lacking((MODEL, FACES)):
        return found
    learned = json.loads((TRAINING / "main_ranker_folds.json").read_text(encoding="utf-8"))
    assets, folds, inputs = [], [], []
    for row in (row for group in listings.values() for row in group):
        file = (data / row["image_path"]).read_bytes()
        picture = decode(file)
        face = max((one.score for one in picture.once(found_faces)), default=0.0)
        inputs.append([*type_inputs(picture), face])
        product = {"category": row["category"], "product_id": row["listing_id"].split(":")[-1]}
        folds.append(str(fold_of(group_of(shop, product))))
        assets.append(blake3(file).hexdigest())
    plain = pl.DataFrame({"asset_id": assets, "face_confidence": [one[-1] for one in inputs]})
    for way, names in ((BY_GROUP, folds), (BY_SHOP, [shop] * len(folds))):
        columns = with_heads(plain, np.array(inputs), names).unique("asset_id", maintain_order=True)
        found[way] = Way(columns, dict(zip(assets, names, strict=True)), {"": learned[names[0]], **learned})
    return found


def measured_placements(feed: Path, policy: str, folder: Path) -> tuple[pl.DataFrame, GalleryRules]:
    """What the choice is given of a feed, without models, and the policy's rules of a gallery."""
    given: list[tuple[pl.DataFrame, GalleryRules]] = []

    def noted(table: pl.DataFrame, rules: GalleryRules) -> pl.DataFrame:
        given.append((table, rules))
        return catalogue.choose(table, rules)

    before, judge_step.choose = judge_step.choose, noted
    try:
        with without_models(), packshot.open(folder) as workspace:
            workspace.run(feed, packshot.RunOptions(policy=policy, report=False))
    finally:
        judge_step.choose = before
    return pl.concat([table for table, _ in given], how="diagonal_relaxed"), given[0][1]


def placements(
    listings: dict[str, Rows], data: Path, policy: str, seed: int
) -> tuple[pl.DataFrame, GalleryRules, dict[str, str]]:
    """What the choice is given of a shop in disguise, the rules, and the editor's main of each listing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shop").mkdir()
        main_of = disguised(listings, data, folder / "shop", seed)
        return *measured_placements(folder / "shop/feed.csv", policy, folder / "workspace"), main_of


def choose(table: pl.DataFrame, rules: GalleryRules, way: Way, main_of: dict[str, str]) -> tuple[Right, Right]:
    """For each listing whether the chosen main is the editor's; and whether it is that or is named where none is."""

    def by_their_weights(frame: pl.DataFrame) -> Quality:
        names = np.array([way.weights_of.get(asset, "") for asset in frame["asset_id"].to_list()])
        scored = {name: quality(frame, way.weights[name]) for name in set(names.tolist())}
        parts = [
            (field.name, np.stack([getattr(one, field.name) for one in scored.values()])) for field in fields(Quality)
        ]
        place = np.array([list(scored).index(name) for name in names.tolist()])
        return Quality(**{name: part[place, np.arange(len(place))] for name, part in parts})

    frame = table.drop([name for name in way.columns.columns if name != "asset_id" and name in table.columns])
    frame = frame.join(way.columns, on="asset_id", how="left", maintain_order="left")
    before, catalogue.quality = catalogue.quality, by_their_weights
    try:
        slots = catalogue.choose(frame, rules).filter(pl.col("slot") == MAIN)
    finally:
        catalogue.quality = before
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
        feeds = [placements(listings, data, policy, seed) for seed in range(1, seeds + 1)]
        right: dict[str, Right] = {}
        for way, how in ways(listings, data, FOLDER_OF.get(shop, shop)).items():
            runs = [choose(table, rules, how, main_of) for table, rules, main_of in feeds]
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
    """Only what needs no weights is measured meanwhile: what models say is given by heads that did not see it."""
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
