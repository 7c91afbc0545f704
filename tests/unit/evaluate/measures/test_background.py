import cv2
import numpy as np
import pytest


def background(studio, rgb, alpha=None):
    return studio.measure("background", rgb, alpha)


@pytest.mark.parametrize("quality", [None, 90, 75])
def test_white_is_white_whatever_the_compression(studio, quality):
    rgb = studio.product() if quality is None else studio.jpeg(studio.product(), quality)
    found = background(studio, rgb)
    assert found["background_white_share"] > 0.99
    assert found["background_uniformity"] > 0.99
    assert found["background_rgb"] == (255, 255, 255)


@pytest.mark.parametrize("level", [225, 240, 245, 247])
def test_off_white_is_not_white(studio, level):
    found = background(studio, studio.jpeg(studio.product(ground=(level, level, level)), 85))
    assert found["background_white_share"] < 0.01
    assert found["background_rgb"] == (level, level, level)
    assert found["background_uniformity"] > 0.95


def test_a_soft_shadow_leaves_the_ground_white(studio):
    rgb = studio.product()
    shadow = np.full(rgb.shape[:2], 255, np.uint8)
    cv2.ellipse(shadow, (600, 705), (330, 40), 0, 0, 360, 190, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 18)
    assert background(studio, np.minimum(rgb, shadow[:, :, None]))["background_white_share"] > 0.95


def test_a_falling_off_ground_is_less_white_and_less_even(studio):
    rgb = studio.product()
    fall = np.linspace(1, 0.8, rgb.shape[0])[:, None, None]
    found = background(studio, (rgb * fall).astype(np.uint8))
    assert found["background_white_share"] < 0.4
    assert found["background_uniformity"] < 0.8


def test_the_ground_is_found_beside_a_product_that_touches_two_edges(studio):
    found = background(studio, studio.product(box=(300, 0, 900, 900)))
    assert found["background_white_share"] > 0.99


def test_a_scene_is_restless(studio):
    found = background(studio, studio.scene())
    assert found["background_uniformity"] < 0.4
    assert found["background_white_share"] < 0.05


def test_transparency_shows_as_white(studio):
    alpha = np.zeros((900, 1200), np.uint8)
    alpha[200:700, 300:900] = 255
    assert background(studio, studio.product(), alpha)["background_white_share"] == 1
