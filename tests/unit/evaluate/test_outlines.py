import cv2
import numpy as np
import pytest

from packshot.evaluate.outlines import END, MOST_CORNERS, outline


def corners(numbers):
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_a_box_has_four_corners_as_shares_of_the_picture():
    mask = np.zeros((100, 200), np.uint8)
    mask[20:60, 50:150] = 255
    found = corners(outline(mask))
    assert len(found) == 4
    assert sorted({x for x, _ in found}) == pytest.approx([0.25, 0.75], abs=0.005)
    assert sorted({y for _, y in found}) == pytest.approx([0.2, 0.6], abs=0.01)


def test_a_ragged_shape_has_few_corners_and_stays_where_it_is():
    random = np.random.default_rng(4)
    mask = (cv2.GaussianBlur(random.random((400, 400)), (0, 0), 9) > 0.5).astype(np.uint8) * 255
    found = corners(outline(mask))
    assert 3 <= len(found) - found.count(END) <= MOST_CORNERS
    assert all(0 <= number <= 1 for corner in found if corner != END for number in corner)


def test_parts_follow_each_other_the_largest_first_and_specks_are_left_out():
    mask = np.zeros((100, 100), np.uint8)
    mask[10:30, 10:30] = mask[50:90, 50:90] = 255
    mask[5, 95] = 255
    found = corners(outline(mask))
    assert found.count(END) == 1
    assert min(x for x, _ in found[: found.index(END)]) > 0.4


def test_an_empty_mask_has_none():
    assert outline(np.zeros((10, 10), np.uint8)) is None


def test_a_single_pixel_is_drawn():
    mask = np.zeros((10, 10), np.uint8)
    mask[4, 6] = 255
    assert corners(outline(mask)) == [pytest.approx((0.65, 0.45))]
