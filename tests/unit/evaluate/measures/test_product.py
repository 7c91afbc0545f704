import cv2
import numpy as np
import pytest


def product(studio, rgb, alpha=None):
    return studio.measure("product", rgb, alpha)


def test_box_fill_area_and_centring(studio):
    found = product(studio, studio.product(box=(300, 180, 900, 720)))
    assert found["product_box"] == pytest.approx((0.25, 0.2, 0.5, 0.6), abs=0.01)
    assert found["product_fill_share"] == pytest.approx(0.6, abs=0.01)
    assert found["product_area_share"] == pytest.approx(0.3, abs=0.01)
    assert found["product_centering"] == pytest.approx(1, abs=0.01)
    assert found["cut_off_edges"] == ()
    assert found["product_confidence"] > 0.9


@pytest.mark.parametrize("ground", [(245, 245, 245), (230, 225, 215), (30, 30, 30), (200, 220, 200)])
def test_any_plain_ground_will_do(studio, ground):
    found = product(studio, studio.jpeg(studio.product(ground=ground), 85))
    assert found["product_box"] == pytest.approx((0.25, 0.222, 0.5, 0.556), abs=0.02)


def test_off_centre(studio):
    found = product(studio, studio.product(box=(20, 200, 620, 700)))
    assert found["product_centering"] == pytest.approx(1 - 2 * (0.5 - 320 / 1200), abs=0.02)


@pytest.mark.parametrize(
    ("box", "edges"),
    [
        ((0, 200, 600, 700), ("left",)),
        ((300, 200, 1200, 700), ("right",)),
        ((300, 0, 900, 900), ("top", "bottom")),
    ],
)
def test_edges_that_cut_the_product_off(studio, box, edges):
    assert product(studio, studio.product(box=box))["cut_off_edges"] == edges


def test_a_round_thing_that_touches_the_edge_is_not_cut_off(studio):
    rgb = np.full((600, 600, 3), 255, np.uint8)
    cv2.circle(rgb, (300, 300), 299, (40, 60, 120), -1, cv2.LINE_AA)
    assert product(studio, rgb)["cut_off_edges"] == ()


def test_a_contact_shadow_is_not_product(studio):
    rgb = studio.product()
    shadow = np.full(rgb.shape[:2], 255, np.uint8)
    cv2.ellipse(shadow, (600, 700), (420, 60), 0, 0, 360, 200, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 25)
    found = product(studio, np.minimum(rgb, shadow[:, :, None]))
    assert found["product_box"] == pytest.approx((0.25, 0.222, 0.5, 0.556), abs=0.04)


def test_a_white_product_is_found_by_its_outline(studio):
    rgb = np.full((800, 800, 3), 255, np.uint8)
    cv2.rectangle(rgb, (200, 150), (600, 650), (244, 244, 244), -1)
    cv2.rectangle(rgb, (200, 150), (600, 650), (150, 150, 150), 4)
    found = product(studio, rgb)
    assert found["product_box"] == pytest.approx((0.25, 0.1875, 0.5, 0.625), abs=0.02)
    assert found["product_area_share"] == pytest.approx(0.3125, abs=0.02)


def test_alpha_is_taken_at_its_word(studio):
    alpha = np.zeros((400, 400), np.uint8)
    cv2.circle(alpha, (200, 200), 100, 255, -1)
    found = product(studio, np.full((400, 400, 3), 255, np.uint8), alpha)
    assert found["product_box"] == pytest.approx((0.25, 0.25, 0.5, 0.5), abs=0.01)
    assert found["product_confidence"] == 1


def test_a_scene_gives_no_confidence(studio):
    assert product(studio, studio.scene())["product_confidence"] < 0.2


def test_nothing_there(studio):
    found = product(studio, np.full((300, 300, 3), 255, np.uint8))
    assert found["product_box"] is None
    assert found["cut_off_edges"] is None
    assert found["product_confidence"] == 0
