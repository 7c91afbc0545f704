import cv2
import numpy as np
import pytest

from packshot.evaluate.segmentation import between, ring, segment
from packshot.media.header import Header
from packshot.media.picture import Picture


def masks(rgb, alpha=None):
    return segment(Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), np.ascontiguousarray(rgb), alpha))


def disc(ground, colour, radius=150):
    rgb = np.empty((500, 500, 3), np.uint8)
    rgb[:] = ground
    cv2.circle(rgb, (250, 250), radius, colour, -1, cv2.LINE_AA)
    return rgb


def test_every_pixel_is_product_ground_or_shading_once():
    found = masks(disc((240, 240, 235), (60, 20, 90)))
    total = found.product.astype(int) + found.background + found.shadow
    assert (total == 255).mean() > 0.999
    assert found.box == pytest.approx((50, 50, 150, 150), abs=2)


@pytest.mark.parametrize(
    ("ground", "colour"), [((255,) * 3, (30, 80, 40)), ((40, 40, 44), (200, 200, 60)), ((250, 240, 230), (90,) * 3)]
)
def test_confident_before_a_plain_ground(ground, colour):
    found = masks(disc(ground, colour))
    assert found.confident
    assert np.abs(np.array(found.colour) - ground).max() <= 3


def test_what_the_product_encloses_is_product():
    rgb = disc((255, 255, 255), (20, 60, 120))
    cv2.circle(rgb, (250, 250), 100, (255, 255, 255), -1)
    assert cv2.countNonZero(masks(rgb).product) == pytest.approx(np.pi * 75**2, rel=0.05)


def test_specks_are_dropped_and_parts_are_kept():
    rgb = np.full((500, 500, 3), 255, np.uint8)
    cv2.circle(rgb, (150, 250), 70, (30, 30, 120), -1)
    cv2.circle(rgb, (350, 250), 70, (30, 30, 120), -1)
    rgb[20:24, 20:24] = 0
    x, y, w, _ = masks(rgb).box
    assert (x, x + w) == pytest.approx((40, 210), abs=2)
    assert y > 80


def test_a_vignette_is_shading_and_not_product():
    rgb = disc((255, 255, 255), (30, 30, 120), radius=110).astype(np.float32)
    rows, columns = np.indices((500, 500)) - 250
    fall = 1 - 0.25 * (np.hypot(rows, columns) / 354) ** 2
    found = masks((rgb * fall[:, :, None]).astype(np.uint8))
    assert found.box == pytest.approx((70, 70, 110, 110), abs=7)


def test_doubt_where_the_ground_is_restless_or_like_the_product():
    random = np.random.default_rng(0)
    assert masks(random.integers(0, 256, (400, 400, 3), dtype=np.uint8)).confidence < 0.1
    assert not masks(disc((200, 200, 200), (204, 204, 204))).confident
    tiles = np.kron(np.indices((20, 20)).sum(axis=0)[:, :, None] % 2 * 160, np.ones((20, 20, 1))) + np.array(
        [40, 40, 60]
    )
    assert not masks(tiles.astype(np.uint8)).confident


def test_alpha_that_is_not_used_is_ignored():
    rgb = disc((255, 255, 255), (20, 60, 120))
    opaque = masks(rgb, np.full(rgb.shape[:2], 255, np.uint8))
    assert np.array_equal(opaque.product, masks(rgb).product)
    empty = masks(rgb, np.zeros(rgb.shape[:2], np.uint8))
    assert empty.box == masks(rgb).box


def test_half_transparent_pixels_are_shadow():
    alpha = np.zeros((200, 200), np.uint8)
    alpha[50:150, 50:150] = 255
    alpha[150:170, 50:150] = 60
    found = masks(np.full((200, 200, 3), 255, np.uint8), alpha)
    assert found.box == (50, 50, 100, 100)
    assert cv2.countNonZero(found.shadow) == 2000


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (2, 3), (7, 400)])
def test_any_size(size):
    found = masks(np.full((*size, 3), 90, np.uint8))
    assert found.box is None
    assert found.confidence == 0


def test_ring_and_between():
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    assert len(ring(image, 0.1)) == 36
    assert len(ring(image, 0.9)) == 100
    assert cv2.countNonZero(between(image, 10, 19)) == 10
