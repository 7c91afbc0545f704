import json
import tomllib
from datetime import date

import polars as pl
import pytest

import packshot

MINE = """
id = "mine"
title = "Ours"
[[rules]]
check = "too_dark"
params = { min_brightness = 0.99 }
on_fail = "block"
says = "Bright \\"and\\" light; Größe \\u007f."
effective_from = 2026-03-01
until = 2026-06-01
[[rules]]
id = "anyone_in_it"
manual = true
question = "Is a person in it?"
"""


def run_mixed(shop, pictures):
    for name in ("vase", "soft", "lamp"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.put("again.jpg", pictures["vase"])
    shop.list(("A", "vase.jpg"), ("A", "soft.jpg"), ("B", "again.jpg"), ("C", "lamp.jpg"), ("C", "gone.jpg"))
    shop.run()


@pytest.fixture
def mixed(prepared, pictures):
    """A picture twice, one with a fault, and one that is not there."""
    return prepared(run_mixed, pictures)


def test_the_tables_have_the_columns_that_others_rely_on(mixed):
    relied_on = {
        "listings": "listing_id title category",
        "placements": "listing_id asset_id source_uri role position",
        "assets": "asset_id format bytes width_px height_px",
        "measurements": "asset_id width_px sharpness brightness product_box background_white_share pdq lab16",
        "matches": "asset_a asset_b kind distance",
        "clusters": "cluster_id asset_id keep reason",
        "findings": "listing_id rule check status expected measured how_to_fix source source_uri",
        "verdicts": "listing_id asset_id source_uri role verdict policy",
        "galleries": "listing_id slot role asset_id source_uri score reason",
        "troubles": "source_uri stage kind detail",
    }
    for name, columns in relied_on.items():
        table = mixed.table(name)
        assert set(columns.split()) <= set(table.columns), name
        assert table.height > 0 or name == "clusters", name
    assert mixed.one("matches")["kind"] == "exact"
    assert mixed.one("troubles")["kind"] == "not_found"


def test_clean_pictures_are_shown_and_faults_are_told_with_the_way_to_mend_them(small_shop, pictures):
    small_shop.put("dark.jpg", pictures["dark"])
    small_shop.put("soft.jpg", pictures["soft"])
    small_shop.list(
        ("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "dark.jpg"), ("B", "pan.jpg"), ("C", "soft.jpg"), ("C", "lamp.jpg")
    )
    summary = small_shop.run()
    assert (summary.listings, summary.placements, summary.assets, summary.decoded) == (3, 6, 6, 6)
    verdicts = dict(small_shop.table("verdicts").select("source_uri", "verdict").iter_rows())
    assert {name for name, verdict in verdicts.items() if verdict == "show"} == {
        "vase.jpg", "watch.jpg", "pan.jpg", "lamp.jpg",
    }  # fmt: skip
    findings = small_shop.table("findings").filter(pl.col("status") == "fail")
    told = {(row["source_uri"], row["check"]) for row in findings.rows(named=True)}
    assert {("dark.jpg", "too_dark"), ("soft.jpg", "blurry")} <= told
    assert not findings["how_to_fix"].is_null().any()


def test_each_gallery_begins_with_its_main_and_every_placement_has_a_place_and_a_reason(small_shop, pictures):
    small_shop.put("dark.jpg", pictures["dark"])
    small_shop.list(("A", "dark.jpg"), ("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "nothing.jpg"))
    small_shop.run()
    galleries = small_shop.table("galleries")
    for listing, rows in galleries.group_by("listing_id", maintain_order=True):
        assert rows["slot"][0] == "main", listing
        assert (rows["slot"] == "main").sum() == 1
    assert galleries["reason"].str.len_chars().min() > 0
    main = galleries.filter((pl.col("slot") == "main") & (pl.col("listing_id") == "A"))["source_uri"].item()
    assert main in {"vase.jpg", "watch.jpg"}
    empty = galleries.filter((pl.col("slot") == "main") & (pl.col("listing_id") == "C"))
    assert empty["asset_id"].item() is None
    placed = small_shop.table("placements")["placement_id"]
    assert set(placed) <= set(galleries["placement_id"].drop_nulls())


def of_files(folder):
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_mode) for p in folder.iterdir()}


def run_with_report(shop, pictures):
    for name in ("vase", "watch", "pan", "lamp"):
        shop.put(f"{name}.jpg", pictures[name])
    shop.list(("A", "vase.jpg"), ("A", "watch.jpg"), ("B", "pan.jpg"), ("C", "lamp.jpg"))
    return of_files(shop.folder), shop.run(report=True), of_files(shop.folder)


@pytest.fixture
def reported(prepared, pictures):
    return prepared(run_with_report, pictures)


def test_the_report_is_written_and_names_every_listing(reported):
    _, summary, _ = reported.first
    pages = list((reported.workspace / "report").rglob("*.html"))
    assert summary.report == str(reported.workspace / "report" / "index.html")
    texts = "".join(page.read_text() for page in pages)
    assert all(f"The {listing}" in texts for listing in "ABC")


def test_originals_are_never_altered(reported):
    before, _, after = reported.first
    assert after == before


def test_a_policy_of_ones_own_is_judged_and_explained_even_when_its_file_is_gone(run_shop, tmp_path):
    policy = tmp_path / "mine.toml"
    policy.write_text(MINE)
    run_shop.run(policy=str(policy), rules_as_of=date(2026, 4, 1), report=True)
    policy.unlink()
    verdicts = run_shop.table("verdicts")
    assert set(verdicts["verdict"]) == {"block"}
    assert set(verdicts["policy"]) == {"mine"}
    findings = run_shop.table("findings")
    assert set(findings["rule"]) == {"too_dark"}
    assert set(findings["says"]) == {tomllib.loads(MINE)["rules"][0]["says"]}
    assert "0.99" in findings["expected"][0]
    assert verdicts["not_assessed"][0].to_list() == ["anyone_in_it"]
    with run_shop.opened() as place:
        (record,) = place.why("vase.jpg")
        assert record["findings"][0]["rule"] == "too_dark"
        assert place.whatif("house")["flipped"] == 4
        assert place.report().is_file()


@pytest.mark.parametrize(("day", "word"), [("2026-02-28", "show"), ("2026-03-01", "block"), ("2026-06-01", "show")])
def test_rules_hold_from_their_first_day_to_the_one_before_they_end(run_shop, tmp_path, day, word):
    policy = tmp_path / "mine.toml"
    policy.write_text(MINE)
    run_shop.run(policy=str(policy), rules_as_of=date.fromisoformat(day))
    assert set(run_shop.table("verdicts")["verdict"]) == {word}


def test_whatif_tells_what_would_flip_and_writes_nothing(run_shop, tmp_path):
    policy = tmp_path / "mine.toml"
    policy.write_text(MINE)

    def files():
        return {
            path: path.stat().st_mtime_ns
            for path in run_shop.workspace.rglob("*")
            if path.is_file() and not path.name.startswith("catalog.sqlite-")
        }

    before = files()
    with run_shop.opened() as place:
        flips = place.whatif(str(policy), rules_as_of=date(2026, 4, 1))
        unflipped = place.whatif("house")
    assert files() == before
    assert (flips["placements"], flips["flipped"], flips["from"], flips["to"]) == (4, 4, "house", "mine")
    assert flips["by_verdict"] == [{"from": "show", "to": "block", "count": 4}]
    assert {row["rule"]: row["after"] for row in flips["by_rule"]} == {"too_dark": 4}
    assert unflipped["flipped"] == 0
    json.dumps(flips)


def test_why_gives_the_whole_record_of_a_placement_by_any_of_its_names(mixed):
    with mixed.opened() as place:
        (soft,) = place.why("soft.jpg")
        assert "blurry" in {finding["check"] for finding in soft["findings"]}
        assert soft["slot"]
        assert soft["reason"]
        assert place.why(soft["placement_id"]) == [soft]
        assert place.why(soft["placement_id"][:12]) == [soft]
        assert {row["source_uri"] for row in place.why(place.why("vase.jpg")[0]["asset_id"])} == {
            "vase.jpg", "again.jpg",
        }  # fmt: skip
        (gone,) = place.why("gone.jpg")
        assert gone["verdict"] == "review"
        assert gone["troubles"][0].startswith("fetch: not_found")
        with pytest.raises(packshot.UnknownName) as error:
            place.why("soff.jpg")
        assert "soft.jpg" in error.value.hint
    json.dumps(soft)


def test_before_the_first_run_the_tables_say_what_to_do(shop):
    with packshot.open(shop.workspace) as place:
        assert place.table("placements").is_empty()
        with pytest.raises(packshot.UsageError) as error:
            place.table("verdicts")
        assert "packshot run" in error.value.hint
        with pytest.raises(packshot.UnknownName):
            place.table("verdict")


def test_two_sources_lie_side_by_side_in_one_workspace(run_shop, pictures, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "spoon.jpg").write_bytes(pictures["vase"])
    summary = run_shop.run(other)
    assert (summary.listings, summary.placements, summary.decoded) == (4, 5, 0)
    assert run_shop.table("verdicts").height == 5
    assert run_shop.one("matches")["kind"] == "exact"
