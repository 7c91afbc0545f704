import numpy as np
import pytest


def test_half_black_half_white(studio):
    rgb = np.zeros((200, 200, 3), np.uint8)
    rgb[:, 100:] = 255
    found = studio.measure("exposure", rgb)
    assert found["brightness"] == pytest.approx(0.5, abs=0.01)
    assert found["contrast"] == pytest.approx(0.5, abs=0.01)
    assert found["clipped_dark_share"] == pytest.approx(0.5, abs=0.01)
    assert (found["luma_p05"], found["luma_p99"]) == (0.0, 1.0)


def test_white_ground_is_not_clipped_light(studio):
    found = studio.measure("exposure", studio.product())
    assert found["clipped_light_share"] < 0.02
    assert 0.3 < found["product_brightness"] < found["brightness"]


def test_overexposed_product_is_clipped(studio):
    rgb = np.clip(studio.product(ground=(200, 200, 200)).astype(int) * 3, 0, 255).astype(np.uint8)
    rgb[:100] = 200
    rgb[-100:] = 200
    rgb[:, :100] = 200
    rgb[:, -100:] = 200
    assert studio.measure("exposure", rgb)["clipped_light_share"] > 0.4


def test_a_scene_has_no_product_brightness(studio):
    assert studio.measure("exposure", studio.scene())["product_brightness"] is None


def test_brightness_follows_the_light(studio):
    rgb = studio.scene()
    full = studio.measure("exposure", rgb)
    third = studio.measure("exposure", (rgb // 3).astype(np.uint8))
    assert third["brightness"] == pytest.approx(full["brightness"] / 3, abs=0.01)
    assert third["luma_p99"] < 0.35
