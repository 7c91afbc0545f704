import cv2
import numpy as np
import pytest


def border(studio, rgb):
    return studio.measure("border", rgb)["border_px"]


def framed(rgb, width, colour):
    return cv2.copyMakeBorder(rgb, width, width, width, width, cv2.BORDER_CONSTANT, value=colour)


@pytest.mark.parametrize("width", [1, 3, 12, 50])
@pytest.mark.parametrize("colour", [(0, 0, 0), (200, 30, 30), (190, 190, 190)])
def test_frame_around_a_white_ground(studio, width, colour):
    assert border(studio, framed(studio.product(), width, colour)) == width


def test_frame_around_a_scene_after_jpeg(studio):
    assert border(studio, studio.jpeg(framed(studio.scene(), 16, (0, 0, 0)), 80)) == pytest.approx(16, abs=2)


def test_letterbox_bars(studio):
    bars = cv2.copyMakeBorder(studio.product(), 150, 150, 0, 0, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    assert border(studio, bars) == 150
    assert border(studio, bars.transpose(1, 0, 2)) == 150


def test_what_is_no_border(studio):
    banner = studio.product()
    banner[-60:] = (200, 0, 0)
    for rgb in (
        studio.product(),
        studio.product(ground=(225, 225, 225)),
        studio.product(ground=(20, 20, 20)),
        framed(studio.scene(), 30, (255, 255, 255)),
        studio.scene(),
        banner,
        np.zeros((300, 300, 3), np.uint8),
        np.full((300, 300, 3), 128, np.uint8),
    ):
        assert border(studio, rgb) == 0
