"""Edited copies, other suppliers, and a bank, from the command line to the verdicts."""

import csv
import io
import json

import numpy as np
import polars as pl
from click.testing import CliRunner
from PIL import Image, ImageOps

from packshot.cli import app

POLICY = """
title = "Marketplace"
[[rules]]
check = "copied_picture"
on_fail = "review"
[[rules]]
check = "shown_by_suppliers"
on_fail = "review"
"""


def picture(seed):
    cells = np.random.default_rng(seed).integers(0, 256, (14, 11, 3), dtype=np.uint8)
    product = Image.fromarray(cells).resize((330, 420), Image.Resampling.BICUBIC)
    return ImageOps.expand(product, 40, "white")


def saved(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def command(*words):
    found = CliRunner().invoke(app, [str(word) for word in words], standalone_mode=False)
    if found.exception:
        raise found.exception
    return found.stdout


def test_copies_and_banks_are_found_judged_shown_and_taken_back(tmp_path):
    shop, place = tmp_path / "shop", tmp_path / "workspace"
    shop.mkdir()
    names = {"lamp": picture(1), "vase": picture(2), "copy": ImageOps.mirror(picture(1)), "again": picture(2)}
    rows = [("id", "title", "image", "supplier")]
    for name, image in names.items():
        (shop / f"{name}.png").write_bytes(saved(image))
        rows.append((name, name, f"{name}.png", "north" if name in {"lamp", "vase"} else "south"))
    with (shop / "feed.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    (tmp_path / "policy.toml").write_text(POLICY)
    run = ("run", shop / "feed.csv", "-w", place, "-p", tmp_path / "policy.toml", "--workers", 1, "--json")

    summary = json.loads(command(*run))
    assert summary["verdicts"] == {"show": 0, "fix": 0, "review": 4, "block": 0}
    matches = pl.read_csv(io.StringIO(command("table", "matches", "-w", place, "--format", "csv")))
    (copied,) = matches.filter(pl.col("kind") == "copy").to_dicts()
    assert {copied["source_uri_a"], copied["source_uri_b"]} == {"lamp.png", "copy.png"}
    assert str(copied["mirrored"]).lower() == "true"
    assert "lie as in a copy" in (place / "report/matches/copies.html").read_text()

    added = ("bank", "add", "withdrawn", shop / "lamp.png", "-w", place, "--note", "recall of May", "--json")
    assert json.loads(command(*added, "--dry-run"))["added"] == 1
    assert json.loads(command(*added))["added"] == 1
    assert json.loads(command(*added)) == {"bank": "withdrawn", "added": 0, "known": 1, "dry_run": False}
    summary = json.loads(command(*run))
    assert (summary["decoded"], summary["verdicts"]["block"]) == (0, 2), "the lamp, and its mirrored copy"
    assert "in the bank withdrawn: recall of May" in command("why", "lamp.png", "-w", place)

    assert json.loads(command("bank", "remove", "withdrawn", "--all", "-w", place, "--json"))["removed"] == 1
    assert json.loads(command("bank", "list", "-w", place, "--json")) == []
    assert json.loads(command(*run))["verdicts"]["block"] == 0
