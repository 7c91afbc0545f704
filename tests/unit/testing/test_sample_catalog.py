"""The generator's plan and truth, and the catalogue that is committed."""

import csv
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

FOLDER = Path(__file__).parents[3] / "examples/sample_catalog"
CATALOG = FOLDER / "catalog"


@pytest.fixture(scope="module")
def sample():
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("make_sample")
    finally:
        sys.path.remove(str(FOLDER))
        for name in ("make_sample", "planning", "shots", "vocabulary"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def truth():
    return json.loads((CATALOG / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_a_plan_has_every_fault_and_listings_of_two_to_six_pictures(sample, seed):
    listings = sample.plan(seed, 40)
    assert listings == sample.plan(seed, 40) != sample.plan(seed + 1, 40)
    assert {len(listing.shots) for listing in listings} <= {2, 3, 4, 5, 6}
    planted = [fault for listing in listings for shot in listing.shots for fault in shot.faults]
    assert set(planted) == set(sample.FAULTS)
    kinds = {listing.product.kind for listing in listings}
    assert len(kinds) >= 12


def test_a_variant_shares_all_but_its_colour(sample):
    groups = {}
    for listing in sample.plan(2, 40):
        groups.setdefault(listing.group, []).append(listing.product)
    assert len(groups) == 4
    for group, products in groups.items():
        if group:
            assert len({(product.kind, product.seed) for product in products}) == 1
            assert len({product.colour for product in products}) == len(products) > 1


def test_copies_are_of_earlier_pictures_of_another_place(sample):
    known = {}
    for listing in sample.plan(3, 80):
        for shot in listing.shots:
            if shot.copy_of:
                assert known[shot.copy_of].product == shot.product
                assert known[shot.copy_of].copy_of is None
            known[shot.listing, shot.number] = shot


def test_a_file_is_written_drawn_and_told_of(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["planning"], "SIZES", ((160, 160),))
    size = sample.write(tmp_path, seed=4, count=1, jobs=1)
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert size == sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert told["listings"][0]["best_main"] == [told["images"][0]["image_path"]]
    assert {row["image_path"] for row in feed(tmp_path)} == {image["image_path"] for image in told["images"]}


def test_no_two_listings_sell_one_kind_in_one_colour_but_the_very_same_thing(sample):
    for seed in (1, 2, 3, 4):
        sold = {listing.product for listing in sample.plan(seed, 40)}
        assert len({(product.kind, product.colour) for product in sold}) >= len(sold) - 2


def test_another_folder_is_left_alone(sample, tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.txt").write_text("dear")
    monkeypatch.setattr(sys, "argv", ["make_sample.py", "--seed", "1", "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        sample.main()
    assert stopped.value.code == 2
    assert "not a sample catalogue" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def feed(folder):
    with (folder / "feed.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_catalogue_is_small_and_complete(truth):
    assert sum(file.stat().st_size for file in CATALOG.rglob("*") if file.is_file()) <= 10_000_000
    rows = feed(CATALOG)
    assert len({row["product_id"] for row in rows}) == len(truth["listings"]) == 40
    assert [row["image_path"] for row in rows] == [image["image_path"] for image in truth["images"]]
    for image in truth["images"]:
        assert (CATALOG / image["image_path"]).exists() == ("missing" not in image["faults"])
    assert len(list((CATALOG / "images").iterdir())) == sum("missing" not in i["faults"] for i in truth["images"])


def test_the_committed_best_mains_are_fit_for_it(truth):
    images = {image["image_path"]: image for image in truth["images"]}
    for listing in truth["listings"]:
        for path in listing["best_main"] or ():
            image = images[path]
            assert image["main_candidate"]
            assert image["view"] == "front"
            x, y, w, h = image["product_box"]
            assert 0.87 <= max(w, h) <= 0.95
            assert min(x, y, 1 - x - w, 1 - y - h) > 0.02
    assert sum(listing["best_main"] is None for listing in truth["listings"]) >= 2


def test_committed_clean_packshots_are_white_at_their_edges(truth):
    clean = [i for i in truth["images"] if i["clean"] and i["view"] in {"front", "angle", "back"}]
    assert len(clean) > 40
    for image in clean[::4]:
        with Image.open(CATALOG / image["image_path"]) as file:
            shown = ImageOps.exif_transpose(file).convert("RGBA")
            assert shown.size == (image["width_px"], image["height_px"])
            paper = Image.new("RGBA", shown.size, (255, 255, 255, 255))
            pixels = np.asarray(Image.alpha_composite(paper, shown).convert("RGB"))
        assert min(line.min() for line in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])) >= 253


def test_committed_matches_are_what_they_say(truth):
    assert {match["kind"] for match in truth["matches"]} == {"exact", "same"}
    for match in truth["matches"]:
        equal = (CATALOG / match["a"]).read_bytes() == (CATALOG / match["b"]).read_bytes()
        assert equal == (match["kind"] == "exact")
