import numpy as np
import pytest

from packshot.evaluate.faces import Face, found_faces
from packshot.evaluate.features import Features, image_features
from packshot.evaluate.measures.shot_type import ShotType
from packshot.evaluate.measures.view import View
from packshot.evaluate.shots import TYPE_HEAD, TYPES, VIEW_HEAD, VIEWS, plainness
from packshot.models.own import arrays_of


def seen(studio, features, *faces, rgb=None):
    picture = studio.picture(studio.product() if rgb is None else rgb)
    picture._shared |= {
        image_features: Features(np.asarray(features, np.float32), np.zeros(1000, np.float32)),
        found_faces: faces,
    }
    return picture


def towards(head, name, names):
    weights = arrays_of(head)["weights"][:, :1280]
    return np.maximum(weights[names.index(name)] - weights.mean(axis=0), 0) ** 2


@pytest.mark.parametrize("name", TYPES)
def test_features_that_speak_for_a_kind_get_it(studio, name):
    found = ShotType().measure(seen(studio, towards(TYPE_HEAD, name, TYPES)))
    assert found["shot_type"] == name
    assert found["shot_type_confidence"] > 0.5


@pytest.mark.parametrize("name", [one for one in VIEWS if one])
def test_features_that_speak_for_a_view_get_it(studio, name):
    found = View().measure(seen(studio, towards(VIEW_HEAD, name, VIEWS)))
    assert found["view"] == name
    assert 0.5 < found["view_confidence"] <= 1


def test_where_no_view_has_a_meaning_none_is_told(studio):
    found = View().measure(seen(studio, towards(VIEW_HEAD, "", VIEWS)))
    assert found["view"] is None
    assert found["view_confidence"] > 0.5


def test_what_is_not_sure_is_not_told(studio):
    weights = arrays_of(TYPE_HEAD)["weights"][:, :1280]
    found = ShotType().measure(seen(studio, np.abs(weights).mean(axis=0)))
    assert (found["shot_type"] is None) == (found["shot_type_confidence"] < 0.5)


def test_faces_are_looked_for_only_where_something_is_worn(studio):
    looked = []

    def watching(picture):
        looked.append(picture)
        return (Face(0.4, 0.1, 0.2, 0.2, 0.9),)

    worn, alone = towards(TYPE_HEAD, "on_model", TYPES), towards(TYPE_HEAD, "size_chart", TYPES)
    for features, count in ((alone, 0), (worn, 1)):
        picture = seen(studio, features)
        del picture._shared[found_faces]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("packshot.evaluate.shots.found_faces", watching)
            View().measure(picture)
        assert len(looked) == count


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (60, 80)])
def test_pictures_of_any_shape_have_a_rim(studio, shape):
    white = studio.picture(np.full((*shape, 3), 255, np.uint8))
    assert plainness(white) == (1.0, 1.0, 1.0)


def test_a_grey_ground_is_plain_and_not_white(studio):
    rgb = np.full((200, 200, 3), 243, np.uint8)
    rgb[60:140, 60:140] = (200, 20, 40)
    assert plainness(studio.picture(rgb)) == (0.0, 0.0, 1.0)
