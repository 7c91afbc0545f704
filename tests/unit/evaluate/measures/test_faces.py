import pytest

from packshot.evaluate.faces import Face, found_faces
from packshot.evaluate.measures.faces import Faces


@pytest.fixture
def told(studio):
    def measure(*found):
        picture = studio.picture(studio.product())
        picture._shared[found_faces] = found
        return dict(Faces().measure(picture))

    return measure


def test_only_clear_boxes_count_and_all_are_given_one_after_the_other(told):
    faces = (Face(0.1, 0.2, 0.2, 0.2, 0.9), Face(0.5, 0.2, 0.3, 0.4, 0.7), Face(0.0, 0.0, 0.9, 0.9, 0.69))
    assert told(*faces) == {
        "face_count": 2,
        "face_boxes": (0.1, 0.2, 0.2, 0.2, 0.5, 0.2, 0.3, 0.4),
        "face_confidence": 0.9,
        "largest_face_share": pytest.approx(0.12),
    }


def test_no_box_is_no_face(told):
    assert told() == {"face_count": 0, "face_boxes": (), "face_confidence": 0.0, "largest_face_share": 0.0}
