import cv2
import numpy as np


def halo(studio, rgb):
    return studio.measure("fringe", rgb)["halo_share"]


def fringed(studio, colour, width=3):
    rgb = studio.product()
    mask = (rgb < 250).any(axis=2).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    around = cv2.dilate(mask, np.ones((2 * width + 1, 2 * width + 1), np.uint8)) - mask
    rgb[around > 0] = colour
    return cv2.GaussianBlur(rgb, (0, 0), 0.6)


def test_a_band_of_the_old_ground_is_seen(studio):
    assert halo(studio, cv2.GaussianBlur(studio.product(), (0, 0), 0.6)) < 0.2
    assert halo(studio, fringed(studio, (60, 150, 60))) > 0.6
    assert halo(studio, fringed(studio, (15, 15, 15))) > 0.6


def test_there_is_no_answer_without_a_plain_ground(studio):
    for rgb in (studio.scene(), np.full((300, 300, 3), 255, np.uint8), np.zeros((1, 1, 3), np.uint8)):
        assert halo(studio, rgb) is None
