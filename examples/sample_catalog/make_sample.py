"""Draws the sample catalogue: python make_sample.py --seed 1 --out catalog [--listings 40]."""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from pathlib import Path
from typing import Any

from planning import TITLES, Listing, Shot, plan
from shots import Drawn, copy, draw, name_of
from vocabulary import FAULTS, MAY_ALSO, NO_PICTURE

COLUMNS = ("product_id", "title", "category", "item_group_id", "image_path", "image_role", "position")
ON_WHITE_VIEWS = ("front", "angle", "back")


def main() -> None:
    """Plan, draw, write; refuse a folder that already holds something else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same catalogue")
    parser.add_argument("--out", type=Path, required=True, help="folder to write; made when it is not there")
    parser.add_argument("--listings", type=int, default=40, help="how many listings (default 40)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes that draw (default: all cores)"
    )
    asked = parser.parse_args()
    if asked.listings < 1:
        parser.error("--listings must be at least 1")
    if asked.out.exists() and any(asked.out.iterdir()) and not (asked.out / "truth.json").exists():
        parser.error(f"{asked.out} holds something that is not a sample catalogue; name an empty or new folder")
    start = time.monotonic()
    total = write(asked.out, asked.seed, asked.listings, asked.jobs)
    print(f"{asked.out}: {asked.listings} listings, {total / 1e6:.2f} MB, {time.monotonic() - start:.0f} s")


def write(out: Path, seed: int, count: int, jobs: int) -> int:
    """Write feed.csv, images/ and truth.json; gives the size of all of them in bytes."""
    listings = plan(seed, count)
    drawn = draw_all(listings, jobs)
    images = out / "images"
    images.mkdir(parents=True, exist_ok=True)
    for old in images.iterdir():
        old.unlink()
    for listing in listings:
        for shot in listing.shots:
            data = drawn[shot.listing, shot.number].data
            if data is not None:
                (images / name_of(shot)).write_bytes(data)
    with (out / "feed.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(COLUMNS)
        sheet.writerows(row for listing in listings for row in _rows(listing))
    truth = json.dumps(truth_of(listings, drawn, seed), indent=1, ensure_ascii=False)
    (out / "truth.json").write_text(truth + "\n", encoding="utf-8")
    return sum(file.stat().st_size for file in out.rglob("*") if file.is_file())


def draw_all(listings: list[Listing], jobs: int) -> dict[tuple[int, int], Drawn]:
    """Every picture by (listing, number); copies are made of what they copy."""
    shots = [shot for listing in listings for shot in listing.shots]
    fresh = [shot for shot in shots if shot.copy_of is None]
    if jobs == 1:
        pictures = list(map(draw, fresh))
    else:
        with ProcessPoolExecutor(jobs) as pool:
            pictures = list(pool.map(draw, fresh, chunksize=2))
    drawn = {(shot.listing, shot.number): picture for shot, picture in zip(fresh, pictures, strict=True)}
    for shot in shots:
        if shot.copy_of is not None:
            drawn[shot.listing, shot.number] = copy(drawn[shot.copy_of], shot.copied)
    return drawn


def _rows(listing: Listing) -> list[tuple[object, ...]]:
    title, category = TITLES[listing.product.kind]
    return [
        (
            f"P{shot.listing:03d}",
            f"{title}, {listing.product.colour}",
            category,
            listing.group,
            f"images/{name_of(shot)}",
            shot.role,
            shot.number,
        )
        for shot in listing.shots
    ]


def truth_of(listings: list[Listing], drawn: dict[tuple[int, int], Drawn], seed: int) -> dict[str, Any]:
    """What is known of every picture and listing, and which pairs of pictures belong together."""
    shots = [shot for listing in listings for shot in listing.shots]
    return {
        "seed": seed,
        "faults": FAULTS,
        "images": [_image(shot, drawn[shot.listing, shot.number], shots) for shot in shots],
        "listings": [_listing(listing, drawn) for listing in listings],
        "matches": _matches(shots, drawn),
        "variants": _variants(listings),
        "ambiguous": _ambiguous(shots),
    }


def _path(shot: Shot) -> str:
    return f"images/{name_of(shot)}"


def _image(shot: Shot, picture: Drawn, shots: list[Shot]) -> dict[str, Any]:
    may_also = {also for fault in shot.faults for also in MAY_ALSO.get(fault, ())}
    for other in shots:
        if other.copy_of == (shot.listing, shot.number):
            may_also |= set(other.faults)
    return {
        "image_path": _path(shot),
        "product_id": f"P{shot.listing:03d}",
        "kind": shot.product.kind,
        "colour": shot.product.colour,
        "view": shot.view,
        "faults": list(shot.faults),
        "may_also": sorted(may_also),
        "clean": not shot.faults,
        "main_candidate": _fit_for_main(shot),
        "product_box": picture.box and [round(share, 4) for share in picture.box],
        "cut_edges": list(picture.cut_edges),
        "width_px": picture.size and picture.size[0],
        "height_px": picture.size and picture.size[1],
    }


def _fit_for_main(shot: Shot) -> bool:
    """A clean picture of the whole product on white. That other listings show it too takes nothing from it."""
    return shot.view in ON_WHITE_VIEWS and set(shot.faults) <= {"repeated", "duplicated"} and not _stray(shot)


def _stray(shot: Shot) -> bool:
    return shot.copy_of is not None and "duplicated" in shot.faults and shot.role != "main"


def _listing(listing: Listing, drawn: dict[tuple[int, int], Drawn]) -> dict[str, Any]:
    fit = [shot for shot in listing.shots if _fit_for_main(shot)]
    fronts = [shot for shot in fit if shot.view == "front"]
    best = [shot for shot in fronts if shot.copied != "same" or shot.role == "main"] or fronts
    return {
        "product_id": f"P{listing.shots[0].listing:03d}",
        "feed_main": _path(listing.shots[0]),
        "best_main": [_path(shot) for shot in best] or None,
        "acceptable_main": [_path(shot) for shot in fit],
        "readable": sum(not NO_PICTURE & set(shot.faults) for shot in listing.shots),
        "item_group_id": listing.group or None,
        "drawn_bytes": sum(len(drawn[shot.listing, shot.number].data or b"") for shot in listing.shots),
    }


def _matches(shots: list[Shot], drawn: dict[tuple[int, int], Drawn]) -> list[dict[str, str]]:
    """Pairs that show the same picture: `exact` where the bytes are equal, else `same`."""
    found = []
    for one, other in combinations(shots, 2):
        a, b = drawn[one.listing, one.number].data, drawn[other.listing, other.number].data
        if not a or not b:
            continue
        if a == b:
            found.append({"a": _path(one), "b": _path(other), "kind": "exact"})
        elif _origin(one) == _origin(other):
            found.append({"a": _path(one), "b": _path(other), "kind": "same"})
    return found


def _variants(listings: list[Listing]) -> list[dict[str, str]]:
    """Pairs that show the same shape, seen alike, in two colours: never the same picture."""
    return [
        {"a": _path(one), "b": _path(other)}
        for first, second in combinations(listings, 2)
        if first.group and first.group == second.group
        for one, other in zip(first.shots, second.shots, strict=False)
        if one.view == other.view
    ]


def _ambiguous(shots: list[Shot]) -> list[dict[str, str]]:
    """Pairs of one product from nearly one side, which count neither as a match nor as a false match."""
    return [
        {"a": _path(one), "b": _path(other)}
        for one, other in combinations(shots, 2)
        if one.product == other.product and one.view == other.view and _origin(one) != _origin(other)
    ]


def _origin(shot: Shot) -> tuple[int, int]:
    return shot.copy_of or (shot.listing, shot.number)


if __name__ == "__main__":
    main()
