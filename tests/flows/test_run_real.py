import polars as pl
import pytest

from packshot.collect.uris import local_name
from packshot.engines.local import LocalEngine
from packshot.pipeline.engine import WorkerLimits

FLOAT_TOLERANCE = 0.02
NOT_SHARES = {"colourfulness", "colour_cast", "noise_sigma", "aspect_ratio", "blockiness"}


def faults(shop):
    """File name → the checks that did not pass."""
    findings = shop.table("findings").drop_nulls("source_uri")
    told = findings.group_by("source_uri").agg("check")
    return {uri.rpartition("/")[2]: set(checks) for uri, checks in told.iter_rows()}


@pytest.mark.parametrize("name", ["pillow_images", "fuzz_corpus"])
def test_every_odd_and_hostile_file_is_measured_or_a_trouble(shop, real_data, name):
    folder = real_data(name)
    shop.engine = LocalEngine(2, WorkerLimits(memory_bytes=1 << 30))
    summary = shop.run(folder, group_by="file")
    shop.engine.close()
    placed, measured, troubles = (shop.table(table) for table in ("placements", "measurements", "troubles"))
    lacking = placed.join(measured, on="asset_id", how="anti").join(troubles, on="placement_id", how="anti")
    assert lacking["source_uri"].to_list() == []
    assert measured.height == summary.decoded > 50
    told = {local_name(uri) for uri in {*placed["source_uri"], *troubles["source_uri"].drop_nulls()}}
    silent = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - told
    note = next((note for note in summary.notes if "no pictures were left out" in note), "(0 times")
    assert int(note.partition("(")[2].split()[0]) == len(silent)
    verdicts = shop.table("verdicts")
    assert verdicts.height == placed.height
    assert verdicts.filter(pl.col("verdict") == "show").join(troubles, on="placement_id", how="semi").is_empty()
    assert {"crashed", "timed_out", "out_of_memory"}.isdisjoint(troubles["kind"])


def test_the_planted_issues_of_cleanvision_are_found(shop, real_data):
    shop.run(real_data("cleanvision_tests"), group_by="file")
    told = faults(shop)
    assert "too_dark" in told["image_417.png"]
    assert "overexposed" in told["image_588.png"]
    assert "blurry" in told["image_604.png"]
    assert "wrong_aspect" in told["image_604.png"]
    assert "colourless" in told["image_101.png"]
    assert "blank_picture" in told["image_417.png"]
    assert {"blurry", "too_dark", "overexposed", "blank_picture"}.isdisjoint(
        told["image_103.png"] | told["image_408.png"]
    )
    twins = shop.table("matches").filter(pl.col("kind") == "exact")
    assert twins.height == 1
    assert "shared_picture" in told["image_142.png"] & told["image_236.png"]


def test_the_copies_of_imagededup_are_found_and_nothing_else(shop, real_data):
    shop.run(real_data("imagededup_tests"), group_by="file")
    matches, placed = shop.table("matches"), shop.table("placements")
    name = pl.col("source_uri").str.split("/").list.last().str.extract(r"^(\w+?)\.\w+$")
    names = dict(placed.drop_nulls("asset_id").select("asset_id", name.alias("name")).iter_rows())
    same = matches.filter(pl.col("kind") == "same")
    found = {frozenset((names[a], names[b])) for a, b in same.select("asset_a", "asset_b").iter_rows()}
    assert frozenset(("ukbench00120_resize", "ukbench00120")) in found
    scenes = {"alpha_channel_image": "ukbench00120"}
    assert all(len({scenes.get(n, n).partition("_")[0] for n in pair}) == 1 for pair in found)
    formats = placed.filter(pl.col("source_uri").str.contains("ukbench09380")).drop_nulls("asset_id")
    pictures = set(formats["asset_id"])
    joined = {frozenset(pair) for pair in same.select("asset_a", "asset_b").iter_rows()}
    measured = pictures & set(shop.table("measurements")["asset_id"])
    first = placed.filter(pl.col("source_uri") == "base_images/ukbench09380.jpg")["asset_id"].item()
    assert all(asset == first or frozenset((first, asset)) in joined for asset in measured)


def test_all_orientations_of_one_picture_measure_alike(shop, real_data):
    shop.run(real_data("exif_orientation"), group_by="file")
    measured = shop.table("measurements")
    assert measured.height == 9
    assert measured.select("width_px", "height_px").unique().rows() == [(1800, 1200)]
    shares = [name for name, kind in measured.schema.items() if kind == pl.Float32 and name not in NOT_SHARES]
    for name in shares:
        values = measured[name].drop_nulls()
        assert len(values) in {0, 9}, name
        assert values.is_empty() or values.max() - values.min() <= FLOAT_TOLERANCE, name
