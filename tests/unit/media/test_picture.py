from __future__ import annotations

import numpy as np

from packshot.media.header import Header
from packshot.media.picture import Picture


def picture(width, height, alpha=None):
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Picture(Header("png", 1, width, height), rgb, alpha)


def test_rungs_halve_down_to_a_long_side_of_at_least_64():
    sizes = [rung.shape[1] for rung in picture(1023, 511).ladder()]
    assert sizes == [1023, 511, 255, 127]
    assert picture(1023, 511).rung(256).shape == (255, 511, 3)
    assert picture(50, 40).rung(256).shape == (40, 50, 3)


def test_odd_sides_do_not_shift_the_mean():
    large = picture(1023, 767)
    means = [rung.reshape(-1, 3).mean(axis=0) for rung in large.ladder()]
    assert all(np.abs(mean - means[0]).max() < 1.0 for mean in means)


def test_alpha_has_the_size_of_its_rung():
    alpha = np.zeros((301, 405), np.uint8)
    alpha[:, 200:] = 255
    both = picture(405, 301, alpha)
    for side in (64, 100, 405):
        assert both.alpha_rung(side).shape == both.rung(side).shape[:2]
    assert picture(405, 301).alpha_rung(64) is None


def test_views_are_made_once():
    one = picture(400, 300)
    assert one.luma_rung(100) is one.luma_rung(100)
    assert one.ladder() is one.ladder()
    assert one.native_luma(10, 20, 30, 40).shape == (40, 30)
