import numpy as np
import pytest

from packshot.evaluate import faces
from packshot.media.header import Header
from packshot.media.picture import Picture
from packshot.models import desk
from packshot.models.lanes import Answer


class Painted:
    """Answers with peaks: row, column, score, height and width in pixels of what it is shown."""

    def __init__(self, *peaks):
        self.peaks, self.shown = peaks, []

    def ask(self, model, inputs):
        assert model == "centerface"
        self.shown.append(inputs)
        rows, columns = (side // faces.CELL for side in inputs.shape[2:])
        heat = np.zeros((1, 1, rows, columns), np.float32)
        scale, offset = np.zeros((2, 1, 2, rows, columns), np.float32)
        for row, column, score, height, width in self.peaks:
            heat[0, 0, row, column] = score
            scale[0, :, row, column] = np.log([height / faces.CELL, width / faces.CELL])
        return Answer((heat, scale, offset, np.zeros((1, 10, rows, columns), np.float32)), 1)


@pytest.fixture
def painted():
    def use(*peaks):
        one = Painted(*peaks)
        desk.use(one)
        return one

    yield use
    desk.use(None)


def of_size(height, width):
    return Picture(Header("png", 1000, width, height), np.full((height, width, 3), 90, np.uint8))


def test_a_peak_becomes_a_box_in_shares_of_the_picture(painted):
    painted((24, 48, 0.9, 40, 20))
    (face,) = faces.found_faces(of_size(384, 384))
    assert face.score == pytest.approx(0.9)
    assert face[:4] == pytest.approx((184 / 384, 78 / 384, 20 / 384, 40 / 384))


def test_boxes_stay_within_the_picture_and_leave_out_what_fills_it_up(painted):
    painted((0, 0, 0.9, 60, 60), (71, 95, 0.8, 60, 60))
    near, far = faces.found_faces(of_size(540, 720))
    assert near[:2] == (0, 0)
    assert far.x + far.w == pytest.approx(1)
    assert far.y + far.h == pytest.approx(1)


def test_a_second_box_of_one_face_is_left_out_and_a_neighbour_kept(painted):
    painted((30, 30, 0.8, 40, 40), (31, 30, 0.95, 40, 40), (30, 60, 0.7, 40, 40))
    assert [round(face.score, 2) for face in faces.found_faces(of_size(384, 384))] == [0.95, 0.7]


def test_faint_peaks_are_no_boxes(painted):
    painted((30, 30, 0.29, 40, 40))
    assert faces.found_faces(of_size(384, 384)) == ()


def test_the_model_sees_sides_of_whole_steps_and_levels_as_they_are(painted):
    one = painted()
    faces.found_faces(of_size(300, 1000))
    (shown,) = one.shown
    assert shown.shape == (1, 3, 128, 384)
    assert shown[0, 0, 0, 0] == 90
    assert shown[0, 0, -1, 0] == faces.GROUND


def test_a_sliver_has_no_faces_and_asks_no_model(painted):
    one = painted()
    assert faces.found_faces(of_size(1, 9000)) == ()
    assert one.shown == []
