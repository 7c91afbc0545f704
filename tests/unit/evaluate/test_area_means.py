import cv2
import numpy as np
import pytest

from packshot.evaluate.area_means import area_means
from packshot.media.header import Header
from packshot.media.picture import Picture


@pytest.mark.parametrize("shape", [(120, 160), (77, 131), (120, 160, 3)])
def test_means_are_those_of_an_area_resize(shape):
    rung = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    expected = cv2.resize(rung.astype(np.float32), (16, 12), interpolation=cv2.INTER_AREA)
    assert np.allclose(area_means(rung, (12, 16), shape[:2]), expected, atol=1e-2)


@pytest.mark.parametrize("size", [(1023, 1533), (1580, 1273), (700, 900)])
def test_a_rung_gives_the_means_of_the_native_picture(size):
    random = np.random.default_rng(1)
    rgb = cv2.resize(random.integers(0, 256, (9, 9, 3), dtype=np.uint8), size[::-1], interpolation=cv2.INTER_LINEAR)
    picture = Picture(Header("png", 1, size[1], size[0]), rgb)
    found = area_means(picture.rung(128), (16, 16), size)
    assert np.abs(found - area_means(rgb, (16, 16), size)).max() < 1.5


@pytest.mark.parametrize("native", [(1, 1), (1, 900), (23, 5), (3, 4000)])
def test_more_cells_than_pixels(native):
    picture = Picture(Header("png", 1, native[1], native[0]), np.full((*native, 3), 90, np.uint8))
    assert np.allclose(area_means(picture.rung(128), (64, 64), native), 90)
