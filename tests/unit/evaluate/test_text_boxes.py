import cv2
import numpy as np
import pytest

from packshot.evaluate.text_boxes import MOST_BOXES, text_boxes
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer


class Darkness:
    """Stands in for the detector: what is dark is text."""

    def __init__(self):
        self.shapes = []

    def ask(self, _model, inputs):
        self.shapes.append(inputs.shape)
        return Answer((np.where(inputs.mean(axis=1, keepdims=True) < 0, 0.9, 0.05).astype(np.float32),), 0)


@pytest.fixture
def detector():
    stand_in = Darkness()
    desk.use(stand_in)
    yield stand_in
    desk.use(None)


def picture(width=640, height=480, marks=()):
    rgb = np.full((height, width, 3), 255, np.uint8)
    for centre, size, angle in marks:
        cv2.fillPoly(rgb, [np.round(cv2.boxPoints((centre, size, angle))).astype(np.int32)], (0, 0, 0))
    return Picture(Header("png", 100, width, height), rgb)


@pytest.mark.usefixtures("detector")
def test_a_level_mark_gets_a_level_box_grown_on_all_sides():
    (box,) = text_boxes(picture(marks=[((320, 240), (200, 20), 0)]))
    by = 1.6 * 201 * 21 / (2 * (201 + 21))
    assert box.length == pytest.approx(201 + 2 * by, abs=3)
    assert box.height == pytest.approx(21 + 2 * by, abs=3)
    assert box.tilt == pytest.approx(0, abs=0.5)
    assert not box.standing
    assert box.score == pytest.approx(0.9, abs=0.1)
    assert box.corners[0].tolist() == pytest.approx([320 - box.length / 2, 240 - box.height / 2], abs=2)


@pytest.mark.usefixtures("detector")
def test_a_turned_mark_keeps_its_angle_and_its_corners_in_reading_order():
    (box,) = text_boxes(picture(marks=[((320, 240), (200, 20), 20)]))
    assert box.tilt == pytest.approx(20, abs=1.5)
    upper_left, upper_right, lower_right, lower_left = box.corners
    assert upper_left[0] < upper_right[0]
    assert upper_left[1] < lower_left[1]
    assert upper_right[1] < lower_right[1]
    x, y, w, h = box.upright(640, 480)
    assert 0 < x < x + w < 1
    assert 0 < y < y + h < 1


@pytest.mark.usefixtures("detector")
def test_an_upright_mark_stands_and_is_read_along_its_long_side():
    (box,) = text_boxes(picture(marks=[((320, 240), (20, 200), 0)]))
    assert box.standing
    assert box.length > 4 * box.height


def test_boxes_are_in_native_pixels_and_from_top_to_bottom(detector):
    marks = [((1000, 900), (400, 40), 0), ((1000, 300), (400, 40), 0)]
    upper, lower = text_boxes(picture(2000, 1200, marks))
    assert upper.corners.mean(axis=0).tolist() == pytest.approx([1000, 300], abs=4)
    assert lower.corners.mean(axis=0).tolist() == pytest.approx([1000, 900], abs=4)
    assert detector.shapes == [(1, 3, 416, 704)]


def test_small_pictures_are_enlarged_but_no_more_than_twice(detector):
    (small,) = text_boxes(picture(348, 348, [((174, 174), (200, 20), 0)]))
    (tiny,) = text_boxes(picture(128, 96, [((64, 48), (80, 12), 0)]))
    assert detector.shapes == [(1, 3, 544, 544), (1, 3, 192, 256)]
    assert small.corners.mean(axis=0).tolist() == pytest.approx([174, 174], abs=2)
    assert tiny.corners.mean(axis=0).tolist() == pytest.approx([64, 48], abs=2)


@pytest.mark.usefixtures("detector")
def test_specks_are_no_lines_and_no_more_than_the_most_are_kept():
    assert text_boxes(picture(marks=[((100, 100), (1, 1), 0)])) == []
    many = [((20 + 40 * (n % 15), 20 + 30 * (n // 15)), (24, 6), 0) for n in range(100)]
    assert len(text_boxes(picture(marks=many))) == MOST_BOXES


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 20000), (20000, 1), (31, 20)])
def test_what_can_hold_no_line_is_not_shown_to_the_detector(detector, width, height):
    assert text_boxes(picture(width, height)) == []
    assert detector.shapes == []
