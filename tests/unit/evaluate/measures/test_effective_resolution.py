import cv2
import numpy as np
import pytest


def share(studio, rgb):
    return studio.measure("effective_resolution", rgb)["effective_resolution_share"]


def enlarged(rgb, factor, how):
    return cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=how)


def test_a_native_picture_is_whole(studio):
    assert share(studio, studio.product()) > 0.9
    assert share(studio, studio.jpeg(studio.product(), 80)) > 0.9


@pytest.mark.parametrize("how", [cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4])
@pytest.mark.parametrize(("factor", "at_most"), [(2, 0.75), (3, 0.65), (4, 0.5)])
def test_enlarging_is_seen(studio, how, factor, at_most):
    small = studio.product(size=(450, 600), box=(100, 100, 500, 400))
    assert share(studio, enlarged(small, factor, how)) < at_most
    assert share(studio, studio.jpeg(enlarged(small, factor, how), 85)) < at_most + 0.05


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_repeated_pixels_are_counted(studio, factor):
    small = studio.product(size=(450, 600), box=(100, 100, 500, 400))
    assert share(studio, enlarged(small, factor, cv2.INTER_NEAREST)) == pytest.approx(1 / factor)


def test_a_lone_edge_is_no_repetition(studio):
    rgb = np.full((600, 600, 3), 255, np.uint8)
    rgb[150:450, 150:450] = (30, 60, 90)
    assert share(studio, rgb) != pytest.approx(1 / 8)


def test_no_texture_no_answer(studio):
    assert share(studio, np.full((500, 500, 3), 200, np.uint8)) is None
    assert share(studio, studio.scene((60, 300))) is None
