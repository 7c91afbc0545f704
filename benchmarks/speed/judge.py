"""How long judging takes: synthetic facts, one policy, no disk. `python benchmarks/speed/judge.py [ROWS]`."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from packshot import plugins
from packshot.core.measurement import Kind
from packshot.evaluate.bind import BoundPolicy, load_bound
from packshot.evaluate.check import Check, Scope
from packshot.evaluate.context import add_context, listing_context
from packshot.evaluate.judge import judge
from packshot.evaluate.measure import Measure

PER_LISTING = 4
REPEATED_SHARE = 0.03
MATCHED_SHARE = 0.05
TROUBLE_SHARE = 0.01
MEASURED_SHARE = 0.998
CATEGORIES = 3000
WANTED_RULES = 30

TYPICAL = {
    "width_px": (300, 3000),
    "height_px": (300, 3000),
    "bytes": (20_000, 12_000_000),
    "frames": (1, 2),
    "jpeg_quality": (30, 100),
    "border_px": (0, 3),
    "aspect_ratio": (0.4, 2.5),
    "skin_share": (0.2, 0.0),
    "luma_p05": (1.0, 0.0),
    "blockiness": (1.0, 0.0),
    "clipped_light_share": (1.0, 0.0),
    "noise_sigma": (12.0, 0.0),
    "colour_cast": (9.0, 0.0),
}
"""Column → its worst and its best value."""
SKEW = 6
"""Power by which good values are drawn more often: a placement then has about 3 findings, as real ones have."""


def measured(rows: int, rng: np.random.Generator, columns: dict[str, Kind]) -> dict[str, object]:
    """A value for every measured column that rules read."""
    made: dict[str, object] = {}
    for name, kind in columns.items():
        low, high = TYPICAL.get(name, (0.0, 1.0))
        if kind is Kind.FLOAT:
            made[name] = (high - (high - low) * rng.random(rows) ** SKEW).astype(np.float32)
        elif kind is Kind.INT:
            made[name] = rng.integers(int(low), int(high) + 1, rows)
        elif kind is Kind.BOOL:
            made[name] = rng.random(rows) < (0.99 if name == "decode_intact" else 0.02)
        elif name == "format":
            made[name] = np.array(["jpeg", "png", "webp", "bmp"])[rng.choice(4, rows, p=[0.8, 0.12, 0.07, 0.01])]
        elif name == "icc_kind":
            made[name] = np.array(["none", "srgb", "adobe_rgb"])[rng.choice(3, rows, p=[0.6, 0.37, 0.03])]
        elif kind is Kind.TEXTS:
            edges = pl.Series([[], ["bottom"], ["left", "top"]], dtype=pl.List(pl.String))
            made[name] = edges.gather(rng.choice(3, rows, p=[0.9, 0.07, 0.03]))
    return made


def catalogue(rows: int, columns: dict[str, Kind]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Placements with their measured columns, and matches of some of their assets."""
    rng = np.random.default_rng(7)
    number = np.arange(rows)
    asset = np.where(rng.random(rows) < REPEATED_SHARE, rng.integers(0, rows, rows), number)
    category = np.array([f"Home > Kitchen > Things {i}" for i in range(CATEGORIES)])
    category[::3] = [f"Clothing > Men > Shirts {i}" for i in range(len(category[::3]))]
    facts = pl.DataFrame(
        {
            "placement_id": pl.Series(number).cast(pl.String).str.zfill(32),
            "listing_id": pl.Series(number // PER_LISTING).cast(pl.String).str.zfill(12),
            "asset_id": pl.Series(asset).cast(pl.String).str.zfill(64),
            "source_uri": "pictures/" + pl.Series(number).cast(pl.String) + ".jpg",
            "role": pl.Series(["main", "secondary", "secondary", "detail"]).gather(number % PER_LISTING),
            "position": number % PER_LISTING,
            "category": category[(number // PER_LISTING) % CATEGORIES],
            "title": "A very good thing number " + pl.Series(number // PER_LISTING).cast(pl.String),
            "has_trouble": rng.random(rows) < TROUBLE_SHARE,
            "measured": rng.random(rows) < MEASURED_SHARE,
            **measured(rows, rng, columns),
        }
    )
    pairs = int(rows * MATCHED_SHARE)
    matches = pl.DataFrame(
        {
            "asset_a": pl.Series(rng.integers(0, rows, pairs)).cast(pl.String).str.zfill(64),
            "asset_b": pl.Series(rng.integers(0, rows, pairs)).cast(pl.String).str.zfill(64),
            "kind": "same",
        }
    )
    return facts, matches


def thirty_rules() -> BoundPolicy:
    """The house policy, cut or filled up with copies of its own rules to exactly 30 rules of placements."""
    bound = load_bound("house", plugins.discover("checks", Check))
    placed = [rule for rule in bound.rules if rule.scope is Scope.PLACEMENT]
    more = [replace(rule, rule=replace(rule.rule, id=f"{rule.rule.id}-again", roles=())) for rule in placed]
    listings = [rule for rule in bound.rules if rule.scope is Scope.LISTING]
    return BoundPolicy(bound.policy, (*[*placed, *more][:WANTED_RULES], *listings), bound.hash)


def main(rows: int) -> None:
    """Print one JSON object with the seconds of each step and the peak memory."""
    kinds = {
        output.name: output.kind
        for measure in plugins.discover("measures", Measure).values()
        for output in measure.outputs
    }
    bound = thirty_rules()
    read = {name: kinds[name] for name in sorted(bound.needs) if name in kinds}
    facts, matches = catalogue(rows, read)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, start_cpu = time.perf_counter(), time.process_time()
    placed = add_context(facts, matches)
    listings = listing_context(placed.select("listing_id", "category").unique("listing_id"), placed)
    middle, middle_cpu = time.perf_counter(), time.process_time()
    has = dict.fromkeys(read, "measured")
    day = date(2026, 11, 22)
    judged = judge(placed, bound, rules_as_of=day, assessable=frozenset(kinds), has=has, listings=listings)
    end, end_cpu = time.perf_counter(), time.process_time()
    told = {
        "placements": rows,
        "rules": len(bound.rules),
        "context_seconds": round(middle - start, 2),
        "context_cpu_seconds": round(middle_cpu - start_cpu, 2),
        "judge_seconds": round(end - middle, 2),
        "judge_cpu_seconds": round(end_cpu - middle_cpu, 2),
        "findings": judged.findings.height,
        "findings_mb": round(judged.findings.estimated_size("mb")),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "peak_gb_before": round(before / 1e6, 2),
        "verdicts": dict(judged.verdicts["verdict"].value_counts().iter_rows()),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
