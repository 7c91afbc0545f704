import numpy as np
import pytest

from packshot.evaluate.faces import Face, found_faces
from packshot.evaluate.features import Features, image_features
from packshot.evaluate.measures.persons import HEAD, Persons, clear_face, directions
from packshot.models.own import arrays_of


def measured(studio, features, *faces):
    picture = studio.picture(studio.product())
    picture._shared |= {image_features: Features(features, np.zeros(1000, np.float32)), found_faces: faces}
    return Persons().measure(picture)


@pytest.fixture(scope="module")
def towards():
    weights = arrays_of(HEAD)["weights"]
    return np.maximum(weights, 0) ** 2, np.maximum(-weights, 0) ** 2


def test_features_that_speak_for_a_person_make_one_without_any_face(studio, towards):
    found = measured(studio, towards[0])
    assert found["person_probability"] > 0.9
    assert found["person_count"] == 1


def test_features_that_speak_against_it_make_none(studio, towards):
    found = measured(studio, towards[1])
    assert found["person_probability"] < 0.1
    assert found["person_count"] == 0


def test_persons_with_faces_are_counted_by_them(studio, towards):
    clear, faint = Face(0.1, 0.1, 0.2, 0.2, 0.95), Face(0.6, 0.1, 0.2, 0.2, 0.5)
    assert measured(studio, towards[0], clear, clear, faint)["person_count"] == 2


def test_a_clear_face_makes_a_person_likelier(studio, towards):
    middle = towards[0] + towards[1]
    face = Face(0.1, 0.1, 0.2, 0.2, 0.95)
    assert measured(studio, middle, face)["person_probability"] > measured(studio, middle)["person_probability"]


def test_features_of_nothing_are_a_direction_too():
    assert np.isfinite(directions(np.zeros((2, 1280), np.float32))).all()
    assert clear_face(0.5) == 0
    assert clear_face(0.75) == pytest.approx(0.5)
