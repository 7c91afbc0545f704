import cv2
import numpy as np

from packshot.evaluate.lab import lab_to_rgb, rgb_to_lab


def test_the_numbers_are_opencvs():
    rgb = np.random.default_rng(7).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    difference = rgb_to_lab(rgb).astype(int) - cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).astype(int)
    assert np.abs(difference).max() <= 2
    assert np.abs(difference).mean() < 0.15


def test_greys_are_neutral():
    grey = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(16, 16, 3)
    lab = rgb_to_lab(grey)
    assert np.abs(lab[:, :, 1:].astype(int) - 128).max() <= 1
    assert tuple(rgb_to_lab(np.full((1, 1, 3), 255, np.uint8))[0, 0]) == (255, 128, 128)


def test_back_again_is_near():
    for rgb in ((255, 255, 255), (0, 0, 0), (200, 180, 40), (12, 90, 200), (128, 128, 128)):
        lab = rgb_to_lab(np.array([[rgb]], np.uint8))[0, 0]
        assert np.abs(np.subtract(lab_to_rgb(tuple(int(v) for v in lab)), rgb)).max() <= 4
