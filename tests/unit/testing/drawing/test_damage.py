import cv2
import numpy as np
import pytest

from packshot.testing.drawing import damage, draw_product, on_white


@pytest.fixture(scope="module")
def picture():
    return on_white(*draw_product("box", 2, 300, colour="red"), 0.88, (320, 320))


def edges(rgb):
    return float(cv2.Laplacian(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var())


@pytest.mark.parametrize("spoil", [damage.out_of_focus, damage.enlarged])
def test_detail_goes_and_the_size_stays(picture, spoil):
    spoilt = spoil(picture)
    assert spoilt.shape == picture.shape
    assert edges(spoilt) < edges(picture) * 0.4


def test_darker_and_lighter(picture):
    dark, light = damage.underexposed(picture), damage.overexposed(picture)
    assert dark.mean() < picture.mean() * 0.65 < picture.mean() < light.mean()
    assert np.array_equal(dark, damage.underexposed(picture))


def test_a_border_lies_on_the_edge_alone(picture):
    framed = damage.bordered(picture, (200, 30, 40), 0.05)
    assert (framed[:16] == (200, 30, 40)).all()
    assert (framed[:, -16:] == (200, 30, 40)).all()
    assert np.array_equal(framed[16:-16, 16:-16], picture[16:-16, 16:-16])


def test_grayscale_has_three_equal_channels(picture):
    grey = damage.grayscale(picture)
    assert grey.shape == picture.shape
    assert np.ptp(grey, axis=2).max() == 0
    assert np.ptp(picture, axis=2).max() > 60


def test_resized_is_as_many_times_as_large(picture):
    assert damage.resized(picture, 0.5).shape == (160, 160, 3)
    assert damage.resized(picture, 2).shape == (640, 640, 3)


def test_a_placeholder_is_grey_and_says_something():
    tile = damage.placeholder((200, 160))
    assert tile.shape == (160, 200, 3)
    assert np.ptp(tile, axis=2).max() == 0
    assert not np.array_equal(tile, damage.placeholder((200, 160), "Coming soon"))
