from dataclasses import replace

import cv2
import numpy as np
import polars as pl
import pytest

from packshot.core.errors import PluginError
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.match.colour import LAB_BYTES
from packshot.match.copies import SCHEMA, Copying, find_copies, is_copy
from packshot.match.copy_geometry import fits
from packshot.match.points import points_of
from packshot.match.same import byte_rows
from packshot.media.header import Header
from packshot.media.picture import Picture

MEASURES = {name: all_measures()[name] for name in ("keypoints", "lab16")}
NOTHING = pl.DataFrame(schema={"asset_a": pl.String, "asset_b": pl.String})


def drawn(seed):
    """A product of its own on white: patches of colour with a grain."""
    random = np.random.default_rng(seed)
    cells = random.integers(20, 230, (9, 7, 3), dtype=np.uint8)
    product = cv2.resize(cells, (280, 360), interpolation=cv2.INTER_CUBIC)
    product = cv2.add(product, cv2.resize(random.integers(0, 50, (60, 50, 3), dtype=np.uint8), (280, 360)))
    rgb = np.full((480, 400, 3), 255, np.uint8)
    rgb[60:420, 60:340] = product
    return rgb


def frame(**pictures):
    rows = []
    for name, given in pictures.items():
        rgb = np.ascontiguousarray(given)
        values, _, _ = measure_picture(Picture(Header("png", 1000, rgb.shape[1], rgb.shape[0]), rgb), MEASURES)
        sizes = {"width_px": rgb.shape[1], "height_px": rgb.shape[0]}
        rows.append({"asset_id": name, **sizes, "keypoints": values["keypoints"], "lab16": values["lab16"]})
    return pl.DataFrame(rows, schema_overrides={"keypoints": pl.Binary, "lab16": pl.Binary})


def found(**pictures):
    return find_copies(frame(**pictures), NOTHING)


def badge(rgb):
    covered = rgb.copy()
    cv2.circle(covered, (100, 100), 34, (210, 20, 30), -1)
    return covered


EDITS = {
    "cropped": lambda rgb: rgb[70:330, 40:300],
    "mirrored": lambda rgb: rgb[:, ::-1],
    "turned": np.rot90,
    "badge": badge,
    "framed": lambda rgb: cv2.copyMakeBorder(rgb, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(30, 90, 200)),
    "grey": lambda rgb: cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB),
    "squeezed": lambda rgb: cv2.resize(rgb, (340, 480), interpolation=cv2.INTER_AREA),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_picture_is_a_copy_of_its_original_alone(edit):
    rows = found(a=drawn(1), b=EDITS[edit](drawn(1)), c=drawn(2), d=drawn(3))
    assert rows.select("asset_a", "asset_b", "kind").rows() == [("a", "b", "copy")]
    assert rows["mirrored"].to_list() == [edit == "mirrored"]
    assert rows.schema == SCHEMA


def test_the_part_that_both_show_is_told():
    (row,) = found(a=drawn(1), b=EDITS["cropped"](drawn(1))).to_dicts()
    assert row["box_a"] == pytest.approx([40 / 400, 70 / 480, 260 / 400, 260 / 480], abs=0.02)
    assert row["box_b"] == pytest.approx([0, 0, 1, 1], abs=0.02)


def test_a_mirrored_crop_tells_the_part_in_the_picture_as_it_is():
    (row,) = found(a=drawn(1), b=drawn(1)[70:330, 40:300][:, ::-1]).to_dicts()
    assert row["mirrored"]
    assert row["box_a"] == pytest.approx([40 / 400, 70 / 480, 260 / 400, 260 / 480], abs=0.02)


def test_another_colour_of_half_of_what_is_shown_is_no_copy():
    """As a shirt in another colour on the same model: what is around it stays as it is."""
    plain = drawn(1)
    other = plain.copy()
    other[60:250, 60:340] = other[60:250, 60:340][..., ::-1]
    assert found(a=plain, b=other).is_empty()


def test_one_label_on_two_products_makes_no_copy():
    one, two = drawn(1), drawn(2)
    label = cv2.resize(np.random.default_rng(9).integers(0, 256, (12, 16, 3), dtype=np.uint8), (130, 100))
    for rgb in (one, two):
        rgb[180:280, 130:260] = label
    assert found(a=one, b=two).is_empty()


def test_known_pairs_are_not_told_again_and_nulls_are_left_out():
    pictures = frame(a=drawn(1), b=badge(drawn(1)))
    known = pl.DataFrame({"asset_a": ["a"], "asset_b": ["b"]})
    assert find_copies(pictures, known).is_empty()
    lacking = pictures.with_columns(lab16=pl.when(pl.col("asset_id") == "a").then("lab16"))
    assert find_copies(lacking, NOTHING).is_empty()


def test_the_order_of_the_rows_changes_nothing():
    pictures = frame(a=drawn(1), b=badge(drawn(1)), c=drawn(2), d=drawn(2)[:, ::-1])
    assert find_copies(pictures.reverse(), NOTHING).equals(find_copies(pictures, NOTHING))


def test_points_of_another_length_are_refused():
    broken = pl.DataFrame({"keypoints": [b"123"], "width_px": [10], "height_px": [10]})
    with pytest.raises(PluginError, match="23 bytes"):
        points_of(broken)


@pytest.fixture(scope="module")
def laid():
    """A picture and one with a badge, laid over each other."""
    pictures = frame(a=drawn(1), b=badge(drawn(1)))
    pair = np.array([0]), np.array([1]), np.array([0])
    return fits(points_of(pictures), byte_rows(pictures["lab16"], LAB_BYTES), *pair)


@pytest.mark.parametrize(
    ("told", "copy"),
    [
        ({}, True),
        ({"alike": 0.79, "support": 0.36}, True),
        ({"alike": 0.79, "support": 0.34}, False),  # only the wearer is the same
        ({"alike": 0.85, "edged": 0.57}, True),
        ({"alike": 0.85, "edged": 0.6}, False),  # goods of another colour, outlined in both
        ({"tinted": 0.2, "still": 0.4, "hue": 0.0}, True),  # lighter
        ({"tinted": 0.2, "still": 0.4, "hue": 0.1}, False),  # blue goods that are violet, on an unchanged wearer
        ({"tinted": 0.2, "still": 0.1, "hue": 0.1}, True),  # all of it in other colours
    ],
)
def test_what_is_no_badge_and_no_filter_is_no_copy(laid, told, copy):
    (found,) = is_copy(replace(laid, **{name: np.array([value]) for name, value in told.items()}), Copying())
    assert found == copy


def test_a_grey_copy_of_a_shirt_is_that_of_the_one_it_fits_best():
    """Of a blue shirt and a green one on one model the grey picture fits both: it was made of one of them."""
    blue, green = drawn(1), drawn(1)
    for rgb, lift in ((blue, (0, 10, 70)), (green, (0, 60, 5))):
        rgb[150:330, 60:340] = np.minimum(rgb[150:330, 60:340] // 2 + np.array(lift), 255)
    pictures = frame(a=blue, b=green, c=EDITS["grey"](green))
    assert find_copies(pictures, NOTHING).select("asset_a", "asset_b").rows() == [("b", "c")]
    without_green = pictures.filter(pl.col("asset_id") != "b")
    assert find_copies(without_green, NOTHING).select("asset_a", "asset_b").rows() == [("a", "c")]
