import numpy as np
import pytest


@pytest.mark.parametrize("sigma", [2, 5, 12])
def test_finds_the_noise_that_was_added(studio, sigma):
    grey = np.full((700, 900, 3), 128, np.uint8)
    luma = np.clip(grey[:, :, :1] + np.random.default_rng(0).normal(0, sigma, (700, 900, 1)), 0, 255)
    found = studio.measure("noise", np.repeat(luma, 3, axis=2).astype(np.uint8))["noise_sigma"]
    assert found == pytest.approx(sigma, rel=0.1)


def test_edges_and_ramps_are_no_noise(studio):
    ramp = np.linspace(40, 200, 900)[None, :, None].repeat(700, axis=0).repeat(3, axis=2).astype(np.uint8)
    ramp[300:, 400:] = 90
    assert studio.measure("noise", ramp)["noise_sigma"] < 0.6


def test_a_white_ground_hides_no_noise_of_the_product(studio):
    assert studio.measure("noise", studio.noisy(studio.product(), 10))["noise_sigma"] > 4


@pytest.mark.parametrize("level", [0, 255])
def test_clipped_pictures_have_no_answer(studio, level):
    assert studio.measure("noise", np.full((600, 600, 3), level, np.uint8)) == {"noise_sigma": None}
