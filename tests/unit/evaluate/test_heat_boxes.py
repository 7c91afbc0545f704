import numpy as np
import pytest

from packshot.evaluate.heat_boxes import MOST_BOXES, hot_boxes


def boxes_of(heat, *shares):
    found = hot_boxes(np.asarray(heat, np.float32), *(shares or (1.0, 1.0)))
    return [found[at : at + 4] for at in range(0, len(found), 4)]


def test_each_hot_part_has_a_box_and_the_hottest_is_first():
    heat = np.zeros((10, 20))
    heat[0:2, 0:2] = 0.9
    heat[5:9, 10:20] = 0.8
    assert boxes_of(heat) == [pytest.approx((0.5, 0.5, 0.5, 0.4)), pytest.approx((0, 0, 0.1, 0.2))]


def test_boxes_are_shares_of_what_shows_the_picture():
    heat = np.zeros((10, 10))
    heat[8:10, 8:10] = 1
    assert boxes_of(heat, 0.9, 0.95) == [pytest.approx((8 / 9.5, 8 / 9, 1 - 8 / 9.5, 1 - 8 / 9))]


def test_where_nothing_is_hot_the_hottest_cell_is_shown():
    heat = np.full((4, 4), 0.1)
    heat[2, 1] = 0.3
    assert boxes_of(heat) == [pytest.approx((0.25, 0.5, 0.25, 0.25))]


def test_many_parts_give_no_endless_list_and_specks_none():
    heat = np.zeros((40, 40))
    heat[::2, ::2] = 0.9
    assert len(boxes_of(heat)) == MOST_BOXES
    heat = np.zeros((40, 40))
    heat[:30, :30] = 1
    heat[39, 39] = 0.6
    assert len(boxes_of(heat)) == 1
