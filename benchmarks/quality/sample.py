"""The sample catalogue as an exam: planted faults found, clean pictures left alone, the right mains and pairs.

`python benchmarks/quality/sample.py [--seed N | --catalog FOLDER] [--policy P]` prints one JSON object. A fault counts
as found when a check that stands for it warns or fails, or when the trouble has the right kind. A clean picture that
fails a check is a false fail, unless that check stands for a fault that the truth allows beside.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from intervals import share, told

import packshot

if TYPE_CHECKING:
    from collections.abc import Iterable

MAKE = Path(__file__).parents[2] / "examples/sample_catalog/make_sample.py"
SEED = 2
"""Not the seed of the catalogue that comes with the project."""
WANTED = {"recall": 0.9, "false_fails": 0.02, "mains": 0.95}

CHECKS_OF = {
    "off_white": {"background_not_white"},
    "cluttered": {"background_busy", "background_not_white"},
    "soft": {"blurry"},
    "dark": {"too_dark"},
    "overexposed": {"overexposed"},
    "enlarged": {"enlarged", "blurry"},
    "cut_off": {"product_cut_off"},
    "too_small": {"product_too_small"},
    "bordered": {"bordered"},
    "compressed": {"overcompressed"},
    "few_pixels": {"too_few_pixels"},
    "grayscale": {"colourless"},
    "blank": {"blank_picture"},
    "placeholder": {"blank_picture"},
    "repeated": {"repeated_picture"},
    "duplicated": {"shared_picture"},
    "wrong_extension": {"wrong_extension"},
    "lettered": {"text_over_picture", "promotional_text", "url_or_contact", "overlaid_graphics"},
    "other_colour": {"wrong_colour"},
}
"""Fault of the truth file → the checks that stand for it."""
BY_MODELS = {"lettered", "other_colour"}
"""Faults that only models find: without those (no finding of their checks at all) they are left out."""
TROUBLE_OF = {"truncated": "truncated", "not_an_image": "not_an_image", "empty": "empty", "missing": "not_found"}
"""Fault of the truth file → the kind of trouble that it is."""
FOUND, FAILED = {"warn", "fail"}, "fail"


def run(catalog: Path, policy: str, folder: Path) -> dict[str, pl.DataFrame]:
    """Run packshot on the catalogue; the tables that are scored."""
    with packshot.open(folder) as workspace:
        workspace.run(catalog / "feed.csv", packshot.RunOptions(policy=policy, report=False))
        return {name: workspace.table(name) for name in ("findings", "troubles", "galleries", "matches", "placements")}


def faults(images: list[dict[str, Any]], tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Recall of each fault, false fails, and what was missed or wrongly failed."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    placed = tables["findings"].filter(pl.col("placement_id").is_not_null())
    for listing, uri, check, status in placed.select("listing_id", "source_uri", "check", "status").iter_rows():
        said.setdefault((listing, uri), {})[check] = status
    kinds = {(r["listing_id"], r["source_uri"]): r["kind"] for r in tables["troubles"].iter_rows(named=True)}
    judged = set(tables["findings"]["check"])
    planted, hit = Counter[str](), Counter[str]()
    missed, failed = [], []
    for image in images:
        key = (image["product_id"], image["image_path"])
        statuses = said.get(key, {})
        for fault in image["faults"]:
            if fault in BY_MODELS and not any(check in judged for check in CHECKS_OF[fault]):
                continue
            planted[fault] += 1
            if fault in TROUBLE_OF:
                seen = kinds.get(key) == TROUBLE_OF[fault]
            else:
                seen = any(statuses.get(check) in FOUND for check in CHECKS_OF[fault])
            hit[fault] += seen
            missed += [] if seen else [f"{fault}: {image['image_path']}"]
        if image["clean"]:
            allowed = _checks(image["may_also"])
            wrong = sorted(check for check, status in statuses.items() if status == FAILED and check not in allowed)
            failed += [f"{', '.join(wrong)}: {image['image_path']}"] if wrong else []
    clean = sum(image["clean"] for image in images)
    return {
        "recall": share(hit.total(), planted.total()),
        "recall_of": {fault: share(hit[fault], planted[fault]) for fault in sorted(planted)},
        "false_fails": share(len(failed), clean),
        "missed": missed,
        "wrongly_failed": failed,
    }


def mains(listings: list[dict[str, Any]], galleries: pl.DataFrame) -> dict[str, Any]:
    """How often the chosen main is one of the truth's best, or none where there is none."""
    chosen = {
        row["listing_id"]: row["source_uri"] if row["asset_id"] else None
        for row in galleries.filter(pl.col("slot") == "main").iter_rows(named=True)
    }
    other = [one["product_id"] for one in listings if chosen.get(one["product_id"]) not in (one["best_main"] or [None])]
    return {"mains": share(len(listings) - len(other), len(listings)), "other_mains": other}


def pairs(truth: dict[str, Any], tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Recall of equal and copied pictures; colour variants and strangers that were taken for the same."""
    asset = dict(tables["placements"].select("source_uri", "asset_id").iter_rows())
    same = tables["matches"].filter(pl.col("kind") == "same")
    linked = {frozenset(row) for row in same.select("asset_a", "asset_b").iter_rows()}

    def of(known: Iterable[dict[str, str]]) -> list[frozenset[str | None]]:
        return [frozenset((asset[pair["a"]], asset[pair["b"]])) for pair in known]

    true = of(truth["matches"])
    found = sum(None not in pair and (len(pair) == 1 or pair in linked) for pair in true)
    variants = {pair for pair in of(truth["variants"]) if len(pair) > 1}
    strangers = linked - set(true) - set(of(truth["ambiguous"]))
    return {
        "pairs_found": share(found, len(true)),
        "variants_as_same": share(len(variants & linked), len(variants)),
        "same_that_are_not": share(len(strangers), len(linked)),
    }


def _checks(named: Iterable[str]) -> set[str]:
    return {check for fault in named for check in CHECKS_OF.get(fault, set())}


def measure(catalog: Path, policy: str) -> dict[str, Any]:
    """Run and score."""
    truth = json.loads((catalog / "truth.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        tables = run(catalog, policy, Path(folder))
    found = faults(truth["images"], tables) | mains(truth["listings"], tables["galleries"]) | pairs(truth, tables)
    names = {
        "recall": "planted faults found",
        "false_fails": "clean pictures that fail",
        "mains": "mains that are the truth's",
        "pairs_found": "equal and copied pairs found",
        "variants_as_same": "colour variants taken for the same",
        "same_that_are_not": "`same` pairs that are not",
    }
    counts = {name: (int(found[name]["hits"]), int(found[name]["trials"])) for name in names}
    table = [["", "share (95 % interval)", "wanted"]]
    wanted = {"recall": "≥ 0.90", "false_fails": "≤ 0.02", "mains": "≥ 0.95", "variants_as_same": "0"}
    table += [[text, told(*counts[name]), wanted.get(name, "")] for name, text in names.items()]
    each = [[f, told(int(one["hits"]), int(one["trials"]))] for f, one in found["recall_of"].items()]
    about = {
        "seed": truth["seed"],
        "policy": policy,
        "pictures": len(truth["images"]),
        "listings": len(truth["listings"]),
    }
    return {**about, "wanted": WANTED, **found, "table": table, "more": [["fault", "found"], *each]}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the catalogue to draw (default {SEED})")
    parser.add_argument("--listings", type=int, default=40, help="of the catalogue to draw (default 40)")
    parser.add_argument("--catalog", type=Path, help="score this catalogue instead of drawing one")
    parser.add_argument("--policy", default="house", help="default: house")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = asked.catalog or Path(folder) / "catalog"
        if not asked.catalog:
            command = [
                sys.executable,
                MAKE,
                "--seed",
                str(asked.seed),
                "--listings",
                str(asked.listings),
                "--out",
                catalog,
            ]
            subprocess.run(command, check=True, stdout=sys.stderr)
        print(json.dumps(measure(catalog, asked.policy), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
