import cv2
import numpy as np
import pytest

from packshot.match.copy_colours import fitted
from packshot.match.copy_overlap import overlap

WHITE, GREEN, NAVY, RED = (255, 255, 255), (60, 160, 110), (30, 35, 90), (210, 20, 30)
CELLS = np.full((1, 2), 16.0)
AS_IT_IS = np.array([[[1.0, 0], [0, 1], [0, 0]]])


def shirt(front):
    """A thumbnail of a shirt with navy sleeves, collar and hem on white."""
    rgb = np.full((16, 16, 3), 255, np.uint8)
    rgb[3:13, 2:14] = NAVY
    rgb[5:11, 5:11] = front
    return rgb


def badge(rgb):
    covered = rgb.copy()
    covered[8:14, 8:14] = RED
    return covered


def laid(one, two):
    none = np.zeros((1, 3, 3))
    unchanged = fitted(none, none, np.ones((1, 3), bool))
    thumbnails = [cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).reshape(1, -1) for rgb in (one, two)]
    return overlap(*thumbnails, AS_IT_IS, (CELLS, CELLS), unchanged)


def test_the_same_picture_is_alike_all_over():
    found = laid(shirt(GREEN), shirt(GREEN))
    assert found.alike[0] > 0.9  # cells are looked at between their middles: hard edges are a little soft
    assert found.tinted[0] < 0.1


def test_goods_of_another_colour_are_outlined_in_both_and_a_badge_is_not():
    assert laid(shirt(GREEN), shirt(WHITE)).edged[0] > 0.6
    assert laid(shirt(WHITE), shirt(GREEN)).edged[0] > 0.6
    assert laid(shirt(GREEN), badge(shirt(GREEN))).edged[0] < 0.4
    assert laid(badge(shirt(NAVY)), shirt(NAVY)).edged[0] < 0.4


def test_a_patch_of_a_colour_beside_is_tinted():
    plain = np.full((16, 16, 3), GREEN, np.uint8)
    beside = plain.copy()
    beside[4:12, 4:12] = (70, 168, 108)
    found = laid(plain, beside)
    assert found.alike == 1
    assert found.tinted[0] == pytest.approx(64 / 256, abs=0.05)
