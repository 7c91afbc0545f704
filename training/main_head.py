"""Trains the head that tells from EfficientNet-lite0's features which picture of a listing an editor would put first.

python training/main_head.py --data ../shared/data [--cache FEATURES.npz]; numpy, opencv and packshot's models. About
three minutes of CPU time for the features, which the cache keeps, and seconds for the rest. Writes
src/packshot/models/own/main_head.npz and training/main_head_folds.npz (heads that did not see what they score), and
prints the scores of training/main_head.md.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from packshot.evaluate.features import directions, image_features
from packshot.media.decode import decode
from packshot.media.header import Header
from packshot.media.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OWN = Path(__file__).parents[1] / "src" / "packshot" / "models" / "own"
FOLDS = 5
RIDGE = 0.003
"""Of 0.0003 to 0.1 all find the same of the editors' choices in held-out groups (23 of 24, 54 of 54); from 0.01 on
fewer of the made pairs are right."""
STEPS = 30
MAINS = {"magento2": "main", "grocery_store": "iconic"}
"""Shop → the role of what its editor put first; the other pictures of the listing are what it was chosen over."""
WHOLE = ("magento2", "tailwindtraders", "sylius", "solidus", "clothing_dataset")
"""Shops whose first pictures are set against a detail cut out of them, and against themselves turned."""
FIRSTS = ("main", "natural", "detail")
"""Roles of the pictures that show the whole product; tailwindtraders' `detail` is its large picture."""
MADE = 0.25
"""What such a pair counts, where a listing with an editor's choice counts 1."""
DETAIL = 0.4
"""Sides of the detail, as a share."""
EACH = 80
"""Pictures of a shop that are cut and turned, at most."""


@dataclass(frozen=True)
class Shown:
    """One picture of a listing."""

    shop: str
    group: str
    """What must not be on both sides of a split: a style in all its colours, a kind of grocery."""
    listing: str
    first: bool
    path: Path
    made: str = ""
    """What was made of it: nothing, `detail`, `turned`."""


def shown(data: Path) -> Iterator[Shown]:
    """Every picture that is learnt from or scored on."""
    for shop in dict.fromkeys((*MAINS, *WHOLE)):
        rows = _rows(data / shop)
        firsts = [row for row in rows if row["image_role"] in FIRSTS]
        for row in rows if shop in MAINS else ():
            first = row["image_role"] == MAINS[shop]
            yield Shown(shop, group_of(shop, row), row["product_id"], first, data / shop / row["image_path"])
        if shop in WHOLE:
            for row in firsts[:: -(-len(firsts) // EACH)]:
                for made in ("", "detail", "turned"):
                    listing = f"{row['product_id']} {row['image_path']} alone"
                    path = data / shop / row["image_path"]
                    yield Shown(shop, group_of(shop, row), listing, not made, path, made)


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "catalog.csv").open(encoding="utf-8", newline="") as opened:
        return [{"image_role": "", **row} for row in csv.DictReader(opened)]


def group_of(shop: str, row: dict[str, str]) -> str:
    """What the picture's listing must be held out with."""
    if shop == "grocery_store":
        return f"{shop}:{row['category']}"
    return f"{shop}:{row.get('sender_id') or row['product_id'].split('-')[0]}"


def fold_of(group: str) -> int:
    """Which of the folds a group is scored in."""
    return zlib.crc32(group.encode()) % FOLDS


def features_of(one: Shown) -> NDArray[np.float32]:
    """What the model says of it, (1280,)."""
    picture = decode(one.path.read_bytes())
    if one.made:
        rgb = picture.rgb
        height, width = rgb.shape[:2]
        seed = np.random.default_rng(zlib.crc32(one.listing.encode()))
        if one.made == "detail":
            y, x = (round(float(seed.uniform(0.15, 0.45)) * side) for side in (height, width))
            rgb = rgb[y : y + round(DETAIL * height), x : x + round(DETAIL * width)]
        else:
            rgb = np.rot90(rgb, int(seed.integers(1, 4)))
        rgb = np.ascontiguousarray(rgb)
        picture = Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb, None)
    return image_features(picture).features


def pairs(pictures: list[Shown], chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The first picture and another of each listing, and what the pair counts; of the `chosen` pictures."""
    listings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in np.flatnonzero(chosen):
        listings[pictures[number].shop, pictures[number].listing].append(int(number))
    first, other, weight = [], [], []
    for those in listings.values():
        leads = [number for number in those if pictures[number].first]
        rest = [number for number in those if not pictures[number].first]
        if len(leads) != 1 or not rest:
            continue
        for number in rest:
            first.append(leads[0])
            other.append(number)
            weight.append(MADE if pictures[number].made else 1 / len(rest))
    return np.array(first), np.array(other), np.array(weight)


def ranked(seen: Floats, pictures: list[Shown], chosen: NDArray[np.bool_]) -> Floats:
    """Weights (1280,) of which picture is put first: logistic regression on differences, with a ridge.

    R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", 1952; a pair is told by the difference
    of its two scores. Solved by Newton's method in the space of the pairs.
    """
    first, other, weight = pairs(pictures, chosen)
    apart = seen[first] - seen[other]
    weight = weight / weight.sum()
    kernel = apart @ apart.T
    found = np.zeros(len(apart))  # the weights are apart.T @ found
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-(kernel @ found)))
        bend = weight * told * (1 - told) + 1e-12
        target = kernel @ found + weight * (1 - told) / bend
        found = np.linalg.solve(kernel + RIDGE * np.diag(1 / bend), target)
    return np.asarray(apart.T @ found)


def tell(name: str, scores: Floats, pictures: list[Shown]) -> None:
    """Print of how many listings the first picture is found, and of how many pairs the order is right, by shop."""
    for shop in dict.fromkeys(one.shop for one in pictures):
        for made in (False, True):
            these = np.array([one.shop == shop and one.listing.endswith(" alone") == made for one in pictures])
            first, other, _ = pairs(pictures, these)
            if not len(first):
                continue
            right = scores[first] > scores[other]
            listings = {number: bool(right[first == number].all()) for number in first}
            kind = "cut and turned" if made else "an editor's choice"
            print(
                f"{name}: {shop}, {kind}: {sum(listings.values())} of {len(listings)} first, "
                f"{right.mean():.3f} of {len(right)} pairs, apart by {np.median(scores[first] - scores[other]):.2f}"
            )


def main(data: Path, cache: Path | None) -> None:
    """Train, score, write."""
    pictures = list(shown(data))
    if cache is not None and cache.is_file():
        values = np.load(cache)["values"]
    else:
        values = np.array([features_of(one) for one in pictures], np.float16)
        if cache is not None:
            np.savez(cache, values=values)
    seen = directions(values.astype(float))
    fold = np.array([fold_of(one.group) for one in pictures])
    shop = np.array([one.shop for one in pictures])
    heads = {str(number): ranked(seen, pictures, fold != number) for number in range(FOLDS)}
    heads |= {name: ranked(seen, pictures, shop != name) for name in MAINS}
    by_fold = np.array([heads[str(k)] @ one for k, one in zip(fold, seen, strict=True)])
    tell("by group", by_fold, pictures)
    for name in MAINS:
        these = shop == name
        tell("shop unseen", seen[these] @ heads[name], [one for one in pictures if one.shop == name])
    _write(ranked(seen, pictures, np.ones(len(pictures), bool)), seen, heads)


def _write(whole: Floats, seen: Floats, heads: dict[str, Floats]) -> None:
    head = {"weights": whole.astype(np.float32), "middle": np.float32([np.median(seen @ whole)])}
    np.savez(OWN / "main_head.npz", **head)
    np.savez(Path(__file__).parent / "main_head_folds.npz", **{k: v.astype(np.float32) for k, v in heads.items()})
    digest = hashlib.sha256((OWN / "main_head.npz").read_bytes()).hexdigest()
    table = OWN / "sha256.toml"
    text = re.sub(r"^main_head = .*\n", "", table.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = sorted([*text.splitlines(), f'main_head = "{digest}"'])
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of real pictures")
    parser.add_argument("--cache", type=Path, help="keep the features here")
    asked = parser.parse_args()
    main(asked.data, asked.cache)
