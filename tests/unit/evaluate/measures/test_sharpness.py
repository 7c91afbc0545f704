import cv2
import numpy as np
import pytest


def sharpness(studio, rgb):
    return studio.measure("sharpness", rgb)["sharpness"]


def test_falls_steadily_with_blur(studio):
    rgb = studio.product()
    scores = [sharpness(studio, rgb)] + [sharpness(studio, studio.blurred(rgb, s)) for s in (1, 1.5, 2, 3)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.8
    assert scores[3] < 0.4
    assert scores[4] < 0.2


def test_motion_blur_is_seen_though_the_edges_along_its_path_stay_crisp(studio):
    kernel = np.full((1, 15), 1 / 15, np.float32)
    rgb = studio.product()
    assert sharpness(studio, cv2.filter2D(rgb, -1, kernel)) < 0.35
    assert sharpness(studio, cv2.filter2D(rgb, -1, kernel.T)) < 0.35


def test_neither_contrast_nor_brightness_matters(studio):
    rgb = studio.product()
    faint = (rgb * 0.45 + 100).astype(np.uint8)
    dark = (rgb * 0.35).astype(np.uint8)
    assert sharpness(studio, faint) == pytest.approx(sharpness(studio, rgb), abs=0.1)
    assert sharpness(studio, dark) == pytest.approx(sharpness(studio, rgb), abs=0.1)


def test_noise_does_not_hide_blur(studio):
    soft = studio.blurred(studio.product(), 3)
    assert sharpness(studio, studio.noisy(soft, 8)) < 0.4


def test_a_smooth_product_is_judged_by_its_outline(studio):
    rgb = np.full((900, 900, 3), 255, np.uint8)
    cv2.circle(rgb, (450, 450), 300, (70, 90, 160), -1, cv2.LINE_AA)
    assert sharpness(studio, rgb) > 0.8
    assert sharpness(studio, studio.blurred(rgb, 3)) < 0.3


def test_orientation_hardly_matters(studio):
    scores = [sharpness(studio, turned) for turned in studio.orientations(studio.product())]
    assert max(scores) - min(scores) <= 0.02


@pytest.mark.parametrize("level", [0, 128, 255])
def test_no_edges_no_answer(studio, level):
    assert sharpness(studio, np.full((400, 600, 3), level, np.uint8)) is None
