from __future__ import annotations

from datetime import date, datetime
from functools import cache

import numpy as np
import polars as pl
import pytest
import simplejpeg

from packshot.core.listing import Role
from packshot.core.verdict import Verdict
from packshot.policies.policy import Evidence, Policy, Rule
from packshot.present.report_data import CheckDoc, ReportData, RunInfo, Threshold


@cache
def jpeg(width: int = 64, height: int = 48, shade: int = 200) -> bytes:
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[height // 4 : -height // 4, width // 4 : -width // 4] = (shade, 90, 60)
    return bytes(simplejpeg.encode_jpeg(pixels))


def asset(number: int) -> str:
    return f"{number:064x}"


POLICY = Policy(
    "house",
    "House rules",
    (
        Rule(
            "blurry",
            "blurry",
            on_fail=Verdict.REVIEW,
            says="Pictures are in focus.",
            source="https://example.org/focus",
            read_on=date(2026, 11, 22),
            evidence=Evidence.VERIFIED,
        ),
        Rule("white_main", "background_not_white", roles=(Role.MAIN,), says="The main picture stands on white."),
        Rule("few", "too_few_pictures", on_fail=Verdict.SHOW, says="Show four pictures."),
        Rule("props", None, manual=True, question="Are there props in the picture?"),
    ),
)

CHECKS = {
    "blurry": CheckDoc("The product is out of focus", "Shoppers zoom.", "Shoot again.", ("sharpness",)),
    "background_not_white": CheckDoc("The background is not white", needs=("background_white_share", "product_box")),
    "too_few_pictures": CheckDoc("The listing has too few pictures"),
}


def frames() -> dict[str, pl.DataFrame]:
    """Three listings: one with a new main, one without any legal main, one left as found and with a lost file."""
    verdicts = [
        ("p0", "L0", asset(0), "a/0.jpg", "main", "fix", 0),
        ("p1", "L0", asset(1), "a/1.jpg", "secondary", "show", 1),
        ("p2", "L1", asset(2), "b/2.jpg", "main", "block", 0),
        ("p3", "L2", asset(3), "c/3.jpg", "main", "show", 0),
        ("p4", "L2", None, "c/lost.jpg", "secondary", "review", 1),
    ]
    placed = ("placement_id", "listing_id", "asset_id", "source_uri", "role", "verdict", "position")
    findings = [
        ("p0", "L0", "white_main", "background_not_white", "fail", "fix", "at least 99 % white", "80 % white"),
        ("p2", "L1", "blurry", "blurry", "fail", "review", "sharpness of at least 0.35", "sharpness 0.1"),
        ("p1", "L0", "blurry", "blurry", "unsure", "review", "sharpness of at least 0.35", "sharpness 0.34"),
        (None, "L1", "few", "too_few_pictures", "warn", "show", "4 pictures", "1 picture"),
    ]
    found = ("placement_id", "listing_id", "rule", "check", "status", "on_fail", "expected", "measured")
    galleries = [
        ("L0", "main", "main", asset(1), "p1", "Sharper than the main that was found."),
        ("L0", "rejected", "main", asset(0), "p0", "The background is grey."),
        ("L0", "missing", "detail", None, None, "No detail was supplied."),
        ("L1", "main", "main", None, "p2", "No picture may be main."),
        ("L2", "main", "main", asset(3), "p3", "The only one."),
    ]
    return {
        "listings": pl.DataFrame(
            {"listing_id": ["L0", "L1", "L2"], "title": ["Red mug", "Blue mug", None]}
        ).with_columns(
            category=pl.Series(["Mugs", "Mugs", None]), brand=pl.lit("Kiln"), variant_group_id=pl.lit(None, pl.String)
        ),
        "verdicts": pl.DataFrame(verdicts, schema=placed, orient="row").with_columns(
            not_assessed=pl.Series([["props"]] * len(verdicts))
        ),
        "measurements": pl.DataFrame(
            {
                "asset_id": [asset(n) for n in range(4)],
                "width_px": [640] * 4,
                "height_px": [480] * 4,
                "sharpness": [0.9, 0.34, 0.1, float("nan")],
                "product_box": [[0.25, 0.25, 0.5, 0.5]] * 4,
                "cut_off_edges": [[], ["left"], [], []],
                "border_px": [0, 0, 0, 0],
            }
        ),
        "findings": pl.DataFrame(findings, schema=found, orient="row"),
        "matches": pl.DataFrame(
            [
                (asset(0), asset(1), "same", 4, 1.5),
                (asset(2), asset(3), "variant", 6, 20.0),
                (asset(0), asset(0), "exact", 0, 0.0),
            ],
            schema=("asset_a", "asset_b", "kind", "distance", "delta_e"),
            orient="row",
        ),
        "clusters": pl.DataFrame(
            [(asset(0), asset(0), True, False, "Smaller."), (asset(0), asset(1), False, True, "More pixels.")],
            schema=("cluster_id", "asset_id", "is_representative", "keep", "reason"),
            orient="row",
        ),
        "galleries": pl.DataFrame(
            galleries, schema=("listing_id", "slot", "role", "asset_id", "placement_id", "reason"), orient="row"
        ),
        "troubles": pl.DataFrame(
            {
                "stage": ["fetch"],
                "kind": ["not_found"],
                "source_uri": ["c/lost.jpg"],
                "detail": ["no such file"],
                "placement_id": ["p4"],
            }
        ),
        "counts": pl.DataFrame({"rule": ["blurry", "white_main"], "pass": [2, 3], "fail": [1, 1], "unsure": [1, 0]}),
    }


@pytest.fixture
def make_data():
    def make(**changed) -> ReportData:
        values = {
            **frames(),
            "checks": CHECKS,
            "policy": POLICY,
            "run": RunInfo(datetime(2026, 11, 22, 14, 3), 1.5, "feed.csv", "W", {"decoded": 4}, {"packshot": "0.1.0"}),  # noqa: DTZ001 - shown as it is
            "thumbnail": lambda asset_id: jpeg(shade=int(asset_id, 16) % 200),
            "thresholds": (Threshold("sharpness", 0.35, "min", "blurry"),),
        }
        return ReportData(**(values | changed))

    return make


@pytest.fixture
def empty_frames():
    return {name: frame.clear() for name, frame in frames().items()}
