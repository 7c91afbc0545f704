from __future__ import annotations

import pytest

from packshot.present.report_evidence import Mark, marks
from packshot.present.report_site import Picture

PICTURE = Picture("images/x.jpg", 200, 100)


def test_a_box_is_placed_in_pixels_of_the_thumbnail():
    assert marks({"box": [0.1, 0.2, 0.5, 0.5]}, ("sharpness",), PICTURE) == [Mark("box", 20, 20, 100, 50)]


def test_a_box_is_cut_to_the_picture():
    assert marks({"box": [-0.5, 0.5, 2.0, 2.0]}, (), PICTURE) == [Mark("box", 0, 50, 200, 50)]


@pytest.mark.parametrize(
    "box", [None, [], [0, 0, 1], [0.5, 0.5, 0, 0.2], [float("nan"), 0, 1, 1], [2, 2, 1, 1], "abcd"]
)
def test_a_broken_box_draws_nothing(box):
    assert marks({"box": box, "product_box": box}, (), PICTURE) == []


def test_only_what_the_check_reads_is_drawn():
    row = {"product_box": [0, 0, 0.5, 0.5], "cut_off_edges": ["left", "nowhere"], "border_px": 30, "width_px": 600}
    assert marks(row, ("sharpness",), PICTURE) == []
    assert [m.kind for m in marks(row, ("border_px",), PICTURE)] == ["border"]
    assert [m.kind for m in marks(row, ("cut_off_edges",), PICTURE)] == ["product", "edge"]
    assert [m.kind for m in marks(row, (), PICTURE)] == ["product", "border", "edge"]


def test_the_product_is_not_drawn_twice_where_it_is_the_fault():
    row = {"box": [0, 0, 0.5, 0.5], "product_box": [0, 0, 0.5, 0.5]}
    assert [m.kind for m in marks(row, ("product_fill_share",), PICTURE)] == ["box"]


def test_edges_are_bars_along_the_sides():
    found = marks({"cut_off_edges": ["top", "right"]}, (), PICTURE)
    assert found == [Mark("edge", 0, 0, 200, 5), Mark("edge", 195, 0, 5, 100)]


def test_a_border_is_scaled_from_the_picture_to_the_thumbnail():
    assert marks({"border_px": 30, "width_px": 600}, (), PICTURE) == [Mark("border", 10, 10, 180, 80)]


@pytest.mark.parametrize(
    "row",
    [
        {"border_px": 0, "width_px": 600},
        {"border_px": None, "width_px": 600},
        {"border_px": 10, "width_px": None},
        {"border_px": 10, "width_px": 0},
        {"border_px": float("inf"), "width_px": 600},
        {"border_px": 300, "width_px": 600},
    ],
)
def test_a_border_that_makes_no_sense_is_not_drawn(row):
    assert marks(row, (), PICTURE) == []


def test_an_outline_is_drawn_instead_of_the_products_box():
    box = [0, 0, 0.5, 0.5]
    row = {"box": box, "product_box": box, "mask_outline": [0.1, 0.1, 0.4, 0.1, 0.4, 0.4, -1, -1, 0.6, 0.6, 0.9, 0.9]}
    (mark,) = marks(row, ("product_fill_share",), PICTURE)
    assert (mark.kind, mark.path) == ("outline", "M20.0 10.0L80.0 10.0L80.0 40.0Z")
    assert [m.kind for m in marks(row, ("sharpness",), PICTURE)] == ["box"]


@pytest.mark.parametrize(
    "outline", [[], [0.1, 0.1, 0.2], [float("nan")] * 6, ["a"] * 6, [-1.0] * 8, [2.0] * 6, "abcdef"]
)
def test_a_broken_outline_leaves_the_box(outline):
    row = {"product_box": [0, 0, 0.5, 0.5], "mask_outline": outline}
    assert [m.kind for m in marks(row, (), PICTURE)] == ["product"]


def test_several_boxes_are_drawn_and_broken_ones_among_them_are_not():
    row = {"box": [0.1, 0.1, 0.2, 0.2, float("nan"), 0, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3]}
    assert marks(row, (), PICTURE) == [Mark("box", 20, 10, 40, 20), Mark("box", 100, 50, 100, 50)]
