from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import polars as pl
import pytest

from packshot.evaluate.measures.lab16 import Lab16
from packshot.evaluate.measures.pdq import Pdq
from packshot.match.clusters import clusters
from packshot.match.pairs import find_matches
from packshot.media.decode import decode

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
PLACED = pl.DataFrame(schema={"asset_id": pl.String})


def needs(folder):
    if not (DATA / folder).is_dir():
        pytest.skip(f"the real pictures of {folder} are not here")
    return DATA / folder


def jpeg(rgb, quality):
    return cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def webp(rgb, quality):
    return cv2.imencode(".webp", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, quality])[1].tobytes()


def resized(rgb, scale, how):
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=how)


COPIES = {
    "jpeg 50": lambda rgb: jpeg(rgb, 50),
    "jpeg 90": lambda rgb: jpeg(rgb, 90),
    "0.3 of the size": lambda rgb: jpeg(resized(rgb, 0.3, cv2.INTER_AREA), 75),
    "0.5 of the size, WebP": lambda rgb: webp(resized(rgb, 0.5, cv2.INTER_LINEAR), 60),
    "1.2 times the size": lambda rgb: jpeg(resized(rgb, 1.2, cv2.INTER_CUBIC), 85),
}


def row(name, data):
    picture = decode(data)
    columns = {**Pdq().measure(picture), **Lab16().measure(picture)}
    return {"asset_id": name, **columns, "width_px": picture.width, "height_px": picture.height}


def with_copies(path, copies):
    data = path.read_bytes()
    rgb = decode(data).rgb
    return [row(str(path), data), *(row(f"{path}|{name}", COPIES[name](rgb)) for name in copies)]


def measured(paths, copies=()):
    with ThreadPoolExecutor(2) as pool:
        return pl.DataFrame(
            [found for rows in pool.map(lambda path: with_copies(path, copies), paths) for found in rows]
        )


def same_pairs(table):
    return {(a, b) for a, b in find_matches(table, PLACED).filter(kind="same").select("asset_a", "asset_b").iter_rows()}


def recall(table):
    """Share of the copies that are in the cluster of their original."""
    found = clusters(find_matches(table, PLACED), table)
    of = dict(found.select("asset_id", "cluster_id").iter_rows())
    copies = [name for name in table["asset_id"] if "|" in name]
    return np.mean([of.get(name, "none") == of.get(name.split("|")[0]) for name in copies])


def test_no_colour_variant_of_a_garment_is_the_same_picture():
    table = measured(sorted(needs("magento2").rglob("*.jpg")))
    found = find_matches(table, PLACED)
    assert table.height == 120
    assert found.filter(kind="same").is_empty()
    variants = found.filter(kind="variant")
    assert variants.height >= 40
    styles = variants.select(pl.col("asset_a", "asset_b").str.extract(r"([a-z]+\d+)-\w+_(?:main|back|alt)"))
    assert (styles["asset_a"] == styles["asset_b"]).all()


def test_resized_and_saved_again_is_found():
    studio = sorted(needs("magento2").rglob("*.jpg"))[::15]
    others = sorted(needs("solidus").rglob("*.png"))[::5] + sorted(needs("sylius").rglob("*.jpg"))[::5]
    table = measured([*studio, *others], tuple(COPIES))
    assert recall(table) >= 0.98
    assert all(a.split("|")[0] == b.split("|")[0] for a, b in same_pairs(table))


def test_different_products_and_photographs_are_never_the_same_picture():
    paths = sorted(needs("grocery_store").rglob("*.jpg"))[::4] + sorted(needs("clothing_dataset").rglob("*.jpg"))[::4]
    assert same_pairs(measured(paths)) == set()


def test_two_crops_of_one_size_ratio_are_one_picture_for_each_product():
    found = same_pairs(measured(sorted(needs("tailwindtraders").rglob("*.jpg"))))
    assert len(found) >= 27
    assert all(Path(a).name == Path(b).name for a, b in found)


def test_planted_duplicates_of_another_collection_are_found():
    folder = needs("imagededup_tests")
    formats = [folder / "formats_images" / f"ukbench09380.{kind}" for kind in ("png", "webp", "bmp", "jpeg")]
    mixed = [path for path in sorted((folder / "mixed_images").iterdir()) if "corrupt" not in path.name]
    base = sorted((folder / "base_images").iterdir())
    table = measured([*formats, *mixed, *(path for path in base if path.name != "ukbench00120.jpg")])
    table = table.with_columns(pl.col("asset_id").map_elements(lambda name: Path(name).name, pl.String)).unique(
        "asset_id"
    )
    found = clusters(find_matches(table, PLACED), table)
    groups = {frozenset(names) for names in found.group_by("cluster_id").agg("asset_id")["asset_id"].to_list()}
    assert any({path.name for path in formats} <= group for group in groups)
    assert frozenset({"ukbench00120.jpg", "ukbench00120_resize.jpg"}) in groups
    assert len(groups) == 2
