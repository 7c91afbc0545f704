import cv2
import numpy as np
import pytest

from packshot.evaluate.measures.product_colours import dominant


def colours(studio, rgb, alpha=None):
    found = studio.measure("product_colours", rgb, alpha)
    return np.array(found["product_colours"]).reshape(-1, 4), found["product_colours_confidence"]


def on_white(*boxes):
    rgb = np.full((400, 400, 3), 255, np.uint8)
    for left, right, colour in boxes:
        rgb[100:300, left:right] = colour
    return rgb


def test_the_products_colours_are_told_and_not_the_grounds(studio):
    table, confidence = colours(studio, on_white((100, 250, (200, 20, 30)), (250, 300, (20, 30, 160))))
    assert confidence > 0.5
    assert len(table) == 2
    red, blue = table
    assert red[1] > 50 > blue[1]
    assert blue[2] < -30
    assert red[3] == pytest.approx(0.75, abs=0.03)
    assert table[:, 3].sum() <= 1.001


def test_before_a_scene_the_colours_are_the_scenes_and_the_confidence_says_so(studio):
    table, confidence = colours(studio, studio.scene())
    assert confidence < 0.5
    assert len(table)


def test_light_and_size_change_little(studio):
    plain = on_white((100, 300, (30, 140, 60)))
    (small, *_), _ = colours(studio, cv2.resize(plain, (160, 160)))
    (large, *_), _ = colours(studio, cv2.resize(plain, (1600, 1600)))
    assert np.abs(small - large).max() < 3


def test_one_pixel_is_a_colour():
    assert dominant(np.array([[128, 128, 128]], np.uint8)) == (50.196, 0, 0, 1)
